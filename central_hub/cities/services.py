"""Use cases about prefeituras, boxes and cameras. Limits are checked under a lock on the city's row."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from central_hub import edits, events
from central_hub.audit import services as audit
from central_hub.cities import domain
from central_hub.cities.boxes import nearest_box
from central_hub.cities.models import Camera, City, EdgeNode, Plan, RefusedCamera
from central_hub.kernel import (
    Caller,
    Conflict,
    HubError,
    InvalidInput,
    NotFound,
    require_admin,
    require_governs,
)
from protocol.messages import CameraAdded
from protocol.topics import NodeAddress


@dataclass(frozen=True)
class NodeRef:
    """A box, for contexts that only need to know which one and whose."""

    id: uuid.UUID
    city_id: int
    address: NodeAddress


class CameraRef(Protocol):
    """A camera, for contexts that only need to know which one and at which box."""

    @property
    def pk(self) -> uuid.UUID: ...

    @property
    def node_id(self) -> uuid.UUID | None: ...


# --- cities -------------------------------------------------------------------


def visible_cities(caller: Caller) -> list[City]:
    return list(City.objects.visible_to(caller).select_related("plan"))


def visible_city(caller: Caller, code: str) -> City:
    city = City.objects.visible_to(caller).select_related("plan").filter(code=code).first()
    if city is None:
        raise NotFound("Prefeitura não encontrada.")
    return city


def visible_city_ids(caller: Caller, code: str | None = None) -> list[int]:
    """The caller's cities, or the one with this code; empty if it is none of them."""
    cities = City.objects.visible_to(caller)
    return list((cities.filter(code=code) if code else cities).order_by("pk").values_list("pk", flat=True))


def timezone_for(caller: Caller, code: str | None = None) -> ZoneInfo:
    """The time zone of the named city, or of the caller's own; Brasília's for those who see all."""
    ids = visible_city_ids(caller, code)
    name = (
        City.objects.filter(pk__in=ids).values_list("timezone", flat=True).first() if len(ids) == 1 else None
    )
    return ZoneInfo(name or "America/Sao_Paulo")


def zone_of(city: City) -> ZoneInfo:
    return ZoneInfo(city.timezone)


def all_city_ids() -> list[int]:
    return list(City.objects.order_by("pk").values_list("pk", flat=True))


def all_plans() -> list[Plan]:
    return list(Plan.objects.all())


def plan_named(name: str) -> Plan:
    plan = Plan.objects.filter(name=name).first()
    if plan is None:
        raise NotFound("Plano não encontrado.")
    return plan


def plan_of_days(days: int) -> Plan:
    return Plan.objects.filter(retention_days=days).order_by("pk")[:1].get()


def ensure_plans() -> None:
    """The plans that every installation has (requirement S2.2)."""
    for days in domain.RETENTION_CHOICES:
        Plan.objects.get_or_create(retention_days=days, defaults={"name": f"Plano {days} dias"})


@transaction.atomic
def add_city(caller: Caller | None, *, code: str, name: str, timezone: str, plan: Plan) -> City:
    if caller is not None:
        require_admin(caller)
    domain.check_code("code", code, domain.MAX_CITY_CODE)
    domain.check_timezone(timezone)
    if City.objects.filter(code=code).exists():
        raise Conflict("Já existe uma prefeitura com este código.", code="code-taken")
    city = City.objects.create(code=code, name=name, timezone=timezone, plan=plan)
    audit.record(caller or "cli", "city-added", code, city_code=code)
    return city


@transaction.atomic
def change_city(caller: Caller, code: str, *, expected: edits.Expected = edits.ANY, **changes: Any) -> City:
    """Change `name`, `timezone`, `plan` or `failover_after_minutes` (None: cameras stay with their box)."""
    require_admin(caller)
    city = visible_city(caller, code)
    edits.lock(city, expected)
    if "timezone" in changes:
        domain.check_timezone(changes["timezone"])
    for field, value in changes.items():
        setattr(city, field, value)
    city.save()
    audit.record(caller, "city-changed", code, city_code=code, details={"fields": sorted(changes)})
    events.configuration_changed.send(sender=City, city_id=city.pk)
    return city


