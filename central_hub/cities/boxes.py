"""The boxes of a prefeitura that a camera may be given to."""

import uuid
from collections.abc import Collection

from django.db.models import Count, Q

from central_hub.cities import domain
from central_hub.cities.domain import Box, Place
from central_hub.cities.models import EdgeNode


def boxes_of(city_id: int, among: Collection[uuid.UUID] | None = None) -> list[Box]:
    """With how many cameras each has now."""
    nodes = EdgeNode.objects.filter(city_id=city_id)
    if among is not None:
        nodes = nodes.filter(pk__in=among)
    in_use = Count("cameras", filter=Q(cameras__archived_at__isnull=True))
    return [
        Box(node.pk, domain.place(node.latitude, node.longitude), node.load)
        for node in nodes.annotate(load=in_use).order_by("code")
    ]


def nearest_box(city_id: int, camera: Place | None) -> uuid.UUID | None:
    """None: the prefeitura has no box yet. Call it under the lock of the city's row."""
    boxes = boxes_of(city_id)
    return domain.nearest(camera, boxes).id if boxes else None
