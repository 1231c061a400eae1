"""A camera of the demo as the test plays it: pushes a plate of our choice to the box."""

import json
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

import httpx
from PIL import Image, ImageDraw

from demo.system import DemoSystem

_XML = """<?xml version="1.0" encoding="UTF-8"?>
<EventNotificationAlert version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema">
  <ipAddress>192.0.2.1</ipAddress><macAddress>02:00:00:00:00:01</macAddress><channelID>1</channelID>
  <dateTime>{when}</dateTime><eventType>ANPR</eventType><eventState>active</eventState>
  <ANPR><licensePlate>{plate}</licensePlate><confidenceLevel>97</confidenceLevel><line>1</line>
  <direction>forward</direction></ANPR><UUID>{event}</UUID>
</EventNotificationAlert>"""


@dataclass(frozen=True)
class Push:
    plate: str
    captured_utc: float
    accepted_mono: float


def push_plate(system: DemoSystem, plate: str, path: str = "cam1") -> Push:
    """Push one read of now, and return when the box has answered 2xx."""
    spec = next(s for s in json.loads((system.folder / "cameras.json").read_text()) if s["path"] == path)
    captured_utc = time.time()
    xml = _XML.format(
        when=datetime.fromtimestamp(captured_utc, UTC).isoformat(), plate=plate, event=uuid.uuid4()
    )
    response = httpx.post(
        system.lpr_url,
        auth=(spec["camera_id"], spec["lpr_secret"]),
        files={
            "anpr.xml": ("anpr.xml", xml, "application/xml"),
            "detectionPicture.jpg": ("detectionPicture.jpg", _picture(plate), "image/jpeg"),
        },
    )
    assert response.status_code == httpx.codes.OK, response.text
    return Push(plate, captured_utc, time.monotonic())


def _picture(plate: str) -> bytes:
    image = Image.new("RGB", (320, 180), "#203040")
    ImageDraw.Draw(image).text((120, 80), plate, fill="white")
    encoded = BytesIO()
    image.save(encoded, "JPEG")
    return encoded.getvalue()
