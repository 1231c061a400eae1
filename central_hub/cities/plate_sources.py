"""How a camera's plate reads reach its box: decided here, applied by the box (desired state).

Of secrets only digests are kept: of the token its SHA-256 and its ha1, of a password that a
person chose its ha1 (docs/adr/0037). Nothing of them is ever given out, written to a log or
audited, but the token itself, once, to who made it.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_network
from typing import Any

import msgspec
from django.db import transaction

from central_hub import edits, events
from central_hub.audit import services as audit
from central_hub.cities import domain
from central_hub.cities.models import Camera
from central_hub.cities.services import lock_city, visible_camera
from central_hub.kernel import Caller, Conflict, InvalidInput, require_governs
from protocol.messages import LprSource
from protocol.plate_cameras import GENERIC_FIELDS, ha1

#: What a device's menu takes, and a box's file of users never needs.
USERNAME = range(1, 33)
PASSWORD = range(8, 65)

#: Steps of a mapping's path: nobody nests deeper.
MAX_STEPS = 16

_MOMENT = datetime(2026, 11, 25, 13, 14, 15)


@dataclass(frozen=True)
class PlateSource:
    """What people may know of a camera's settings."""

    camera: Camera
    source: LprSource

    @property
    def token_set(self) -> bool:
        return bool(self.camera.lpr_secret_sha256)


def source_of(caller: Caller, camera_id: uuid.UUID) -> PlateSource:
    """For who governs the city: the addresses are nobody else's business."""
    camera = visible_camera(caller, camera_id)
    require_governs(caller, camera.city_id)
    return PlateSource(camera, _stored(camera))


def desired_source(camera: Camera) -> LprSource:
    """As the box gets it: Digest by the person's own user name, or else by the token."""
    source = _stored(camera)
    if source.username:
        return source
    return msgspec.structs.replace(source, ha1_md5=camera.lpr_ha1_md5, ha1_sha256=camera.lpr_ha1_sha256)


@transaction.atomic
def change_source(
    caller: Caller,
    camera_id: uuid.UUID,
    *,
    digest_password: str | None = None,
    expected: edits.Expected = edits.ANY,
    **changes: Any,
) -> PlateSource:
    """Change fields of LprSource; `username` empty takes user name and password away.

    Raises InvalidInput, Conflict.
    """
    lock_city(visible_camera(caller, camera_id).city.code)  # user names are compared with the city's others
    camera = source_of(caller, camera_id).camera
    edits.lock(camera, expected)
    present = PlateSource(camera, _stored(camera))
    if digest_password is not None or changes.get("username", present.source.username) != (
        present.source.username
    ):
        username = changes.get("username", present.source.username)
        changes |= _digest(username, digest_password)
    source = msgspec.structs.replace(present.source, **changes)
    check_source(source)
    _check_alone(camera, source)
    camera.lpr_source = msgspec.to_builtins(source)
    camera.save(update_fields=["lpr_source"])
    told = ("vendor", "allowed_sources", "by_address", "pull", "http_port", "mapping", "time_format")
    details = {name: changes[name] for name in told if name in changes}
    details["fields"] = sorted(changes)
    _changed(caller, camera, "lpr-source-changed", details)
    return PlateSource(camera, source)


@transaction.atomic
def new_token(caller: Caller, camera_id: uuid.UUID) -> domain.LprSecret:
    """Make a token, which replaces the present one. The caller shows it once."""
    secret = domain.LprSecret.new()
    _set_secret(caller, camera_id, secret.columns(camera_id), "lpr-token-made")
    return secret


@transaction.atomic
def remove_token(caller: Caller, camera_id: uuid.UUID) -> None:
    _set_secret(caller, camera_id, domain.NO_SECRET, "lpr-token-removed")


def check_source(source: LprSource) -> None:
    """Raises InvalidInput for what a box could not use."""
    _check_addresses(source.allowed_sources, alone=source.by_address)
    if source.pull and source.vendor not in ("", "dahua", "intelbras"):
        raise InvalidInput.in_field("pull", "Só câmeras Dahua e Intelbras são consultadas pela caixa.")
    _check_mapping(source)
    if source.time_format not in ("iso", "epoch_s", "epoch_ms"):
        _check_time_format(source.time_format)


def _check_addresses(addresses: Sequence[str], *, alone: bool) -> None:
    if alone and not addresses:
        raise InvalidInput.in_field(
            "allowed_sources", "Informe o endereço da câmera para identificá-la por ele."
        )
    for address in addresses:
        try:
            network = ip_network(address, strict=False)
        except ValueError:
            raise InvalidInput.in_field(
                "allowed_sources", f"«{address[:64]}» não é um endereço IP nem uma rede (ex.: 10.1.2.0/24)."
            ) from None
        if alone and network.num_addresses != 1:
            raise InvalidInput.in_field(
                "allowed_sources", "Para identificar a câmera só pelo endereço, informe endereços, não redes."
            )


