"""Our own documented JSON, and any device whose fields a mapping finds (Vaxtor's templates too).

Source: docs/lpr-generic.md. Without a mapping the fields have the names of GENERIC_FIELDS. A mapping of
the camera (LprSource.mapping) says where a field lies in the device's JSON, as a dotted path;
what it does not name keeps its own name. A form (multipart or urlencoded) works like JSON of
one level; pictures are JPEG parts, or base64.
"""

from typing import Any
from urllib.parse import parse_qsl

from edge_agent.lpr import fields
from edge_agent.lpr.domain import MAX_EVENT, MalformedPush, VendorRead, normalise_plate
from edge_agent.lpr.push import MAX_PARTS, Push, json_object
from protocol.plate_cameras import GENERIC_FIELDS

VENDOR = "generic"

_MAX_FORM_FIELDS = 4 * MAX_PARTS


def parse(push: Push) -> list[VendorRead]:
    """One read. Raises MalformedPush, NoPlate."""
    document = _document(push)
    found = {name: fields.at(document, push.source.mapping.get(name, name)) for name in GENERIC_FIELDS}
    if not isinstance(found["plate"], str | int) or isinstance(found["plate"], bool):
        raise MalformedPush(f"no plate at {push.source.mapping.get('plate', 'plate')!r}")
    plate = normalise_plate(str(found["plate"]))
    captured = fields.moment(found["captured_at"], push.zone, push.source.time_format or "iso")
    own = fields.text(found["event"], MAX_EVENT // 2)
    known = own is not None or captured.captured_us is not None
    return [
        VendorRead(
            vendor=VENDOR,
            event=f"{own or ''}@{captured.captured_us}:{plate}" if known else push.digest,
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
            image_jpeg=max(push.pictures.values(), key=len, default=None) or fields.picture(found["image"]),
        )
    ]


def _document(push: Push) -> dict[str, Any]:
    if any(part.lstrip()[:1] in (b"{", b"[") for part in push.parts.values()):
        return push.json()
    if push.content_type.startswith("application/x-www-form-urlencoded"):
        try:
            return dict(parse_qsl(push.body.decode(), max_num_fields=_MAX_FORM_FIELDS))
        except ValueError as error:
            raise MalformedPush(f"form: {error}") from None
    if "" in push.parts:
        return json_object(push.body)
    return {
        name: part.decode("utf-8", "replace") for name, part in push.parts.items() if len(part) < MAX_EVENT
    }
