"""Dahua and Intelbras ITSAPI push: POST of JSON to /NotificationInfo/TollgateInfo.

Source: Dahua "ITSAPI" as public consumers of ITC cameras know it (no open document); Intelbras
sells the same firmware. The address is fixed in the firmware, a push is repeated until it is
answered with `{"Result": true}`, and times are the camera's local time without offset.
"""

from typing import Any

from edge_agent.lpr import fields, jpeg
from edge_agent.lpr.domain import MalformedPush, NoPlate, VendorRead, normalise_plate
from edge_agent.lpr.push import Push

VENDOR = "dahua"

#: The whole scene is better evidence than the vehicle, and that than the plate's cut-out.
_IMAGES = ("NormalPic", "VehiclePic", "CutoutPic")


def parse(push: Push) -> list[VendorRead]:
    """One push. Raises MalformedPush, NoPlate."""
    document = push.json()
    picture = document.get("Picture")
    if not isinstance(picture, dict):
        raise MalformedPush("TollgateInfo: no Picture")
    if fields.at(picture, "Plate.IsExist") is False:
        raise NoPlate("the camera says that there is no plate")
    plate = normalise_plate(fields.at(picture, "Plate.PlateNumber"))
    snap = picture.get("SnapInfo")
    captured = fields.moment(fields.first(snap, "AccurateTime", "SnapTime"), push.zone)
    return [
        VendorRead(
            vendor=VENDOR,
            event=_event(push, document, plate, captured),
            plate=plate,
            captured_us=captured.captured_us,
            clock_text=captured.clock_text,
            confidence=fields.percent(fields.at(picture, "Plate.Confidence")),
            direction=fields.text(fields.at(snap, "Direction")),
            lane=fields.lane(fields.first(snap, "LanNo", "Lane")),
            speed_kmh=fields.speed_kmh(fields.first(picture, "Vehicle.Speed", "SnapInfo.Speed")),
            vehicle_type=fields.text(fields.at(picture, "Vehicle.VehicleType")),
            vehicle_make=fields.text(fields.at(picture, "Vehicle.VehicleSign")),
            vehicle_model=fields.text(fields.at(picture, "Vehicle.VehicleSeries")),
            vehicle_color=fields.text(fields.at(picture, "Vehicle.VehicleColor")),
            region=fields.text(fields.at(picture, "Plate.Region")),
            image_jpeg=jpeg.best(fields.picture(fields.at(picture, f"{name}.Content")) for name in _IMAGES),
        )
    ]


def _event(push: Push, document: dict[str, Any], plate: str, captured: fields.Moment) -> str:
    name = fields.text(fields.first(document, "PicName", "Picture.NormalPic.PicName"), 100) or ""
    if captured.captured_us is None and not name:
        return push.digest
    lane = fields.at(document, "Picture.SnapInfo.LanNo") or fields.at(document, "Picture.SnapInfo.Lane")
    return f"{name}@{captured.captured_us}:{plate}:{fields.lane(lane)}"
