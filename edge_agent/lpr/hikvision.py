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

from edge_agent.clock import to_us
from edge_agent.lpr.domain import MalformedPush, VendorRead, is_jpeg, normalise_plate

VENDOR = "hikvision"

#: The whole scene is better evidence than the plate's cut-out.
_IMAGES = ("detectionPicture.jpg", "vehiclePicture.jpg", "licensePlatePicture.jpg")

N = TypeVar("N", int, float)


def parse(xml: bytes, images: Mapping[str, bytes]) -> VendorRead:
    """One push; `images` by file name. Raises MalformedPush, NoPlate."""
    alert = _root(xml)
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
        confidence=_scaled(_number(anpr, "confidenceLevel", int)),
        direction=_text(anpr, "direction"),
        lane=_number(anpr, "line", int),
        speed_kmh=_number(vehicle, "speed", float),
        vehicle_type=_text(anpr, "vehicleType"),
        vehicle_color=_text(vehicle, "color"),
        image_jpeg=_best_image(images),
    )


def _root(xml: bytes) -> Element:
    try:
        root: Element = fromstring(xml, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise MalformedPush(f"anpr.xml: not XML that can be accepted: {error}") from None
    if _local(root.tag) != "EventNotificationAlert":
        raise MalformedPush(f"anpr.xml: root is <{_local(root.tag)}>, not <EventNotificationAlert>")
    return root


def _captured_us(alert: Element) -> int:
    text = _text(alert, "dateTime")
    if not text:
        raise MalformedPush("anpr.xml: no <dateTime>")
    try:
        return to_us(datetime.fromisoformat(text))
    except ValueError as error:
        raise MalformedPush(f"anpr.xml: <dateTime> {text[:40]!r}: {error}") from None


def _best_image(images: Mapping[str, bytes]) -> bytes | None:
    for name in _IMAGES:
        if name in images:
            if not is_jpeg(images[name]):
                raise MalformedPush(f"{name}: not a JPEG")
            return images[name]
    return None


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _text(parent: Element | None, name: str) -> str | None:
    """The text of a child element, or None when it is missing or empty."""
    text = parent.findtext(f"{{*}}{name}") if parent is not None else None
    return (text or "").strip()[: 32 if name != "UUID" else 64] or None


def _number(parent: Element | None, name: str, kind: Callable[[str], N]) -> N | None:
    """An optional number; a firmware's nonsense in an optional field loses the field, not the read."""
    text = _text(parent, name)
    try:
        return kind(text) if text else None
    except ValueError:
        return None


def _scaled(percent: int | None) -> float | None:
    return min(max(percent, 0), 100) / 100 if percent is not None else None
