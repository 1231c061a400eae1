"""Hikvision ISAPI ANPR push: multipart with `anpr.xml` and JPEGs, or bare XML.

Source: Hikvision ISAPI "EventNotificationAlert" with `eventType` ANPR. Both
namespaces in the field (isapi.org, hikvision.com) are accepted by ignoring the
namespace; unknown and missing optional elements are tolerated, because
firmwares differ.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from edge_agent.clock import to_datetime, to_us
from edge_agent.lpr.domain import MalformedPush, NoPlate, VendorRead, is_jpeg, normalise_plate

VENDOR = "hikvision"

#: The whole scene is better evidence than the plate's cut-out.
_IMAGES = ("detectionPicture.jpg", "vehiclePicture.jpg", "licensePlatePicture.jpg")

#: A number beyond these is a firmware's nonsense; the hub refuses a read that carries one.
MAX_LANE = 255
MAX_SPEED_KMH = 500.0

N = TypeVar("N", int, float)


def parse(xml: bytes, images: Mapping[str, bytes]) -> VendorRead:
    """One push; `images` by file name. Raises MalformedPush, NoPlate."""
    alert = _root(xml)
    kind = _text(alert, "eventType")
    if kind is not None and kind.upper() != "ANPR":
        raise NoPlate(f"a {kind} notification")  # heartbeats and alarms come to the same address
    anpr = alert.find("{*}ANPR")
    if anpr is None:
        raise MalformedPush(f"anpr.xml: no <ANPR> in <{_local(alert.tag)}>")
    captured_us = _captured_us(alert)
    plate = normalise_plate(_text(anpr, "licensePlate") or _text(anpr, "originalLicensePlate") or "")
    vehicle = anpr.find("{*}vehicleInfo")
    return VendorRead(
        vendor=VENDOR,
        event=f"{_text(alert, 'UUID') or plate}@{captured_us}",
        plate=plate,
        captured_us=captured_us,
        confidence=_share(_number(anpr, "confidenceLevel", int, 0, 100)),
        direction=_text(anpr, "direction"),
        lane=_number(anpr, "line", int, 0, MAX_LANE),
        speed_kmh=_number(vehicle, "speed", float, 0, MAX_SPEED_KMH),
        vehicle_type=_text(anpr, "vehicleType"),
        vehicle_color=_text(vehicle, "color"),
        image_jpeg=_best_image(images),
    )


def _root(xml: bytes) -> Element:
    try:
        root: Element = fromstring(xml, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:  # Lookup: of an encoding
        raise MalformedPush(f"anpr.xml: not XML that can be accepted: {error}") from None
    if _local(root.tag) != "EventNotificationAlert":
        raise MalformedPush(f"anpr.xml: root is <{_local(root.tag)}>, not <EventNotificationAlert>")
    return root


def _captured_us(alert: Element) -> int:
    text = _text(alert, "dateTime")
    if not text:
        raise MalformedPush("anpr.xml: no <dateTime>")
    try:
        captured_us = to_us(datetime.fromisoformat(text))
        to_datetime(captured_us)  # an offset can lead out of the calendar
    except (ValueError, OverflowError) as error:
        raise MalformedPush(f"anpr.xml: <dateTime> {text[:40]!r}: {error}") from None
    return captured_us


def _best_image(images: Mapping[str, bytes]) -> bytes | None:
    for name in _IMAGES:
        if name in images:
            if not is_jpeg(images[name]):
                raise MalformedPush(f"{name}: not a JPEG")
            return images[name]
    others = [image for image in images.values() if is_jpeg(image)]
    return max(others, key=len, default=None)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _text(parent: Element | None, name: str) -> str | None:
    """The text of a child element, or None when it is missing or empty."""
    text = parent.findtext(f"{{*}}{name}") if parent is not None else None
    return (text or "").strip()[: 32 if name != "UUID" else 64] or None


def _number(parent: Element | None, name: str, kind: Callable[[str], N], low: N, high: N) -> N | None:
    """An optional number; a firmware's nonsense in an optional field loses the field, not the read."""
    text = _text(parent, name)
    try:
        number = kind(text) if text else None
    except ValueError:
        return None
    return number if number is not None and low <= number <= high else None


def _share(percent: int | None) -> float | None:
    return percent / 100 if percent is not None else None
