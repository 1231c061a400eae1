"""Our own documented JSON, and any device whose fields a mapping finds (Vaxtor's templates too).

Source: docs/lpr-generic.md. Without a mapping the fields have the names of GENERIC_FIELDS. A mapping of
the camera (LprSource.mapping) says where a field lies in the device's JSON, as a dotted path, in which a
`*` is each place of a list; what it does not name keeps its own name. A form (multipart or urlencoded) works
like JSON of one level; pictures are JPEG parts, or base64.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from edge_agent.lpr import fields, jpeg
from edge_agent.lpr.domain import MAX_EVENT, MalformedPush, NoPlate, VendorRead, normalise_plate
from edge_agent.lpr.push import MAX_PARTS, Push, as_text, json_objects
from protocol.plate_cameras import GENERIC_FIELDS

VENDOR = "generic"

_MAX_FORM_FIELDS = 4 * MAX_PARTS


def parse(push: Push) -> list[VendorRead]:
    """One read, or those of a list: all of them or none. Raises MalformedPush, NoPlate."""
    documents = _documents(push)
    pictures = push.largest_pictures if len(documents) == 1 else []
    vehicles = [vehicle for document in documents for vehicle in _vehicles(document, push.source.mapping)]
    reads, problem = [], NoPlate("no plate in the push")
    for number, vehicle in enumerate(vehicles):
        try:
            reads.append(_read(push, vehicle, "" if len(vehicles) == 1 else f"#{number}", pictures))
        except NoPlate as nothing:
            problem = nothing  # a passage that was not read, among others that were
    if not reads:
        raise problem
    return reads


def _vehicles(document: dict[str, Any], mapping: Mapping[str, str]) -> list[dict[str, Any]]:
    """Our fields of each vehicle; a `*` in the plate's path is each place of a list in turn."""
    listed, each, _ = mapping.get("plate", "").partition(".*")
    several = fields.at(document, listed) if each else None
    count = len(several) if isinstance(several, list) else 1
    return [
        {name: fields.at(document, mapping.get(name, name).replace("*", str(n))) for name in GENERIC_FIELDS}
        for n in range(count)
    ]


def _read(push: Push, found: dict[str, Any], place: str, pictures: Sequence[bytes]) -> VendorRead:
    """`place`: in a list, so that a repeated push gives the same identities."""
    if not isinstance(found["plate"], str | int) or isinstance(found["plate"], bool):
        raise MalformedPush(f"no plate at {push.source.mapping.get('plate', 'plate')!r}")
    plate = normalise_plate(found["plate"])
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
        image_jpeg=jpeg.best([*pictures, fields.picture(found["image"])]),
    )


def _documents(push: Push) -> list[dict[str, Any]]:
    if any(part.lstrip()[:1] in (b"{", b"[") for part in push.parts.values()):
        return push.json_objects()
    if push.content_type.startswith("application/x-www-form-urlencoded"):
        return [_form(push.body)]
    if "" in push.parts:
        return json_objects(push.body)
    return [{name: as_text(part) for name, part in push.parts.items() if len(part) < MAX_EVENT}]


def _form(body: bytes) -> dict[str, Any]:
    try:
        return dict(parse_qsl(as_text(body), max_num_fields=_MAX_FORM_FIELDS))
    except ValueError as error:
        raise MalformedPush(f"form: {error}") from None
