"""One event of Dahua's event stream (`eventManager.cgi?action=attach`), which the box pulls.

Source: Dahua HTTP API, "Subscribe to event message" and "TrafficJunction". A part of the
stream is `Code=…;action=…;index=…;data={JSON}`; some firmwares write the fields as lines
`Events[0].TrafficCar.PlateNumber=…` instead (as snapManager.cgi does). The stream carries no picture.
"""

import re
from typing import Any

from edge_agent.lpr import fields
from edge_agent.lpr.domain import NoPlate, VendorRead, normalise_plate
from edge_agent.lpr.push import Push, as_text, json_object

VENDOR = "dahua"

#: A plate that was read is one of these; what else is in the stream is no plate.
CODES = ("TrafficJunction", "TrafficManualSnap")
_HEADER = re.compile(rb"Code=([^;\s]+);action=([^;\s]+)(?:;index=\d+)?(?:;data=(.*))?", re.DOTALL)
_LINE = re.compile(r"(?:Return)?Events\[0\]\.([^=\s]+)\s*=\s*(.*)")
_MS_PER_S, _US_PER_MS = 1000, 1000


def parse(push: Push) -> list[VendorRead]:
    """One part of the stream. Raises MalformedPush, NoPlate (heartbeats, other events)."""
    event = _event(push.body)
    car = event.get("TrafficCar")
    plate_object = fields.at(event, "Object.ObjectType") == "Plate"
    plate = normalise_plate(
        fields.first(car, "PlateNumber") or (fields.at(event, "Object.Text") if plate_object else None)
    )
    captured_us = _captured_us(event)
    serial = fields.text(fields.first(event, "EventID", "GroupID")) or ""
    return [
        VendorRead(
            vendor=VENDOR,
            event=f"{serial}@{captured_us}:{plate}" if captured_us is not None else push.digest,
            plate=plate,
            captured_us=captured_us,
            confidence=fields.percent(fields.at(event, "Object.Confidence")) if plate_object else None,
            direction=fields.text(fields.first(car, "DrivingDirection.0", "Direction")),
            lane=fields.lane(fields.first(car, "Lane") or event.get("Lane")),
            speed_kmh=fields.speed_kmh(fields.first(car, "Speed") or event.get("Speed")),
            vehicle_type=fields.text(fields.first(event, "Vehicle.Category", "TrafficCar.VehicleType")),
            vehicle_make=fields.text(fields.first(car, "VehicleSign")),
            vehicle_color=fields.text(fields.first(car, "VehicleColor")),
            country=fields.text(fields.first(car, "Country")),
        )
    ]


def _event(part: bytes) -> dict[str, Any]:
    header = _HEADER.search(part)
    if header is None:
        return _from_lines(part)
    code, action, data = header[1].decode("latin-1"), header[2], header[3]
    if code not in CODES or action not in (b"Pulse", b"Start") or not data:
        raise NoPlate(f"{code} {action.decode('latin-1')}")
    return json_object(data.strip())


def _from_lines(part: bytes) -> dict[str, Any]:
    """Lines of dotted names as the tree that they mean."""
    event: dict[str, Any] = {}
    for line in as_text(part).splitlines():
        if (match := _LINE.match(line)) is None:
            continue
        *path, name = match[1].replace("[", ".").replace("]", "").split(".")
        place = event
        for step in path:
            inner = place.setdefault(step, {})
            place = inner if isinstance(inner, dict) else {}
        place[name] = match[2].strip()
    code = fields.first(event, "EventBaseInfo.Code", "Code", "Name")
    if code not in CODES:
        raise NoPlate(f"{code or 'no event'}")
    return event


def _captured_us(event: dict[str, Any]) -> int | None:
    """`UTC` is seconds since 1970, `UTCMS` the milliseconds of that second."""
    seconds = fields.number(event.get("UTC"), 1, 2**34)
    if seconds is None:
        return None
    milliseconds = fields.number(event.get("UTCMS"), 0, _MS_PER_S - 1) or 0
    return (int(seconds) * _MS_PER_S + int(milliseconds)) * _US_PER_MS
