"""A hub process tells who watches over it whether it works, on a port of its own."""

from collections.abc import Iterator

import httpx
import pytest

from central_hub import monitoring
from central_hub.monitoring import SILENT_FOR_S, Pulse
from demo.ports import LOOPBACK, free_port


def test_a_process_that_does_nothing_any_more_is_found_out() -> None:
    now_s = 0.0
    pulse = Pulse(lambda: now_s)
    now_s = SILENT_FOR_S
    assert pulse.ailment() is None, "it had time to begin"
    now_s += 1
    assert pulse.ailment() == "nothing done for 121 s"
    pulse.beat()
    assert pulse.ailment() is None


@pytest.fixture
def ailments() -> Iterator[list[str]]:
    yield []


@pytest.fixture
def watched(ailments: list[str]) -> Iterator[httpx.Client]:
    port = free_port()
    server = monitoring.serve(port, LOOPBACK, lambda: ailments[-1] if ailments else None)
    assert server is not None
    with httpx.Client(base_url=f"http://{LOOPBACK}:{port}") as client:
        yield client
    server.shutdown()
    server.server_close()


@pytest.mark.req("S12.1")
def test_health_and_figures_are_answered_and_nothing_else(watched: httpx.Client, ailments: list[str]) -> None:
    assert watched.get("/healthz").status_code == 200
    ailments.append("the broker is away")
    ill = watched.get("/healthz")
    assert (ill.status_code, ill.text) == (503, "the broker is away\n")
    assert "process_resident_memory_bytes" in watched.get("/metrics").text
    assert watched.get("/").status_code == 404


def test_port_0_is_no_port() -> None:
    assert monitoring.serve(0, LOOPBACK) is None
