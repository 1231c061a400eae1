"""Pumatronix ITSCAM push: JSON, or multipart with a `passage` of JSON and `images[n]`.

Source: the shape that public consumers of ITSCAM 400 and 600 cameras read (the manufacturer's
integration manual is given to customers): `plate` (`0000000` is none), `captureTime` with
offset, `images` in base64. Everything but the plate is optional here.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from edge_agent.lpr import fields, jpeg
from edge_agent.lpr.domain import VendorRead, normalise_plate
from edge_agent.lpr.push import Push

VENDOR = "pumatronix"


def parse(push: Push) -> list[VendorRead]:
    """One push. Raises MalformedPush, NoPlate."""
    passage = push.json("passage", "passage.json")
    inner = passage.get("passage")
    passage = inner | {"images": passage.get("images")} if isinstance(inner, dict) else passage
    plate = normalise_plate(*fields.every(passage, "plate", "licensePlate"))
    captured = fields.moment(fields.first(passage, "captureTime", "capturedAt"), push.zone)
    own = fields.text(fields.first(passage, "id", "passageId", "uuid"), 64)
    known = own is not None or captured.captured_us is not None
    return [
        VendorRead(
            vendor=VENDOR,
            event=f"{own or ''}@{captured.captured_us}:{plate}" if known else push.digest,
            plate=plate,
            captured_us=captured.captured_us,
            clock_text=captured.clock_text,
            confidence=fields.share(fields.first(passage, "plateConfidence", "confidence")),
            direction=fields.text(fields.first(passage, "direction", "movement")),
            lane=fields.lane(passage.get("lane")),
            speed_kmh=fields.speed_kmh(passage.get("speed")),
            vehicle_type=fields.text(fields.first(passage, "vehicleType", "classification")),
            vehicle_make=fields.text(fields.first(passage, "vehicleBrand", "brand")),
            vehicle_model=fields.text(fields.first(passage, "vehicleModel", "model")),
            vehicle_color=fields.text(fields.first(passage, "vehicleColor", "color")),
            country=fields.text(fields.first(passage, "country", "plateCountry")),
            image_jpeg=jpeg.best(chain(push.pictures.values(), _encoded(passage))),
        )
    ]


def _encoded(passage: dict[str, Any]) -> Iterator[bytes | None]:
    """In their order: the camera sends the trigger's first and context after it."""
    images = passage.get("images")
    given = images if isinstance(images, list) else [images]
    named = ("image", "data", "content", "base64")
    texts = (fields.first(one, *named) if isinstance(one, dict) else one for one in given)
    return (fields.picture(text) for text in texts)
