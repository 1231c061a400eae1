"""Reads as files: streamed at once (CSV), or made by a job and kept in the object store for some days.

Order of steps: the export is committed as queued; a job takes it under a lease that it renews,
writes the file, puts it into the store, and then says that it is done. A job that dies is
taken over when its lease ends; the object has the export's id for a name, so a second try
replaces the first. Every export is audited when it is asked for, and when it is downloaded.
"""

import hashlib
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from central_hub import objects
from central_hub.audit import services as audit
from central_hub.cities import services as cities
from central_hub.kernel import Caller, Conflict, HubError, NotFound
from central_hub.lpr.images import key_of
from central_hub.lpr.models import Export, PlateRead
from central_hub.lpr.privacy import require_plates
from central_hub.lpr.report import Title, in_words, write_pdf
from central_hub.lpr.search import Position, ReadSearch, page_of
from central_hub.lpr.tables import csv_head, csv_lines

log = structlog.get_logger()

#: Reads fetched at a time: a page of the search, so that a long export holds no transaction open.
AT_ONCE = 2000

#: More reads with pictures than a case file holds, or a printer wants.
MAX_PDF_ROWS = 1000

#: Exports hold personal data: they go when they have been fetched, or forgotten.
KEPT_FOR = timedelta(days=3)

LEASE = timedelta(minutes=2)

#: Pictures between two renewals of the lease: some seconds' work.
RENEWED_EVERY = 50

MAX_WAITING = 10

#: Makes a search of a stored query.
SearchReader = Callable[[Mapping[str, Any]], ReadSearch]


def all_reads(caller: Caller, search: ReadSearch) -> Iterator[list[PlateRead]]:
    """Every read of a search, in its order, some at a time."""
    after: Position | None = None
    while True:
        reads, after = page_of(caller, search, after, AT_ONCE)
        yield reads
        if after is None:
            return


def stream_csv(caller: Caller, search: ReadSearch, purpose: str) -> Iterator[bytes]:
    """The CSV of a search of any size. Audited before the first byte."""
    _check(caller, search)
    _audit(caller, "plate-export", {"format": "csv", "filters": search.filters, "purpose": purpose})
    return _csv(all_reads(caller, search))


def _csv(pages: Iterable[list[PlateRead]]) -> Iterator[bytes]:
    yield csv_head().encode()
    for reads in pages:
        yield csv_lines(reads).encode()


def _check(caller: Caller, search: ReadSearch) -> None:
    """Say before the first byte what is wrong with a search. Raises HubError."""
    require_plates(caller)
    page_of(caller, search, None, 1)


def _audit(caller: Caller, action: str, details: Mapping[str, Any], target: str = "") -> None:
    filters = details.get("filters") or {}
    where = cities.code_asked_of(caller, filters.get("city"))
    audit.record(caller, action, target, city_code=where, details=details)


# --- made by a job --------------------------------------------------------------


def own_exports(caller: Caller) -> list[Export]:
    return list(Export.objects.filter(owner_id=caller.pk)[:100])


def own_export(caller: Caller, export_id: uuid.UUID) -> Export:
    export = Export.objects.filter(owner_id=caller.pk, pk=export_id).first()
    if export is None:
        raise NotFound("Exportação não encontrada.")
    return export


@transaction.atomic
def order_export(
    caller: Caller, format_: str, search: ReadSearch, query: Mapping[str, Any], purpose: str
) -> Export:
    """`query` is the search as the API takes it: the job reads it again."""
    if search.city is not None:
        cities.visible_city(caller, search.city)
    _check(caller, search)
    waiting = Export.objects.filter(owner_id=caller.pk, state__in=[Export.State.QUEUED, Export.State.RUNNING])
    if waiting.count() >= MAX_WAITING:
        raise Conflict("Espere suas outras exportações terminarem.", code="too-many-exports")
    export = Export.objects.create(owner_id=caller.pk, format=format_, filters=dict(query), purpose=purpose)
    details = {"format": format_, "filters": search.filters, "purpose": purpose}
    _audit(caller, "plate-export", details, str(export.pk))
    return export


def download_address(caller: Caller, export: Export) -> str:
    """Where the file is, for some minutes. Audited. Raises NotPermitted, Conflict while there is none."""
    require_plates(caller)  # the city may have decided since
    if export.state != Export.State.DONE:
        raise Conflict("A exportação ainda não está pronta.", code="export-not-ready")
    _audit(caller, "plate-export-downloaded", {"sha256": export.sha256}, str(export.pk))
    return objects.presigned_download(
        _key(export), f"placas-{export.created_at:%Y%m%d-%H%M%S}.{export.format}"
    )


