"""Pushes as devices send them, with synthetic values in the shape of the vendors' samples."""

import base64
from typing import Any

import httpx
import msgspec

from edge_agent.lpr.domain import VendorRead
from edge_agent.lpr.grouping import Group
from edge_agent.lpr.push import Push
from edge_agent.lpr.services import Arrival, _to_message
from protocol.messages import PlateRead, decode_event, encode_event
from tests.unit.edge.builders import NOON_US


def multipart(parts: dict[str, bytes], **known: Any) -> Push:
    """A multipart push whose parts are files of these names, as an HTTP client writes it."""
    files = [(name, (name, data)) for name, data in parts.items()]
    request = httpx.Request("POST", "http://box/", files=files)
    return Push(request.read(), request.headers["content-type"], **known)


def json_push(document: Any, **known: Any) -> Push:
    return Push(msgspec.json.encode(document), "application/json", **known)


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


def assert_hub_understands(read: VendorRead) -> PlateRead:
    """What an adapter made of a push is a message of the protocol."""
    group = Group("g1", read.plate, None, NOON_US)
    sent = _to_message("r1", Arrival("cam1", read), group, read.captured_us or NOON_US, NOON_US, False, [])
    received = decode_event(encode_event(sent), PlateRead)
    assert received == sent
    return received


TOLLGATE = {
    "PicName": "20251124120000_1.jpg",
    "Picture": {
        "Plate": {
            "IsExist": True,
            "PlateNumber": "ABC1D23",
            "PlateColor": "White",
            "Confidence": 87,
            "BoundingBox": [1000, 2000, 3000, 2500],
        },
        "Vehicle": {"VehicleColor": "Black", "VehicleType": "PassengerCar", "VehicleSign": "Fiat"},
        "SnapInfo": {
            "AccurateTime": "2025-11-24 12:00:00.250",
            "SnapTime": "2025-11-24 12:00:00",
            "DeviceID": "00000000-0000-4000-8000-000000000001",
            "Direction": "Obverse",
            "LanNo": 2,
        },
    },
}

STREAM_EVENT = {
    "EventID": 516,
    "Lane": 2,
    "Object": {"ObjectID": 1, "ObjectType": "Plate", "Text": "ABC1D23", "Confidence": 92},
    "TrafficCar": {
        "PlateNumber": "ABC1D23",
        "Speed": 54,
        "Lane": 2,
        "DrivingDirection": ["Approach", "", ""],
        "VehicleColor": "White",
        "VehicleSign": "Fiat",
    },
    "UTC": NOON_US // 1_000_000,
    "UTCMS": 250,
}

PASSAGE = {
    "plate": "ABC1D23",
    "captureTime": "2025-11-24T12:00:00.250-03:00",
    "platePosition": [100, 200, 180, 230],
    "lane": 1,
    "speed": 54.5,
}

AXIS = {
    "packetCounter": "11890300",
    "capture_timestamp": str(NOON_US // 1000 + 250),
    "plateUTF8": "ABC1D23",
    "plateASCII": "ABC1D23",
    "plateCountry": "BRA",
    "plateConfidence": "0.719034",
    "carState": "new",
    "roiID": "2",
    "carMoveDirection": "in",
    "carID": "1144696",
    "camera_info": {"SerialNumber": "ACCC00000001"},
}

PLATE_RECOGNIZER = {
    "hook": {"event": "recognition", "id": "camera-1"},
    "data": {
        "camera_id": "camera-1",
        "filename": "camera-1_screenshots/image.jpg",
        "timestamp": "2025-11-24T15:00:00.250000Z",
        "results": [
            {
                "plate": "abc1d23",
                "score": 0.902,
                "region": {"code": "br-sp", "score": 0.9},
                "candidates": [{"plate": "abc1d23", "score": 0.902}, {"plate": "a8c1d23", "score": 0.5}],
                "color": [{"color": "red", "score": 0.699}],
                "model_make": [{"make": "Fiat", "model": "Argo", "score": 0.43}],
                "vehicle": {"type": "Sedan", "score": 0.709},
                "direction": 210,
            }
        ],
    },
}

OPENALPR = {
    "data_type": "alpr_group",
    "version": 3,
    "epoch_start": NOON_US // 1000,
    "epoch_end": NOON_US // 1000 + 3000,
    "camera_id": 1000,
    "country": "br",
    "best_plate_number": "ABC1D23",
    "best_confidence": 93.25,
    "best_region": "br-sp",
    "best_uuid": "AAAA-177622-1627675927855",
    "best_uuid_epoch_ms": NOON_US // 1000 + 250,
    "travel_direction": 296.55792236,
    "candidates": [
        {"plate": "ABC1D23", "confidence": 93.25, "matches_template": 1},
        {"plate": "ABC1023", "confidence": 71.5, "matches_template": 1},
    ],
    "vehicle": {
        "color": [{"name": "white", "confidence": 99.1}],
        "make": [{"name": "fiat", "confidence": 99.9}],
        "make_model": [{"name": "fiat_argo", "confidence": 99.6}],
        "body_type": [{"name": "suv-crossover", "confidence": 99.8}],
    },
}
