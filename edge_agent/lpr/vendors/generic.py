"""Our own documented JSON, and any device whose fields a mapping finds (Vaxtor's templates too).

Source: docs/lpr-generic.md. Without a mapping the fields have the names of GENERIC_FIELDS. A mapping of
the camera (LprSource.mapping) says where a field lies in the device's JSON, as a dotted path;
what it does not name keeps its own name. A form (multipart or urlencoded) works like JSON of
one level; pictures are JPEG parts, or base64.
"""

from collections.abc import Collection
from typing import Any
from urllib.parse import parse_qsl

from edge_agent.lpr import fields
from edge_agent.lpr.domain import MAX_EVENT, MalformedPush, NoPlate, VendorRead, normalise_plate
from edge_agent.lpr.push import MAX_PARTS, Push, json_objects
from protocol.plate_cameras import GENERIC_FIELDS

VENDOR = "generic"

_MAX_FORM_FIELDS = 4 * MAX_PARTS


def parse(push: Push) -> list[VendorRead]:
    """One read, or those of a list: all of them or none. Raises MalformedPush, NoPlate."""
    documents = _documents(push)
    alone = len(documents) == 1
    pictures = push.pictures.values() if alone else ()
    reads, problem = [], NoPlate("no plate in the push")
    for number, document in enumerate(documents):
        try:
            reads.append(_read(push, document, "" if alone else f"#{number}", pictures))
        except NoPlate as nothing:
            problem = nothing  # a passage that was not read, among others that were
    if not reads:
        raise problem
    return reads


def _read(push: Push, document: dict[str, Any], place: str, pictures: Collection[bytes]) -> VendorRead:
    """`place`: in a list, so that a repeated push gives the same identities."""
    found = {name: fields.at(document, push.source.mapping.get(name, name)) for name in GENERIC_FIELDS}
    if not isinstance(found["plate"], str | int) or isinstance(found["plate"], bool):
        raise MalformedPush(f"no plate at {push.source.mapping.get('plate', 'plate')!r}")
    plate = normalise_plate(str(found["plate"]))
    captured = fields.moment(found["captured_at"], push.zone, push.source.time_format or "iso")
    own = fields.text(found["event"], MAX_EVENT // 2)
    known = own is not None or captured.captured_us is not None
    return VendorRead(
        vendor=VENDOR,
        event=f"{own or ''}@{captured.captured_us}:{plate}" if known else f"{push.digest}{place}",
        plate=plate,
        captured_us=captured.captured_us,
        clock_text=captured.clock_text,
        track=fields.text(found["track"], 64),
        confidence=fields.share(found["confidence"]),
        direction=fields.text(found["direction"]),
        lane=fields.lane(found["lane"]),
        speed_kmh=fields.speed_kmh(found["speed_kmh"]),
        vehicle_type=fields.text(found["vehicle_type"]),
        vehicle_make=fields.text(found["vehicle_make"]),
        vehicle_model=fields.text(found["vehicle_model"]),
        vehicle_color=fields.text(found["vehicle_color"]),
        country=fields.text(found["country"]),
        region=fields.text(found["region"]),
        image_jpeg=max(pictures, key=len, default=None) or fields.picture(found["image"]),
    )


def _documents(push: Push) -> list[dict[str, Any]]:
    if any(part.lstrip()[:1] in (b"{", b"[") for part in push.parts.values()):
        return push.json_objects()
    return [_form(push)] if "" not in push.parts or _is_form(push) else json_objects(push.body)


def _is_form(push: Push) -> bool:
    return push.content_type.startswith("application/x-www-form-urlencoded")


def _form(push: Push) -> dict[str, Any]:
    if _is_form(push):
        try:
            return dict(parse_qsl(push.body.decode(), max_num_fields=_MAX_FORM_FIELDS))
        except ValueError as error:
            raise MalformedPush(f"form: {error}") from None
    return {
        name: part.decode("utf-8", "replace") for name, part in push.parts.items() if len(part) < MAX_EVENT
    }