def lock_city(code: str) -> City:
    """The city, with its row locked to the end of the transaction: what counts its things calls this."""
    city = City.objects.select_for_update().filter(code=code).first()
    if city is None:
        raise NotFound("Prefeitura não encontrada.")
    return city


def city_by_code(code: str) -> City | None:
    return City.objects.filter(code=code).first()


def city_code_for(caller: Caller, asked: str | None) -> str:
    """The city a request is about: the one it names, or the caller's own."""
    if asked:
        return asked
    own = City.objects.filter(pk=caller.city_id).first() if caller.city_id is not None else None
    if own is None:
        raise InvalidInput.in_field("city", "Informe a prefeitura.")
    return own.code


def own_code(caller: Caller) -> str:
    """The code of the caller's city; empty for those who see all."""
    if caller.city_id is None:
        return ""
    return City.objects.filter(pk=caller.city_id).values_list("code", flat=True).first() or ""


def code_asked_of(caller: Caller, named: str | None) -> str:
    """In whose part of the audit trail a question belongs: the caller's own city, whatever another it names.

    Of who sees all, the one named; empty where none is.
    """
    return own_code(caller) or (named if named and visible_city_ids(caller, named) else "")


# --- nodes ----------------------------------------------------------------------


@transaction.atomic
def add_node(caller: Caller | None, city_code: str, code: str) -> EdgeNode:
    if caller is not None:
        require_admin(caller)
    domain.check_code("code", code, domain.MAX_NODE_CODE)
    city = lock_city(city_code)
    if EdgeNode.objects.filter(city=city, code=code).exists():
        raise Conflict("Já existe uma caixa com este código na prefeitura.", code="code-taken")
    node = EdgeNode.objects.create(city=city, code=code)
    audit.record(caller or "cli", "node-added", f"{city_code}/{code}", city_code=city_code)
    events.node_added.send(sender=EdgeNode, node_id=node.pk)
    return node


def node_at(city_code: str, code: str) -> EdgeNode | None:
    """The node of an address, with its city."""
    return EdgeNode.objects.select_related("city").filter(city__code=city_code, code=code).first()


def find_node(address: NodeAddress) -> NodeRef | None:
    node = node_at(address.city, address.node)
    return NodeRef(node.pk, node.city_id, address) if node else None


def node_by_id(node_id: uuid.UUID) -> EdgeNode:
    return EdgeNode.objects.select_related("city__plan").get(pk=node_id)


def visible_node(caller: Caller, city_code: str, code: str) -> EdgeNode:
    node = (
        EdgeNode.objects.visible_to(caller)
        .select_related("city")
        .filter(city__code=city_code, code=code)
        .first()
    )
    if node is None:
        raise NotFound("Caixa não encontrada.")
    return node


def node_ids(city_id: int | None) -> list[uuid.UUID]:
    """The nodes of a city, or every node."""
    nodes = EdgeNode.objects.all() if city_id is None else EdgeNode.objects.filter(city_id=city_id)
    return list(nodes.order_by("pk").values_list("pk", flat=True))


# --- cameras --------------------------------------------------------------------


def visible_cameras(caller: Caller, city_code: str | None = None) -> list[Camera]:
    cameras = Camera.objects.visible_to(caller).filter(archived_at__isnull=True)
    if city_code:
        cameras = cameras.filter(city__code=city_code)
    return list(cameras.select_related("city", "node", "home_node"))


def visible_camera(caller: Caller, camera_id: uuid.UUID) -> Camera:
    camera = (
        Camera.objects.visible_to(caller)
        .select_related("city__plan", "node", "home_node")
        .filter(pk=camera_id, archived_at__isnull=True)
        .first()
    )
    if camera is None:
        raise NotFound("Câmera não encontrada.")
    return camera


def camera_named(city_code: str, name: str) -> Camera | None:
    in_use = Camera.objects.filter(city__code=city_code, name=name, archived_at__isnull=True)
    return in_use.select_related("city").order_by("created_at").first()


