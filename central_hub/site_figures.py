"""What Prometheus reads of the hub as a whole, and of its boxes: from the database, when it asks.

One process of an installation tells it (beat, of which there is one); what a single process does
is in its own figures (docs/metrics.md).
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress

import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections
from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from redis import Redis
from redis.exceptions import RedisError

from central_hub.audit import services as audit
from central_hub.audit import trail
from central_hub.fleet.figures import NodeFigures, node_figures, open_alarms
from central_hub.ingest.services import dead_letters
from central_hub.streaming.figures import streaming_figures

log = structlog.get_logger()

#: Name, meaning, and the field of a box's figures.
_OF_NODE = (
    ("gtv_node_online", "1 while the box is in contact", "online"),
    ("gtv_node_report_age_seconds", "Since the box's last report", "report_age_s"),
    ("gtv_node_disk_free_bytes", "Free on the disk of its recordings", "disk_free_bytes"),
    ("gtv_node_disk_total_bytes", "Size of that disk", "disk_total_bytes"),
    ("gtv_node_outbox_events", "Events that it keeps for the hub", "outbox_events"),
    ("gtv_node_cpu_ratio", "Share of its processors in use", "cpu_share"),
    ("gtv_node_clock_error_seconds", "Largest error that its time service admits", "clock_error_s"),
    ("gtv_node_cameras_online", "Its cameras whose packets arrive", "cameras_online"),
    ("gtv_node_cameras", "Its cameras", "cameras"),
    ("gtv_node_certificate_left_seconds", "Until its certificate ends", "certificate_left_s"),
    (
        "gtv_node_configuration_behind_seconds",
        "Since it has not what it should have",
        "configuration_behind_s",
    ),
)


class SiteFigures(Collector):
    """A scrape that the database does not answer gives only `gtv_site_up 0`: old ones would be believed."""

    def describe(self) -> Iterable[Metric]:
        """Without this the registry would ask the database when the process starts."""
        return ()

    def collect(self) -> Iterable[Metric]:
        try:
            found = [*_nodes(), *_streaming(), *_audit(), *_work()]
        except (DatabaseError, RedisError, OSError) as error:
            log.warning("site_figures_missing", error=type(error).__name__)
            found = []
        finally:
            close_old_connections()
        return [
            _gauge("gtv_site_up", "1 while the whole hub's figures can be told", bool(found)),
            *found,
        ]


def register() -> None:
    REGISTRY.register(SiteFigures())


def _nodes() -> Iterator[Metric]:
    nodes = list(node_figures())
    for name, text, field in _OF_NODE:
        family = GaugeMetricFamily(name, text, labels=["city", "node"])
        for node in nodes:
            _add(family, node, field)
        yield family
    alarms = open_alarms()
    family = GaugeMetricFamily("gtv_node_alarms", "Open alarms of boxes", labels=["critical"])
    for critical, count in alarms.items():
        family.add_metric([str(critical).lower()], count)
    yield family


def _add(family: GaugeMetricFamily, node: NodeFigures, field: str) -> None:
    value = getattr(node, field)
    if value is not None:
        family.add_metric([node.city, node.node], float(value))


def _streaming() -> Iterator[Metric]:
    figures = streaming_figures()
    rate = GaugeMetricFamily(
        "gtv_node_camera_bits_per_second", "Received from its cameras", labels=["city", "node"]
    )
    lost = GaugeMetricFamily(
        "gtv_node_packets_lost", "RTP packets that never came, since it records", labels=["city", "node"]
    )
    for node in figures.nodes:
        rate.add_metric([node.city, node.node], node.bits_per_second)
        lost.add_metric([node.city, node.node], node.packets_lost)
    yield from (rate, lost)
    yield _by("gtv_site_cameras", "Cameras of all boxes, by state", "state", figures.cameras)
    yield _by("gtv_relay_sessions", "Sessions open now: recordings and live", "kind", figures.sessions)
    yield _by("gtv_site_clips", "Clips, by state", "state", figures.clips)


def _audit() -> Iterator[Metric]:
    yield _gauge("gtv_audit_entries", "Number of the audit trail's newest entry", audit.head()[0])
    verdict = trail.last_verdict()
    if verdict is not None:
        age_s = time.time() - verdict.checked_at_s
        yield _gauge("gtv_audit_trail_whole", "0 when an entry was tampered with", verdict.broken_at is None)
        yield _gauge("gtv_audit_trail_check_age_seconds", "Since it was checked", age_s)


def _work() -> Iterator[Metric]:
    yield _gauge("gtv_dead_letters", "Messages that the hub could not take", dead_letters())
    if settings.CELERY_BROKER_URL.startswith("redis"):  # RabbitMQ tells its own
        with suppress(RedisError), Redis.from_url(settings.CELERY_BROKER_URL, socket_timeout=2) as redis:
            yield _gauge("gtv_jobs_waiting", "Background jobs in the queue", int(redis.llen("celery")))


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=float(value))


def _by(name: str, text: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family
