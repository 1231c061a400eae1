"""OpenALPR (Rekor Scout) agent push: JSON of `data_type` alpr_group, alpr_alert or heartbeat.

Source: Rekor Scout, "Webhooks / Agent data formats", and a published sample (BSD). A group is one
vehicle that passed; an alert repeats a group inside `group`, so both have its `best_uuid` and
are one read. Single frames (`alpr_results`) always end in a group and are left.
"""

from typing import Any

from edge_agent.lpr import fields, jpeg
from edge_agent.lpr.domain import MalformedPush, NoPlate, PlateMissing, VendorRead, normalise_plate
from edge_agent.lpr.push import Push

VENDOR = "openalpr"

#: The whole scene is better evidence than the vehicle, and that than the plate.
_IMAGES = ("overview_jpeg", "vehicle_crop_jpeg", "best_plate.plate_crop_jpeg")


def parse(push: Push) -> list[VendorRead]:
    """One group. Raises MalformedPush, NoPlate."""
    group = _group(push.json())
    plate = normalise_plate(*fields.every(group, "best_plate_number", "best_plate.plate"))
    captured = fields.moment(fields.first(group, "best_uuid_epoch_ms", "epoch_start"), push.zone, "epoch_ms")
    listed = group.get("candidates")
    others = [
        (fields.at(other, "plate"), fields.percent(fields.at(other, "confidence")))
        for other in (listed if isinstance(listed, list) else [])
    ]
    make_model = fields.text(fields.at(group, "vehicle.make_model.0.name"), 64)
    return [
        VendorRead(
            vendor=VENDOR,
            event=fields.text(group.get("best_uuid"), 128) or push.digest,
            plate=plate,
            captured_us=captured.captured_us,
            clock_text=captured.clock_text,
            confidence=fields.percent(group.get("best_confidence")),
            direction=fields.text(group.get("travel_direction"), 6),  # degrees
            vehicle_type=fields.text(fields.at(group, "vehicle.body_type.0.name")),
            vehicle_make=fields.text(fields.at(group, "vehicle.make.0.name")),
            vehicle_model=fields.text(make_model.partition("_")[2]) if make_model else None,
            vehicle_color=fields.text(fields.at(group, "vehicle.color.0.name")),
            country=fields.text(group.get("country")),
            region=fields.text(group.get("best_region")),
            candidates=fields.candidates(others, plate),
            image_jpeg=jpeg.best(fields.picture(fields.at(group, path)) for path in _IMAGES),
        )
    ]


def _group(document: dict[str, Any]) -> dict[str, Any]:
    kind = document.get("data_type")
    if kind == "alpr_group" or (kind is None and "best_plate_number" in document):
        return document
    if kind is None:
        raise PlateMissing("a message without data_type and without plate")
    if kind != "alpr_alert":
        raise NoPlate(f"a {kind} message")
    group = document.get("group")
    if not isinstance(group, dict):
        raise MalformedPush("alpr_alert: no group")
    return group