def camera_ids_of_city(city_id: int, candidates: set[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the candidates that are cameras of this city, archived ones included: their backlog counts."""
    return set(Camera.objects.filter(city_id=city_id, pk__in=candidates).values_list("pk", flat=True))


def camera_names(camera_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Archived ones too; for who may know these cameras."""
    return dict(Camera.objects.filter(pk__in=list(camera_ids)).values_list("pk", "name"))


def cameras_of_node(node_id: uuid.UUID) -> list[Camera]:
    return list(Camera.objects.filter(node_id=node_id, archived_at__isnull=True).order_by("name", "pk"))


@transaction.atomic
def add_camera(
    caller: Caller | None,
    *,
    city_code: str,
    name: str,
    rtsp_url: str,
    node_code: str | None,
    lpr_secret: domain.LprSecret | None = None,
    lpr_secret_sha256: str = "",
    sub_rtsp_url: str = "",
    transport: str = "auto",
    latitude: float | None = None,
    longitude: float | None = None,
    at_nearest: bool = False,
) -> Camera:
    """The secret is what the camera identifies itself with; it has none if it reads no plates.

    Where only its digest is known, the camera cannot use Digest. `at_nearest`: the box is chosen here.
    """
    city = lock_city(city_code)
    if caller is not None:
        _require_visible_and_governed(caller, city)
    check_addresses(rtsp_url, sub_rtsp_url)
    domain.check_room_for_camera(Camera.objects.filter(city=city, archived_at__isnull=True).count())
    camera_id = uuid.uuid4()
    secret = lpr_secret.columns(camera_id) if lpr_secret else {"lpr_secret_sha256": lpr_secret_sha256}
    chosen = _node_of(city, node_code)
    node_id = chosen.pk if chosen else None
    if at_nearest:
        node_id = nearest_box(city.pk, domain.place(latitude, longitude))
    camera = Camera.objects.create(
        id=camera_id,
        city=city,
        node_id=node_id,
        name=name,
        rtsp_url=rtsp_url,
        sub_rtsp_url=sub_rtsp_url,
        transport=transport,
        latitude=latitude,
        longitude=longitude,
        **secret,
    )
    _camera_changed(caller, camera, "camera-added", ["name", "rtsp_url", "node", "lpr"])
    return camera


def check_addresses(rtsp_url: str, sub_rtsp_url: str) -> None:
    """Raises InvalidInput."""
    domain.check_rtsp_url(rtsp_url)
    domain.check_sub_rtsp_url(sub_rtsp_url)
    if settings.GTV_ALLOW_LOOPBACK_CAMERAS:
        return
    domain.check_camera_place(rtsp_url)
    if sub_rtsp_url:
        domain.check_camera_place(sub_rtsp_url, "sub_rtsp_url")


@transaction.atomic
def change_camera(
    caller: Caller | None, camera: Camera, *, expected: edits.Expected = edits.ANY, **changes: Any
) -> Camera:
    """Change `name`, `rtsp_url`, `sub_rtsp_url` (empty: none), `transport`, `node_code`, the place,
    or what is kept of the secret (domain.LprSecret.columns, domain.NO_SECRET: no plates)."""
    if caller is not None:
        require_governs(caller, camera.city_id)
    edits.lock(camera, expected)
    fields = sorted(changes)
    if {"rtsp_url", "sub_rtsp_url"} & changes.keys():
        check_addresses(
            changes.get("rtsp_url", camera.rtsp_url), changes.get("sub_rtsp_url", camera.sub_rtsp_url)
        )
    if "node_code" in changes:
        camera.node, camera.home_node = _node_of(camera.city, changes.pop("node_code")), None
    for field, value in changes.items():
        setattr(camera, field, value)
    camera.save()
    _camera_changed(caller, camera, "camera-changed", fields)
    return camera


@transaction.atomic
def archive_camera(caller: Caller, camera_id: uuid.UUID) -> None:
    """Take it out of use. What it recorded and read stays."""
    camera = visible_camera(caller, camera_id)
    require_governs(caller, camera.city_id)
    camera.archived_at = timezone.now()
    camera.save(update_fields=["archived_at"])
    _camera_changed(caller, camera, "camera-archived", [])


# --- cameras added at a box -------------------------------------------------------

#: Refusals told to a box: what a technician can look through; older ones are forgotten.
MAX_REFUSALS = 100


@transaction.atomic
def adopt_camera(node: NodeRef, camera_id: uuid.UUID, added: CameraAdded) -> bool:
    """Take a camera that was added at this box, under the box's id; False if it is refused.

    Taking it twice changes nothing. A refusal goes to the box with its desired state.
    """
    city = lock_city(node.address.city)
    if Camera.objects.filter(pk=camera_id, city=city, node_id=node.id).exists():
        return True
    try:
        _check_adoptable(city, node, camera_id, added)
    except HubError as error:
        _refuse(node, camera_id, added.name, error.detail)
        return False
    Camera.objects.create(
        id=camera_id,
        city=city,
        node_id=node.id,
        name=added.name.strip(),
        rtsp_url=added.rtsp_url,
        sub_rtsp_url=added.sub_rtsp_url,
    )
    audit.record(
        f"{added.actor} @ {node.address}"[:150],
        "camera-adopted",
        str(camera_id),
        city_code=city.code,
        details={"box": str(node.address), "added_at": added.at.isoformat()},
    )
    events.configuration_changed.send(sender=Camera, city_id=city.pk)
    return True


def refused_cameras(node_id: uuid.UUID) -> list[RefusedCamera]:
    return list(RefusedCamera.objects.filter(node_id=node_id)[:MAX_REFUSALS])


def visible_refused_cameras(caller: Caller) -> list[RefusedCamera]:
    """Those that the boxes show now, newest first."""
    return list(RefusedCamera.objects.visible_to(caller).select_related("node__city"))


def _check_adoptable(city: City, node: NodeRef, camera_id: uuid.UUID, added: CameraAdded) -> None:
    """Raises HubError. The city's row is locked: the count and what is there hold to the end."""
    domain.check_camera_name(added.name)
    check_addresses(added.rtsp_url, added.sub_rtsp_url)
    domain.check_room_for_camera(Camera.objects.filter(city=city, archived_at__isnull=True).count())
    if Camera.objects.filter(pk=camera_id).exists():
        raise Conflict("A identificação desta câmera já está em uso. Exclua e adicione de novo.")
    place = domain.place_of(added.rtsp_url)
    twin = next(
        (other for other in cameras_of_node(node.id) if domain.place_of(other.rtsp_url) == place), None
    )
    if twin is not None:
        raise Conflict(f"Este vídeo já está cadastrado nesta caixa como «{twin.name}».")


def _refuse(node: NodeRef, camera_id: uuid.UUID, name: str, reason: str) -> None:
    RefusedCamera.objects.update_or_create(
        node_id=node.id, camera=camera_id, defaults={"name": name.strip(), "reason": reason[:500]}
    )
    kept = RefusedCamera.objects.filter(node_id=node.id).values("pk")[:MAX_REFUSALS]
    RefusedCamera.objects.filter(node_id=node.id).exclude(
        pk__in=list(kept.values_list("pk", flat=True))
    ).delete()
    audit.record(
        str(node.address),
        "camera-refused",
        str(camera_id),
        city_code=node.address.city,
        details={"reason": reason},
    )
    events.configuration_changed.send(sender=RefusedCamera, city_id=node.city_id)


def _require_visible_and_governed(caller: Caller, city: City) -> None:
    """Another city's existence is nobody's business: 404 before 403."""
    visible_city(caller, city.code)
    require_governs(caller, city.pk)


def _node_of(city: City, code: str | None) -> EdgeNode | None:
    if code is None:
        return None
    node = EdgeNode.objects.filter(city=city, code=code).first()
    if node is None:
        raise NotFound("Caixa não encontrada nesta prefeitura.")
    return node


def _camera_changed(caller: Caller | None, camera: Camera, action: str, fields: list[str]) -> None:
    audit.record(
        caller or "cli", action, str(camera.pk), city_code=camera.city.code, details={"fields": fields}
    )
    events.configuration_changed.send(sender=Camera, city_id=camera.city_id)
