"""What worker and beat tell Prometheus of the background jobs, and when they are thought to be stuck."""

import time
from typing import Any

from celery import signals
from prometheus_client import Counter, Gauge, Histogram

from central_hub.monitoring import Pulse

_DURATION = Histogram(
    "gtv_job_duration_seconds",
    "Time that a background job took",
    ["task", "state"],
    buckets=(0.05, 0.25, 1, 5, 30, 120, 600),
)
_LAST = Gauge("gtv_job_last_success_timestamp_seconds", "When the job last ended well (Unix time)", ["task"])
_STARTED = Counter("gtv_jobs_due", "Jobs that beat has put into the queue", ["task"])


def watch_jobs() -> Pulse:
    """In a worker: time every job; the pulse beats with each. Some are due every few seconds."""
    pulse = Pulse()
    began_mono: dict[str, float] = {}

    @signals.task_prerun.connect(weak=False)  # type: ignore[untyped-decorator]  # celery has no types
    def begin(task_id: str, **_: Any) -> None:
        began_mono[task_id] = time.monotonic()

    @signals.task_postrun.connect(weak=False)  # type: ignore[untyped-decorator]
    def end(task_id: str, task: Any, state: str | None = None, **_: Any) -> None:
        took_s = time.monotonic() - began_mono.pop(task_id, time.monotonic())
        _DURATION.labels(_name(task.name), (state or "unknown").lower()).observe(took_s)
        if state == "SUCCESS":
            _LAST.labels(_name(task.name)).set_to_current_time()
        pulse.beat()

    return pulse


def watch_turns() -> Pulse:
    """In beat: count what it has started."""
    pulse = Pulse()

    @signals.after_task_publish.connect(weak=False)  # type: ignore[untyped-decorator]
    def sent(sender: str, **_: Any) -> None:
        _STARTED.labels(_name(sender)).inc()
        pulse.beat()

    return pulse


def _name(task: str) -> str:
    return task.removeprefix("central_hub.").replace(".tasks.", ".")
