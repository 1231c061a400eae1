"""Plate Recognizer Stream and Snapshot webhook: multipart with the text `json` and the file `upload`.

Source: Plate Recognizer, "Webhooks" (guides.platerecognizer.com), and its published sample
(MIT). One push holds all plates of one picture, so it can give several reads.
"""

from typing import Any

from edge_agent.lpr import fields, jpeg
from edge_agent.lpr.domain import MAX_EVENT, LprError, MalformedPush, NoPlate, VendorRead, normalise_plate
from edge_agent.lpr.push import Push

VENDOR = "platerecognizer"


def parse(push: Push) -> list[VendorRead]:
    """One picture's plates. Raises MalformedPush, NoPlate."""
    document = push.json("json")
    data = document.get("data", document)
    results = fields.at(data, "results")
    if not isinstance(results, list):
        raise MalformedPush("no data.results")
    captured = fields.moment(fields.first(data, "timestamp", "timestamp_local"), push.zone)
    image = jpeg.best(push.largest_pictures)
    name = fields.text(data.get("filename"), MAX_EVENT // 2)
    # Some send every picture under one name: without a time it says nothing of which picture it is.
    known = name is not None and captured.captured_us is not None
    source = f"{name if known else push.digest}@{captured.captured_us}"
    reads: list[VendorRead] = []
    problem: LprError = NoPlate("no results")
    for number, result in enumerate(results):
        try:
            reads.append(_read(result, f"{source}#{number}", captured, image))
        except LprError as error:
            problem = error  # the other plates of the picture are good
    if not reads:
        raise problem
    return reads


def _read(result: Any, event: str, captured: fields.Moment, image: bytes | None) -> VendorRead:
    plate = normalise_plate(*fields.every(result, "plate", "plate.props.plate.0.value"))
    listed = result.get("candidates")
    others = [
        (fields.at(other, "plate"), fields.share(fields.at(other, "score")))
        for other in (listed if isinstance(listed, list) else [])
    ]
    region = fields.text(fields.at(result, "region.code"))
    return VendorRead(
        vendor=VENDOR,
        event=f"{event}:{plate}",
        plate=plate,
        captured_us=captured.captured_us,
        clock_text=captured.clock_text,
        confidence=fields.share(result.get("score")),
        direction=fields.text(result.get("direction")),
        speed_kmh=fields.speed_kmh(result.get("speed")),
        vehicle_type=fields.text(fields.at(result, "vehicle.type")),
        vehicle_make=fields.text(fields.at(result, "model_make.0.make")),
        vehicle_model=fields.text(fields.at(result, "model_make.0.model")),
        vehicle_color=fields.text(fields.at(result, "color.0.color")),
        country=region.partition("-")[0] if region else None,
        region=region,
        candidates=fields.candidates(others, plate),
        image_jpeg=image,
    )
