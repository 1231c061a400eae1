"""The event that a Hikvision number-plate camera sends (ISAPI EventNotificationAlert of type ANPR)."""

# ruff: noqa: S311 - chance makes the pictures and events lifelike; nothing secret depends on it

import random
import uuid
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from PIL import Image

from demo.clock_strip import Picture
from demo.scene import TIME_ZONE, plate_box
from demo.traffic import Passage

NAMESPACE = "http://www.isapi.org/ver20/XMLSchema"
COUNTRY_BRAZIL = "28"
PLATE_MARGIN = 8  # pixels around the plate in its own picture
JPEG_QUALITY = 85


@dataclass(frozen=True)
class Device:
    """What a camera says of itself."""

    name: str
    ip_address: str
    mac_address: str


@dataclass(frozen=True)
class AnprEvent:
    event_id: str
    xml: bytes
    plate_jpeg: bytes
    detection_jpeg: bytes

    def body(self) -> dict[str, Any]:
        """As httpx posts it."""
        return {
            "files": [
                _part("anpr.xml", self.xml, "application/xml"),
                _part("licensePlatePicture.jpg", self.plate_jpeg, "image/jpeg"),
                _part("detectionPicture.jpg", self.detection_jpeg, "image/jpeg"),
            ]
        }


def _part(name: str, content: bytes, kind: str) -> tuple[str, tuple[str, bytes, str]]:
    return name, (name, content, kind)


def make_event(device: Device, passage: Passage, rgb: Picture, captured_utc: float, count: int) -> AnprEvent:
    """The event for the picture in which the vehicle crossed the trigger line."""
    event_id = str(uuid.uuid4())
    detection = Image.fromarray(rgb)
    left, top, right, bottom = plate_box(passage, captured_utc)
    root = _alert(device, captured_utc, count)
    root.append(_anpr(passage, captured_utc, (left, top, right - left, bottom - top)))
    _fill(root, {"UUID": event_id, "picNum": "2", "isDataRetransmission": "false"})
    return AnprEvent(
        event_id=event_id,
        xml=ET.tostring(root, encoding="utf-8", xml_declaration=True),
        plate_jpeg=jpeg(around_plate(detection, passage, captured_utc)),
        detection_jpeg=jpeg(detection),
    )


def _alert(device: Device, captured_utc: float, count: int) -> ET.Element:
    local = datetime.fromtimestamp(captured_utc, UTC).astimezone(TIME_ZONE)
    root = ET.Element("EventNotificationAlert", {"version": "2.0", "xmlns": NAMESPACE})
    _fill(
        root,
        {
            "ipAddress": device.ip_address,
            "portNo": "80",
            "protocol": "HTTP",
            "macAddress": device.mac_address,
            "channelID": "1",
            "dateTime": local.isoformat(timespec="milliseconds"),
            "activePostCount": str(count),
            "eventType": "ANPR",
            "eventState": "active",
            "eventDescription": "ANPR",
            "channelName": device.name,
        },
    )
    return root


def _anpr(passage: Passage, captured_utc: float, plate_rect: tuple[int, int, int, int]) -> ET.Element:
    anpr = ET.Element("ANPR")
    _fill(
        anpr,
        {
            "country": COUNTRY_BRAZIL,
            "licensePlate": passage.vehicle.plate,
            "line": str(passage.lane),
            "direction": passage.direction,
            "confidenceLevel": str(random.randint(88, 99)),
            "plateType": "unknown",
            "plateColor": "white",
            "licenseBright": str(random.randint(120, 200)),
            "vehicleType": passage.vehicle.body,
        },
    )
    _fill(
        ET.SubElement(anpr, "vehicleInfo"),
        {
            "index": "0",
            "vehicleType": "1",
            "colorDepth": "0",
            "color": passage.vehicle.colour,
            "speed": str(passage.speed_kmh),
            "length": "0",
            "vehicleLogoRecog": "0",
        },
    )
    taken = datetime.fromtimestamp(captured_utc, UTC).astimezone(TIME_ZONE).strftime("%Y%m%d%H%M%S%f")[:-3]
    pictures = ET.SubElement(anpr, "pictureInfoList")
    for kind in ("licensePlatePicture", "detectionPicture"):
        picture = ET.SubElement(pictures, "pictureInfo")
        _fill(picture, {"fileName": f"{kind}.jpg", "type": kind, "dataType": "0", "absTime": taken})
    names = ("X", "Y", "width", "height")
    _fill(ET.SubElement(picture, "plateRect"), dict(zip(names, map(str, plate_rect), strict=True)))
    _fill(anpr, {"originalLicensePlate": passage.vehicle.plate})
    return anpr


def _fill(parent: ET.Element, fields: dict[str, str]) -> None:
    for name, text in fields.items():
        ET.SubElement(parent, name).text = text


def around_plate(picture: Image.Image, passage: Passage, captured_utc: float) -> Image.Image:
    left, top, right, bottom = plate_box(passage, captured_utc)
    return picture.crop(
        (left - PLATE_MARGIN, top - PLATE_MARGIN, right + PLATE_MARGIN, bottom + PLATE_MARGIN)
    )


def jpeg(picture: Image.Image) -> bytes:
    encoded = BytesIO()
    picture.save(encoded, "JPEG", quality=JPEG_QUALITY)
    return encoded.getvalue()
