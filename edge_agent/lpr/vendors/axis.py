"""Axis License Plate Verifier push: JSON, or multipart of JSON and JPEGs.

Source: AXIS License Plate Verifier, "Push events" (the JSON of its event stream), and a sample
published by Plate Recognizer (MIT). One car is told of as `new`, `update` and `lost` with one
`carID`, while its text may change: the id is the read's `track`, by which the box groups.
"""

from typing import Any

from edge_agent.lpr import fields, jpeg
from edge_agent.lpr.domain import VendorRead, normalise_plate
from edge_agent.lpr.push import Push

VENDOR = "axis"

_UNKNOWN = {"unknown", "none"}


def parse(push: Push) -> list[VendorRead]:
    """One state of one car. Raises MalformedPush, NoPlate."""
    event = push.json()
    plate = normalise_plate(*fields.every(event, "plateASCII", "plateUTF8", "plateText"))
    captured = fields.moment(event.get("capture_timestamp"), push.zone, "epoch_ms")
    car = fields.text(event.get("carID"))
    state = fields.text(event.get("carState")) or ""
    known = car is not None and captured.captured_us is not None
    direction = fields.text(event.get("carMoveDirection"))
    return [
        VendorRead(
            vendor=VENDOR,
            event=f"{car}:{state}@{captured.captured_us}:{plate}" if known else push.digest,
            plate=plate,
            captured_us=captured.captured_us,
            clock_text=captured.clock_text,
            track=car,
            confidence=fields.share(event.get("plateConfidence")),
            direction=None if direction in _UNKNOWN else direction,
            lane=fields.lane(event.get("roiID")),
            vehicle_type=fields.text(fields.at(event, "vehicle_info.type")),
            vehicle_make=fields.text(fields.at(event, "vehicle_info.make")),
            vehicle_model=fields.text(fields.at(event, "vehicle_info.model")),
            vehicle_color=fields.text(fields.at(event, "vehicle_info.color")),
            country=fields.text(event.get("plateCountry")),
            image_jpeg=jpeg.best([*push.largest_pictures, *_encoded(event)]),
        )
    ]


def _encoded(event: dict[str, Any]) -> list[bytes | None]:
    return [fields.picture(event.get(name)) for name in ("roiImage", "plateImage")]
