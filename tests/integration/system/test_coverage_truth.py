"""The hub offers what the box holds, from the first file to the one that a full disk took."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from edge_agent.recording.retention import FORCED_OUT
from tests.integration.system.conftest import Site


def offered(site: Site) -> list[Any]:
    now = datetime.now(UTC)
    period = {"since": (now - timedelta(hours=1)).isoformat(), "until": now.isoformat()}
    camera = site.cameras()["Entrada"]["id"]
    return list(site.gestor.get("/api/v1/coverage", {"camera": camera, **period}).json())


def alarms(site: Site) -> list[str]:
    return [alarm["text"] for alarm in site.node()["alarms"]]


def has_footage(guard: httpx.Client) -> bool:
    """Whether the console has something to play of the one camera, a moment after it was recorded."""
    now = datetime.now(UTC)
    period = {"start": (now - timedelta(minutes=1)).isoformat(), "end": now.isoformat()}
    (camera,) = guard.get("/api/cameras").json()
    return bool(guard.get(f"/api/cameras/{camera['id']}/timeline", params=period).json()["spans"])


@pytest.mark.req("S6.2")
def test_recorded_offered_forced_out_and_said(site: Site) -> None:
    with site.running():
        site.until(lambda: site.cameras()["Entrada"]["state"] == "online", "the camera recorded")
        with site.guard() as guard:
            site.until(lambda: has_footage(guard), "a first whole picture group")
    # Switched off, its file is closed; the hub hears of it at the next start.
    with site.running():
        (recorded,) = site.until(lambda: offered(site), "the recorded span at the hub")
        assert site.node()["alarms"] == [] or FORCED_OUT not in str(site.node()["alarms"])
    with site.running("--disk-floor", "1000000"):  # gigabytes: more than there are
        site.until(lambda: not offered(site), "what is gone is offered no more")
        site.until(lambda: FORCED_OUT in alarms(site), "the alarm at the hub")
        until = datetime.fromisoformat(site.node()["forced_out_until"])
        assert until >= datetime.fromisoformat(recorded["end"]) - timedelta(seconds=1)
