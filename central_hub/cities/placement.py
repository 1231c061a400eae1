"""Which box takes a camera: the nearest of its prefeitura; and what becomes of cameras whose box is away.

The rules are in domain.py; docs/adr/0051 says why they are these.
"""

import uuid
from collections.abc import Collection

from django.db import transaction

from central_hub import edits, events
from central_hub.audit import services as audit
from central_hub.cities import domain
from central_hub.cities.boxes import boxes_of
from central_hub.cities.domain import Place
from central_hub.cities.models import Camera, City, EdgeNode
from central_hub.cities.services import lock_city, visible_node
from central_hub.kernel import Caller, require_governs


@transaction.atomic
def place_node(
    caller: Caller, city_code: str, code: str, place: Place | None, expected: edits.Expected = edits.ANY
) -> EdgeNode:
    """Where a box stands; cameras that have one stay with theirs."""
    node = visible_node(caller, city_code, code)
    require_governs(caller, node.city_id)
    edits.lock(node, expected)
    node.latitude, node.longitude = place if place else (None, None)
    node.save(update_fields=["latitude", "longitude"])
    audit.record(caller, "node-placed", f"{city_code}/{code}", city_code=city_code)
    return node


def cities_with_failover() -> dict[int, int]:
    """After how many minutes, by city."""
    allowed = City.objects.filter(failover_after_minutes__isnull=False)
    return {
        city_id: minutes
        for city_id, minutes in allowed.values_list("pk", "failover_after_minutes")
        if minutes
    }


@transaction.atomic
def move_away(node_id: uuid.UUID, online: Collection[uuid.UUID]) -> int:
    """Give the cameras of a box to the nearest ones that are there; how many. Nobody there: none."""
    node = EdgeNode.objects.select_related("city").get(pk=node_id)
    lock_city(node.city.code)
    boxes = boxes_of(node.city_id, set(online) - {node_id})
    cameras = list(Camera.objects.filter(node_id=node_id, archived_at__isnull=True).order_by("pk"))
    if not boxes or not cameras:
        return 0
    places = (domain.place(camera.latitude, camera.longitude) for camera in cameras)
    for camera, chosen in zip(cameras, domain.spread(places, boxes), strict=True):
        camera.home_node_id = camera.home_node_id or node_id
        camera.node_id = chosen
    Camera.objects.bulk_update(cameras, ["node", "home_node"])
    _moved(node, "cameras-moved-away", len(cameras), "central")
    return len(cameras)


@transaction.atomic
def bring_home(caller: Caller, city_code: str, code: str) -> int:
    """Give a box back the cameras that were moved away; how many. What others recorded stays there."""
    node = visible_node(caller, city_code, code)
    require_governs(caller, node.city_id)
    lock_city(city_code)
    count = Camera.objects.filter(home_node_id=node.pk, archived_at__isnull=True).update(
        node_id=node.pk, home_node_id=None
    )
    if count:
        _moved(node, "cameras-brought-home", count, caller)
    return count


def _moved(node: EdgeNode, action: str, count: int, actor: Caller | str) -> None:
    address = f"{node.city.code}/{node.code}"
    audit.record(actor, action, address, city_code=node.city.code, details={"cameras": count})
    events.configuration_changed.send(sender=Camera, city_id=node.city_id)
