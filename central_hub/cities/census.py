"""How much each city has, for reports."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from central_hub.cities.models import Camera, EdgeNode


@dataclass(frozen=True)
class Census:
    """Cameras in use, those of them that read plates, and boxes."""

    cameras: int
    lpr_cameras: int
    boxes: int


def of_cities(city_ids: Sequence[int]) -> Mapping[int, Census]:
    present = Camera.objects.filter(city_id__in=city_ids, archived_at=None)
    told = present.only("city_id", "lpr_secret_sha256", "lpr_source")
    cameras, reading = Counter[int](), Counter[int]()
    for camera in told.iterator():
        cameras[camera.city_id] += 1
        reading[camera.city_id] += camera.lpr
    boxes = Counter(EdgeNode.objects.filter(city_id__in=city_ids).values_list("city_id", flat=True))
    return {key: Census(cameras[key], reading[key], boxes[key]) for key in city_ids}
