"""What an ingest worker tells Prometheus of itself (docs/metrics.md)."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from prometheus_client import Counter, Gauge, Histogram

EVENTS = Counter(
    "gtv_ingest_events", "Events of the boxes: stored, refused, or repeated", ["stream", "result"]
)
DROPPED = Counter("gtv_ingest_dropped_messages", "Messages without a place; their boxes send them again")
DATABASE_ERRORS = Counter("gtv_ingest_database_errors", "Messages that the database did not take")
WAITING = Gauge("gtv_ingest_waiting_messages", "Messages received and not yet stored")
CONNECTED = Gauge("gtv_ingest_connected", "1 while the broker is there")
BATCH = Histogram(
    "gtv_ingest_batch_duration_seconds",
    "Time to store a batch and to have it committed",
    ["stream"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
)
#: Up to a week: what a box kept while it had no line is late by so much.
LAG = Histogram(
    "gtv_ingest_lag_seconds",
    "From the moment a box took a plate read until the hub had committed it",
    buckets=(0.25, 0.5, 1, 2, 5, 15, 60, 600, 3600, 86_400, 604_800),
)
READS = Counter("gtv_plate_reads", "Plate reads stored", ["city"])


def note_batch(stream: str, *, stored: int, refused: int, repeated: int) -> None:
    for result, count in (("stored", stored), ("refused", refused), ("repeated", repeated)):
        EVENTS.labels(stream, result).inc(count)


def note_reads(city: str, received_at: Iterable[datetime]) -> None:
    """To be called after the commit."""
    now = timezone.now()
    for at in received_at:
        READS.labels(city).inc()
        LAG.observe(max(0.0, (now - at).total_seconds()))
