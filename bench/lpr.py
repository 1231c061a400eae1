"""The benchmark of plate reads (`make bench-lpr`): search, analyses, ingest, storage; as Markdown.

Every search is the product's own use case, for a user of one city and for the central administration
by turns; the audit entry, which each new search adds to one chain, is in a row of its own. "Cold" is
after a restart of PostgreSQL with its files dropped from the system's cache; then other questions of
the same kind are asked twice, and the second time counts as warm. The data lies in a temporary folder
that is removed.
"""

import multiprocessing
import os
import platform
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer

from demo.engines import Postgres

#: What an installation gives its database on a machine of 8 GB; the rest is PostgreSQL's default.
SERVER = {"shared_buffers": "2GB", "work_mem": "16MB", "maintenance_work_mem": "512MB", "max_wal_size": "4GB"}
BATCH = 500
INGEST_BATCHES = 60


def set_up_django(url: str) -> None:
    os.environ.update(GTV_DEBUG="1", GTV_DATABASE_URL=url, DJANGO_SETTINGS_MODULE="central_hub.settings")
    import django
    from django.conf import settings

    # Searches are told apart in the cache; one process needs no Redis for it.
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    django.setup()


def percentile(times: list[float], share: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def cells(times: list[float]) -> str:
    return " / ".join(f"{percentile(times, share):.1f}" for share in (0.5, 0.95, 0.99))


# --- search ---------------------------------------------------------------------


def _client(url: str, seed: int, questions: Any, answers: Any) -> None:
    set_up_django(url)
    from django.db import connections

    from bench import lpr_queries

    plates = lpr_queries.sample_plates(lpr_queries.QUERIES, seed)
    for name, kind in iter(questions.get, None):
        answers.put(lpr_queries.times_ms(getattr(lpr_queries, name), kind, plates))
        connections.close_all()  # the server is restarted between the questions


class Clients:
    """Processes that ask the same kind of question at the same time."""

    def __init__(self, url: str, count: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._answers = context.Queue()
        self._questions = [context.Queue() for _ in range(count)]
        self._processes = [
            context.Process(target=_client, args=(url, seed, questions, self._answers))
            for seed, questions in enumerate(self._questions)
        ]
        for process in self._processes:
            process.start()

    def times_ms(self, name: str, kind: str) -> list[float]:
        for questions in self._questions:
            questions.put((name, kind))
        return [one for _ in self._questions for one in self._answers.get(timeout=600)]

    def close(self) -> None:
        for questions in self._questions:
            questions.put(None)
        for process in self._processes:
            process.join()


def go_cold(server: Postgres) -> None:
    from django.db import connections

    connections.close_all()
    server.stop()
    for file in server.data_dir.rglob("*"):
        if file.is_file():
            descriptor = os.open(file, os.O_RDONLY)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)
    server.start()


def search_table(server: Postgres, clients: int, with_alternative: bool) -> Iterator[str]:
    from bench import lpr_queries as q

    many = f"{clients} clients"
    yield f"| search | cold | warm | {many} | plain table: cold | warm | {many} |"
    yield "|---|---|---|---|---|---|---|"
    crowd = Clients(server.url, clients)
    for kind in q.KINDS:
        row = [kind]
        for name in ("product", "alternative") if with_alternative else ("product",):
            ask = getattr(q, name)
            plates, others = q.sample_plates(q.QUERIES, 11), q.sample_plates(q.COLD_QUERIES, 5)
            go_cold(server)
            row.append(cells(q.times_ms(ask, kind, others)))
            q.times_ms(ask, kind, plates)
            row.append(cells(q.times_ms(ask, kind, plates)))
            crowd.times_ms(name, kind)
            row.append(cells(crowd.times_ms(name, kind)))
        yield f"| {' | '.join(row)} |"
    plates = q.sample_plates(q.QUERIES, 11)
    q.times_ms(q.audited, "exact", plates)
    one = q.times_ms(q.audited, "exact", plates)
    crowd.times_ms("audited", "exact")
    all_ = crowd.times_ms("audited", "exact")
    yield f"| exact, with its audit entry | | {cells(one)} | {cells(all_)} |" + " | |" * with_alternative
    yield ""
    yield f"| analysis | cold | warm | {many} |"
    yield "|---|---|---|---|"
    for kind in q.ANALYSES:
        go_cold(server)
        times = [cells(q.times_ms(q.analysed, kind, q.sample_plates(q.COLD_QUERIES, 5)))]
        times += [cells(q.times_ms(q.analysed, kind, plates)), cells(crowd.times_ms("analysed", kind))]
        yield f"| {kind} | {' | '.join(times)} |"
    crowd.close()


# --- ingest ---------------------------------------------------------------------


def _worker(url: str, node: tuple[Any, ...], payloads: list[bytes], start: Any, answers: Any) -> None:
    set_up_django(url)
    from central_hub.cities.services import NodeRef
    from central_hub.ingest.services import store_batch
    from protocol.topics import NodeAddress, Stream

    node_id, city_id, code = node
    ref = NodeRef(node_id, city_id, NodeAddress(code, "box"))
    store_batch(ref, Stream.LPR, "t", payloads[0])
    start.wait()
    began = time.perf_counter()
    for payload in payloads[1:]:
        stored = store_batch(ref, Stream.LPR, "t", payload)
        assert stored.new == BATCH and not stored.refused, stored
    answers.put((began, time.perf_counter()))


def ingest_rate(url: str, workers: int) -> float:
    """Events per second, from compressed payload to commit, each worker with a box of its own."""
    from central_hub.cities.models import EdgeNode

    context = multiprocessing.get_context("spawn")
    start, answers = context.Barrier(workers), context.Queue()
    processes = []
    for node in EdgeNode.objects.select_related("city").order_by("city__code")[:workers]:
        payloads = list(_payloads(node))
        arguments = (url, (node.pk, node.city_id, node.city.code), payloads, start, answers)
        processes.append(context.Process(target=_worker, args=arguments))
    for process in processes:
        process.start()
    times = [answers.get(timeout=600) for _ in processes]
    for process in processes:
        process.join()
    took_s = max(end for _, end in times) - min(began for began, _ in times)
    return workers * INGEST_BATCHES * BATCH / took_s


def seen(number: int, city_id: int) -> int:
    """Three of four vehicles have been seen before; the others come by once."""
    return city_id * 7_919_003 + number % 997 * 13 if number % 4 else 50_000_000 + number * 31 + city_id


def _payloads(node: Any) -> Iterator[bytes]:
    from bench.lpr_data import NOW, plate_of
    from central_hub.lpr.models import PlateRead
    from protocol import messages

    cameras = [str(camera.pk) for camera in node.cameras.all()]
    last = PlateRead.objects.filter(node=node).order_by("-seq").values_list("seq", flat=True).first() or 0
    for _ in range(INGEST_BATCHES + 1):
        events = []
        for n in range(BATCH):
            last += 1
            read = messages.PlateRead(
                id=uuid.uuid4().hex, camera=cameras[n % len(cameras)],
                plate=plate_of(seen(last, node.city_id)),
                captured_at=NOW, received_at=NOW, vendor="hikvision", confidence=0.93, direction="forward",
                lane=1, speed_kmh=42, vehicle_type="car", vehicle_color="white",
                image=messages.ImageRef(f"{last:064x}", 180_000),
            )  # fmt: skip
            events.append(messages.OutboxEvent(last, messages.msgspec.Raw(messages.encode_event(read))))
        yield messages.encode(messages.Batch(events))


def ingest_table(url: str) -> Iterator[str]:
    yield "| ingest workers | events/s |"
    yield "|---|---|"
    for workers in (1, 2, 4):
        yield f"| {workers} | {ingest_rate(url, workers):,.0f} |"


# --- storage --------------------------------------------------------------------


def storage_line() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM lpr_plateread")
        (reads,) = cursor.fetchone()
        cursor.execute("SELECT count(*), pg_total_relation_size('lpr_plate') FROM lpr_plate")
        plates, dictionary = cursor.fetchone()
        cursor.execute(
            "SELECT sum(pg_table_size(inhrelid)), sum(pg_indexes_size(inhrelid)) FROM pg_inherits"
            " WHERE inhparent = 'lpr_plateread'::regclass"
        )
        heap, indexes = (int(size) for size in cursor.fetchone())
    total = (heap + indexes + dictionary) / reads
    return (
        f"{reads:,} reads, {plates:,} plates: {total:.0f} bytes a read (rows {heap / reads:.0f},"
        f" indexes {indexes / reads:.0f}, dictionary {dictionary / reads:.0f})."
    )


def main(
    reads: Annotated[str, typer.Option(help="Numbers of reads, one table each.")] = "100000,1000000,10000000",
    clients: Annotated[int, typer.Option(help="Clients at once; 1 leaves them out.")] = 8,
    plain: Annotated[bool, typer.Option(help="Compare with the plain table.")] = True,
    folder: Annotated[Path | None, typer.Option(help="Where the data lies for the time being.")] = None,
) -> None:
    """Measure; the tables go to standard output. Times are p50 / p95 / p99 in milliseconds."""
    with (
        tempfile.TemporaryDirectory(dir=folder, prefix="gtv-bench-") as made,
        Postgres(Path(made) / "postgres") as server,
    ):
        with psycopg.connect(server.url, autocommit=True) as connection:
            for name, value in SERVER.items():
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
            (version,) = connection.execute("SHOW server_version").fetchone() or ("?",)
        server.stop()
        server.start()
        set_up_django(server.url)
        print(f"{platform.platform()}, Python {platform.python_version()}, PostgreSQL {version}; {SERVER}")
        _measure(server, [int(number) for number in reads.split(",")], clients, plain)


def _measure(server: Postgres, sizes: list[int], clients: int, plain: bool) -> None:
    from django.core.management import call_command

    from bench import lpr_data, lpr_queries

    call_command("migrate", verbosity=0)
    places = lpr_data.make_places()
    for size in sizes:
        began = time.monotonic()
        lpr_data.load(places, size)
        load = os.getloadavg()[0]
        print(
            f"\n### {storage_line()} Loaded in {time.monotonic() - began:.0f} s."
            f" Load of the machine {load:.1f}.\n",
            flush=True,
        )
        if plain:
            trigrams = lpr_queries.make_alternative()
            print(f"Plain table {'with' if trigrams else 'without'} pg_trgm.\n", flush=True)
        for line in search_table(server, clients, plain):
            print(line, flush=True)
        print(flush=True)
        for line in ingest_table(server.url):
            print(line, flush=True)


if __name__ == "__main__":
    typer.run(main)