def delete_export(caller: Caller, export_id: uuid.UUID) -> None:
    export = own_export(caller, export_id)
    objects.delete(_key(export))
    export.delete()
    _audit(caller, "plate-export-deleted", {}, str(export_id))


def run_exports(search_of: SearchReader) -> int:
    """Make what waits; how many."""
    made = 0
    while (export := _take()) is not None:
        _make(export, search_of)
        made += 1
    return made


def expire_exports(now: datetime) -> int:
    """Remove what has had its time; how many."""
    return _remove(Export.objects.filter(expires_at__lt=now))


def forget_of_city(city_id: int, city_code: str) -> int:
    """Remove every finished export that may hold a read of this city; how many. For an erasure: which of
    them hold a plate is not written anywhere, and who needs one can order it again."""
    of_city = Q(owner__city_id=city_id) | Q(owner__city__isnull=True)
    of_others = Q(filters__has_key="city") & ~Q(filters__city=city_code)
    return _remove(Export.objects.filter(of_city, state=Export.State.DONE).exclude(of_others))


def _remove(exports: "QuerySet[Export]") -> int:
    found = list(exports)
    for export in found:
        objects.delete(_key(export))
        export.delete()
    return len(found)


@transaction.atomic
def _take() -> Export | None:
    now = timezone.now()
    left = Q(state=Export.State.QUEUED) | Q(state=Export.State.RUNNING, busy_until__lt=now)
    export = (
        Export.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(left)
        .select_related("owner")
        .order_by("created_at")
        .first()
    )
    if export is not None:
        export.state, export.busy_until, export.rows_done = Export.State.RUNNING, now + LEASE, 0
        export.save(update_fields=["state", "busy_until", "rows_done"])
    return export


def _make(export: Export, search_of: SearchReader) -> None:
    try:
        with tempfile.TemporaryDirectory(prefix="gtv-export-") as folder:
            path = Path(folder) / f"export.{export.format}"
            require_plates(export.owner)  # the city may have decided since
            search = search_of(export.filters)
            _write(export, search, path)
            with path.open("rb") as file:
                export.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            export.size_bytes = path.stat().st_size
            objects.put_file(_key(export), path, {"csv": "text/csv", "pdf": "application/pdf"}[export.format])
        export.state = Export.State.DONE
    except HubError as error:
        export.state, export.error = Export.State.FAILED, error.detail[:500]
    except Exception:  # whatever it was, the person is told that there is nothing to wait for
        log.exception("plate_export_failed", export=str(export.pk))
        export.state, export.error = Export.State.FAILED, "A exportação falhou. Tente de novo."
    export.finished_at = timezone.now()
    export.expires_at = export.finished_at + KEPT_FOR
    export.busy_until = None
    export.save()


def _write(export: Export, search: ReadSearch, path: Path) -> None:
    pages = _with_progress(export, all_reads(export.owner, search))
    if export.format == Export.Format.CSV:
        with path.open("wb") as file:
            file.writelines(_csv(pages))
        return
    reads = list(islice((read for page in pages for read in page), MAX_PDF_ROWS + 1))
    if len(reads) > MAX_PDF_ROWS:
        raise Conflict(f"Um PDF tem no máximo {MAX_PDF_ROWS} leituras. Restrinja a busca ou exporte em CSV.")
    export.rows_total = len(reads)
    zone = cities.timezone_for(export.owner, search.city)
    at = export.created_at.astimezone(zone)
    # By a read, and not by the id: an id of another city's camera must not tell its name.
    camera = reads[0].camera.name if reads else str(search.camera)
    filters = in_words(search, zone, camera)
    title = Title(export.owner.username, at, export.purpose, filters, str(export.pk))
    write_pdf(path, title, _pictured(export, reads))


def _pictured(export: Export, reads: Sequence[PlateRead]) -> Iterator[tuple[PlateRead, bytes | None]]:
    """With its lease renewed: a thousand pictures from a store far away take longer than one."""
    for number, read in enumerate(reads):
        if number % RENEWED_EVERY == 0:
            export.busy_until = timezone.now() + LEASE
            export.save(update_fields=["busy_until"])
        yield read, _picture(read)


def _picture(read: PlateRead) -> bytes | None:
    return objects.read(key_of(read)) if read.image_stored_at is not None else None


def _with_progress(export: Export, pages: Iterator[list[PlateRead]]) -> Iterator[list[PlateRead]]:
    for page in pages:
        export.rows_done += len(page)
        export.busy_until = timezone.now() + LEASE
        export.save(update_fields=["rows_done", "busy_until"])
        yield page


def _key(export: Export) -> str:
    return f"exports/{export.pk}.{export.format}"