def _check_mapping(source: LprSource) -> None:
    if source.mapping and source.vendor not in ("", "generic"):
        raise InvalidInput.in_field("mapping", "O mapeamento vale só para o formato genérico (generic).")
    for field, path in source.mapping.items():
        if field not in GENERIC_FIELDS:
            raise InvalidInput.in_field(
                "mapping", f"«{field}» não é um campo. Use: {', '.join(GENERIC_FIELDS)}."
            )
        steps = path.split(".")
        if not all(steps) or len(steps) > MAX_STEPS:
            raise InvalidInput.in_field("mapping", f"«{path}» não é um caminho (ex.: alpr.0.plate).")
        _check_each(path, source.mapping.get("plate", ""))


def _check_each(path: str, of_plate: str) -> None:
    """A `*` is each vehicle of one list: the plate's. Raises InvalidInput."""
    if "*" not in path:
        return
    listed, _, _ = of_plate.partition(".*")
    if path.count("*") > 1 or not path.startswith(f"{listed}.*.") or f"{listed}.*." not in of_plate:
        raise InvalidInput.in_field(
            "mapping", f"«{path}»: o * vale uma vez, na lista em que está a placa (ex.: alpr.*.plate)."
        )


def _check_time_format(how: str) -> None:
    """A strptime format that reads back what it writes, to the day at least."""
    try:
        read = datetime.strptime(_MOMENT.strftime(how), how)
        usable = "%" in how and read.date() == _MOMENT.date()
    except (ValueError, OverflowError):
        usable = False
    if not usable:
        raise InvalidInput.in_field(
            "time_format", "Use iso, epoch_s, epoch_ms ou um formato como %d/%m/%Y %H:%M:%S."
        )


def _digest(username: str, password: str | None) -> dict[str, str]:
    """The columns of a user name and its password. Raises InvalidInput."""
    if not username:
        if password:
            raise InvalidInput.in_field("digest_username", "Informe o usuário desta senha.")
        return {"username": "", "ha1_md5": "", "ha1_sha256": ""}
    _check_text("digest_username", username, USERNAME)
    if any(sign in username for sign in ':"\\'):
        raise InvalidInput.in_field("digest_username", 'O usuário não pode ter : " nem \\.')
    if password is None:
        raise InvalidInput.in_field("digest_password", "Informe também a senha deste usuário.")
    _check_text("digest_password", password, PASSWORD)
    return {
        "username": username,
        "ha1_md5": ha1("md5", username, password),
        "ha1_sha256": ha1("sha256", username, password),
    }


def _check_text(field: str, text: str, length: range) -> None:
    """What a device's menu takes, and a header carries. Never repeats the text."""
    if len(text) not in length or not text.isascii() or not text.isprintable():
        raise InvalidInput.in_field(
            field, f"Use de {length[0]} a {length[-1]} letras sem acento, números e sinais."
        )


def _check_alone(camera: Camera, source: LprSource) -> None:
    """A box must know from user name or address which camera it is. The city's row is locked."""
    others = Camera.objects.filter(city_id=camera.city_id, archived_at__isnull=True).exclude(pk=camera.pk)
    if source.username and _is_taken(others, source.username):
        raise Conflict("Outra câmera da prefeitura já usa este usuário.", code="username-taken")
    if source.by_address:
        neighbours = others.filter(node_id=camera.node_id, lpr_source__by_address=True)
        taken = {one for other in neighbours for one in _stored(other).allowed_sources}
        if taken & set(source.allowed_sources):
            raise Conflict(
                "Outra câmera desta caixa já é identificada por este endereço.", code="address-taken"
            )


def _is_taken(others: Any, username: str) -> bool:
    """Also by the id of any camera, which is a user name too."""
    try:
        uuid.UUID(username)
    except ValueError:
        return bool(others.filter(lpr_source__username=username).exists())
    return True


def _set_secret(caller: Caller, camera_id: uuid.UUID, columns: dict[str, str], action: str) -> None:
    camera = source_of(caller, camera_id).camera
    for name, value in columns.items():
        setattr(camera, name, value)
    camera.save(update_fields=list(columns))
    _changed(caller, camera, action, {})


def _stored(camera: Camera) -> LprSource:
    return msgspec.convert(camera.lpr_source, LprSource)


def _changed(caller: Caller, camera: Camera, action: str, details: dict[str, Any]) -> None:
    audit.record(caller, action, str(camera.pk), city_code=camera.city.code, details=details)
    events.configuration_changed.send(sender=Camera, city_id=camera.city_id)
