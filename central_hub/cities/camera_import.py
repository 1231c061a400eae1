"""Many cameras at once, from a spreadsheet: tried first, then added, with what is wrong told row by row.

One transaction under the lock of the city's row: the limit of cameras holds whatever else is
added at that moment, and its boxes hear of it once.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from central_hub import events
from central_hub.audit import services as audit
from central_hub.cities import domain
from central_hub.cities.boxes import boxes_of
from central_hub.cities.csv_rows import CameraRow, read_rows
from central_hub.cities.models import Camera, City, EdgeNode
from central_hub.cities.services import check_addresses, lock_city, visible_city
from central_hub.kernel import Caller, InvalidInput, require_governs


@dataclass(frozen=True)
class RowResult:
    """What became of a line."""

    line: int
    name: str
    errors: dict[str, list[str]] = field(default_factory=dict)
    camera: uuid.UUID | None = None
    lpr_secret: str | None = None


@dataclass(frozen=True)
class ImportResult:
    """`added`: how many cameras there are more now; `good`: how many rows have nothing wrong."""

    added: int
    good: int
    rows: Sequence[RowResult]


@transaction.atomic
def import_cameras(
    caller: Caller, city_code: str, data: bytes, *, dry_run: bool, keep_good: bool
) -> ImportResult:
    """`keep_good`: rows without errors are added whatever the others are like; else all or none.

    Raises InvalidInput for what is no such file.
    """
    city = visible_city(caller, city_code)
    require_governs(caller, city.pk)
    city = lock_city(city_code)
    rows = read_rows(data)
    wrong = _errors(city, rows)
    good = [row for row in rows if row.line not in wrong]
    secrets: dict[int, domain.LprSecret] = {}
    cameras: dict[int, uuid.UUID] = {}
    if not dry_run and good and (keep_good or not wrong):
        secrets = {row.line: domain.LprSecret.new() for row in good if row.lpr}
        cameras = _add(caller, city, good, secrets, refused=len(wrong))
    told = [_told(row, wrong.get(row.line, {}), cameras, secrets) for row in rows]
    return ImportResult(added=len(cameras), good=len(good), rows=told)


def _told(
    row: CameraRow,
    errors: dict[str, str],
    cameras: dict[int, uuid.UUID],
    secrets: dict[int, domain.LprSecret],
) -> RowResult:
    return RowResult(
        line=row.line,
        name=row.name,
        errors={column: [text] for column, text in errors.items()},
        camera=cameras.get(row.line),
        lpr_secret=secrets[row.line].secret if row.line in secrets else None,
    )


def _errors(city: City, rows: Sequence[CameraRow]) -> dict[int, dict[str, str]]:
    """By line: what the rows say themselves, and what this prefeitura has to say of them."""
    in_use = Camera.objects.filter(city=city, archived_at__isnull=True)
    places = {domain.place_of(url): f"«{name}»" for url, name in in_use.values_list("rtsp_url", "name")}
    room = domain.MAX_CAMERAS - in_use.count()
    nodes = set(EdgeNode.objects.filter(city=city).values_list("code", flat=True))
    wrong: dict[int, dict[str, str]] = {}
    for row in rows:
        errors = dict(row.errors) or _errors_here(row, places, nodes)
        if not errors and room <= 0:
            errors = {"linha": f"A prefeitura já teria {domain.MAX_CAMERAS} câmeras, o máximo permitido."}
        if errors:
            wrong[row.line] = errors
            continue
        room -= 1
        places[domain.place_of(row.rtsp_url)] = f"linha {row.line}"
    return wrong


def _errors_here(row: CameraRow, places: dict[Any, str], nodes: set[str]) -> dict[str, str]:
    errors = {}
    if row.node and row.node not in nodes:
        errors["caixa"] = "Esta prefeitura não tem esta caixa."
    try:
        check_addresses(row.rtsp_url, row.sub_rtsp_url)
    except InvalidInput as error:
        errors["rtsp_menor" if "sub_rtsp_url" in error.errors else "rtsp"] = error.detail
    if same := places.get(domain.place_of(row.rtsp_url)):
        errors["rtsp"] = f"Este vídeo já está cadastrado ({same})."
    return errors


def _add(
    caller: Caller,
    city: City,
    rows: Sequence[CameraRow],
    secrets: dict[int, domain.LprSecret],
    *,
    refused: int,
) -> dict[int, uuid.UUID]:
    cameras = _create(city, rows, secrets)
    details = {"added": len(cameras), "refused": refused}
    audit.record(caller, "cameras-imported", city.code, city_code=city.code, details=details)
    events.configuration_changed.send(sender=Camera, city_id=city.pk)
    return cameras


def _create(
    city: City, rows: Sequence[CameraRow], secrets: dict[int, domain.LprSecret]
) -> dict[int, uuid.UUID]:
    chosen = _boxes_for(city, rows)
    ids = {row.line: uuid.uuid4() for row in rows}
    Camera.objects.bulk_create(
        Camera(
            id=ids[row.line],
            city=city,
            node_id=chosen.get(row.line),
            name=row.name,
            rtsp_url=row.rtsp_url,
            sub_rtsp_url=row.sub_rtsp_url,
            transport=row.transport,
            latitude=row.latitude,
            longitude=row.longitude,
            **(secrets[row.line].columns(ids[row.line]) if row.line in secrets else {}),
        )
        for row in rows
    )
    return ids


def _boxes_for(city: City, rows: Sequence[CameraRow]) -> dict[int, uuid.UUID]:
    """By line: the box that a row names, else the nearest one; nothing where there is no box yet."""
    nodes = dict(EdgeNode.objects.filter(city=city).values_list("code", "pk"))
    chosen = {row.line: nodes[row.node] for row in rows if row.node}
    if boxes := boxes_of(city.pk):
        free = [row for row in rows if not row.node]
        places = (domain.place(row.latitude, row.longitude) for row in free)
        chosen |= zip((row.line for row in free), domain.spread(places, boxes), strict=True)
    return chosen
