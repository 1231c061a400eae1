"""Hikvision ISAPI ANPR push: multipart with `anpr.xml` and JPEGs, bare XML, or JSON.

Source: Hikvision ISAPI "EventNotificationAlert" with `eventType` ANPR (Intelligent Security
API (ANPR) Developer Guide; Device Network SDK (Traffic) Developer Guide, XML_EventNotificationAlert_ANPR).
Both namespaces in the field (isapi.org, hikvision.com) are accepted by ignoring the
namespace; unknown and missing elements are tolerated, because firmwares differ. Firmwares
that send JSON use the same names; that form is known from public consumers only.
"""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from typing import Any
from xml.etree.ElementTree import (
    Element,
    ParseError,
    TreeBuilder,
    XMLParser,
)

from edge_agent.lpr import fields, jpeg
from edge_agent.lpr.domain import MalformedPush, NoPlate, VendorRead, normalise_plate
from edge_agent.lpr.push import MAX_ELEMENTS, NOT_TEXT, Push, as_text, json_object

VENDOR = "hikvision"

_ROOT = "EventNotificationAlert"
#: The whole scene is better evidence than the plate's cut-out.
_IMAGES = ("detectionPicture.jpg", "vehiclePicture.jpg", "licensePlatePicture.jpg")
_ID_LENGTH = 64
_DECLARATION = re.compile(rb"""\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9-]{1,20})""")


def parse(push: Push) -> list[VendorRead]:
    """One push. Raises MalformedPush, NoPlate."""
    alert = _alert(_text(push))
    kind = fields.text(alert.get("eventType"))
    if kind is not None and kind.upper() != "ANPR":
        raise NoPlate(f"a {kind} notification")  # heartbeats and alarms come to the same address
    anpr = alert.get("ANPR")
    if not isinstance(anpr, dict):
        raise MalformedPush(f"anpr.xml: no ANPR in {_ROOT}")
    plate = normalise_plate(*fields.every(anpr, "licensePlate", "originalLicensePlate"))
    captured = fields.moment(alert.get("dateTime"), push.zone)
    country = fields.text(anpr.get("country"))
    return [
        VendorRead(
            vendor=VENDOR,
            event=_event(push, alert, plate, captured),
            plate=plate,
            captured_us=captured.captured_us,
            clock_text=captured.clock_text,
            confidence=fields.percent(fields.first(anpr, "confidenceLevel", "confidence")),
            direction=fields.text(anpr.get("direction")),
            lane=fields.lane(anpr.get("line")),
            speed_kmh=fields.speed_kmh(fields.first(anpr, "vehicleInfo.speed", "speed")),
            vehicle_type=fields.text(anpr.get("vehicleType")),
            vehicle_color=fields.text(fields.at(anpr, "vehicleInfo.color")),
            country=country if country and country.isalpha() else None,  # some send a number of their own
            image_jpeg=_best_image(push),
        )
    ]


def _event(push: Push, alert: dict[str, Any], plate: str, captured: fields.Moment) -> str:
    own = fields.text(alert.get("UUID"), _ID_LENGTH)
    if own is None and captured.captured_us is None:
        return push.digest
    # Firmwares were seen that give every vehicle of a second, or all of them, one UUID.
    return f"{own or ''}@{captured.captured_us}:{plate}"


def _alert(text: bytes) -> dict[str, Any]:
    if text.lstrip()[:1] == b"{":
        alert = json_object(text)
        inner = alert.get(_ROOT)
        return inner if isinstance(inner, dict) else alert
    if text.count(b"<") > 2 * MAX_ELEMENTS:
        raise MalformedPush(f"anpr.xml: more than {MAX_ELEMENTS} elements")
    try:
        root = _parsed(text)
    except (ParseError, ValueError) as error:
        raise MalformedPush(f"anpr.xml: not XML that can be accepted: {error}") from None
    if _local(root.tag) != _ROOT:
        raise MalformedPush(f"anpr.xml: root is <{_local(root.tag)}>, not <{_ROOT}>")
    return _tree(root, depth=4)


class _NoDoctype(TreeBuilder):
    """Entities are declared in a document type, so an XML without one expands nothing and fetches nothing."""

    def doctype(self, name: str, _public: str | None, _system: str | None) -> None:
        raise ValueError(f"a document type ({name})")


def _parsed(text: bytes) -> Element:
    """By the parser in C: defusedxml forbids the same in Python, at twice the cost of the rest of a push.

    Raises ParseError, ValueError.
    """
    known = as_text(text, _declared(text)).strip(NOT_TEXT)
    if "<!DOCTYPE" in known:  # before the parser has read any of it; what this misses meets _NoDoctype
        raise ValueError("a document type")
    parser = XMLParser(target=_NoDoctype())  # noqa: S314
    parser.feed(known)  # as text: then no declaration counts any more
    root: Element = parser.close()
    return root


def _declared(text: bytes) -> str:
    if text.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16"
    found = _DECLARATION.match(text)
    return found[1].decode("ascii").lower() if found else "utf-8"


def _text(push: Push) -> bytes:
    """The alert among a push's texts.

    Raises MalformedPush for two: the pictures would be of one, and the other must not be lost.
    """
    texts = _texts(push)
    alerts = [text for text in texts if _ROOT.encode() in text]
    if len(alerts) > 1:
        raise MalformedPush(f"{len(alerts)} alerts in one push; this device's are taken one by one")
    return (alerts or texts)[0]


def _texts(push: Push) -> list[bytes]:
    """Firmwares name the text's part differently: by its ending, or what looks like XML or JSON."""
    named = [body for name, body in push.parts.items() if name.lower().endswith((".xml", ".json"))]
    looking = [body for body in push.parts.values() if body.strip(b"\0 \t\r\n")[:1] in (b"<", b"{")]
    return named or looking or [push.body]


def _tree(element: Element, depth: int) -> dict[str, Any]:
    """Children by name without namespace; the first of several counts."""
    found: dict[str, Any] = {}
    for child in element:
        inner = _tree(child, depth - 1) if len(child) and depth else (child.text or "").strip()
        found.setdefault(_local(child.tag), inner)
    return found


def _best_image(push: Push) -> bytes | None:
    return jpeg.best([*map(push.named, _IMAGES), *push.largest_pictures])


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
