"""The event that an Intelbras (Dahua) number-plate camera sends: ITSAPI's TollgateInfo, one JSON."""

# ruff: noqa: S311 - chance makes the pictures and events lifelike; nothing secret depends on it

import json
import random
import uuid
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from PIL import Image

from demo.anpr_event import Device, around_plate, jpeg
from demo.clock_strip import Picture
from demo.scene import TIME_ZONE, plate_box
from demo.traffic import Passage

#: Fixed in the firmware.
PATH = "/NotificationInfo/TollgateInfo"

_DIRECTIONS = {"forward": "Obverse", "reverse": "Reverse"}


@dataclass(frozen=True)
class TollgateEvent:
    event_id: str
    document: dict[str, Any]

    def body(self) -> dict[str, Any]:
        """As httpx posts it."""
        return {"content": json.dumps(self.document), "headers": {"Content-Type": "application/json"}}


def make_event(
    device: Device, passage: Passage, rgb: Picture, captured_utc: float, count: int
) -> TollgateEvent:
    """The event for the picture in which the vehicle crossed the trigger line; its times have no offset."""
    event_id = str(uuid.uuid4())
    street = Image.fromarray(rgb)
    local = datetime.fromtimestamp(captured_utc, UTC).astimezone(TIME_ZONE)
    picture = {
        "Plate": {
            "IsExist": True,
            "PlateNumber": passage.vehicle.plate,
            "Confidence": random.randint(88, 99),
            "BoundingBox": list(plate_box(passage, captured_utc)),
        },
        "SnapInfo": {
            "DeviceID": device.mac_address,
            "AccurateTime": local.isoformat(sep=" ", timespec="milliseconds")[:23],
            "SnapTime": local.isoformat(sep=" ", timespec="seconds")[:19],
            "Direction": _DIRECTIONS[passage.direction],
            "LanNo": passage.lane,
        },
        "Vehicle": {
            "VehicleType": passage.vehicle.body,
            "VehicleColor": passage.vehicle.colour.capitalize(),
            "Speed": passage.speed_kmh,
        },
        "NormalPic": {"PicName": f"{event_id}.jpg", "Content": _text(jpeg(street))},
        "CutoutPic": {"Content": _text(jpeg(around_plate(street, passage, captured_utc)))},
    }
    return TollgateEvent(event_id, {"PicNum": count, "Picture": picture})


def _text(picture: bytes) -> str:
    return b64encode(picture).decode()
