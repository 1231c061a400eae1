"""A clip ordered at the hub: cut and signed by the box, sent over a line that breaks, verified, given."""

import subprocess
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import httpx
import pytest

from central_hub.audit.models import AuditEntry
from central_hub.streaming import clips
from central_hub.streaming.models import Clip
from demo.engines import ObjectStore
from tests.integration.conftest import Broker
from tests.integration.system.conftest import GTV, Site
from tests.integration.system.line import Line

URL = "/api/v1/clips"


@pytest.fixture
def line(object_store: ObjectStore, settings: SimpleNamespace) -> Iterator[Line]:
    with Line(object_store.endpoint) as made:
        settings.GTV_S3_ENDPOINT = made.endpoint
        yield made


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clip of seconds has many parts, and the hub loses no time."""
    monkeypatch.setattr(clips, "PART_BYTES", 48 * 1024)
    monkeypatch.setattr(clips, "RETRY_AFTER", timedelta(seconds=0.5))


def order(site: Site, start: datetime, end: datetime, reason: str = "BO 123/2026") -> dict[str, Any]:
    body = {"camera": site.cameras()["Entrada"]["id"], "start": start.isoformat(), "end": end.isoformat()}
    answer = site.gestor.post(URL, {**body, "reason": reason}, format="json")
    assert answer.status_code == 202, answer.content
    return dict(answer.json())


def record(site: Site, seconds: float) -> tuple[datetime, datetime]:
    """A period that the box has recorded."""
    site.until(lambda: site.cameras()["Entrada"]["state"] == "online", "the camera recorded")
    camera = site.cameras()["Entrada"]["id"]

    def long_enough() -> tuple[datetime, datetime] | None:
        now = datetime.now(UTC)
        period = {"start": (now - timedelta(minutes=1)).isoformat(), "end": now.isoformat()}
        spans = guard.get(f"/api/cameras/{camera}/timeline", params=period).json()["spans"]
        if not spans:
            return None
        start, end = (datetime.fromisoformat(spans[-1][edge]) for edge in ("start", "end"))
        return (start, end) if end - start >= timedelta(seconds=seconds) else None

    with site.guard() as guard:
        start, end = site.until(long_enough, f"{seconds:g} s of footage")
    return start, end


def shown(site: Site, clip: str) -> dict[str, Any]:
    """As the gestor sees it, after the hub's periodic job."""
    clips.pursue()
    return dict(site.gestor.get(f"{URL}/{clip}").json())


@pytest.mark.req("S8.1", "S6.3")
def test_from_the_order_through_a_broken_line_to_a_file_that_a_court_can_check(
    site: Site, line: Line, broker: Broker, tmp_path: Path
) -> None:
    with site.running():
        start, _ = record(site, 8)
        before = line.sent_bytes
        line.break_after(150_000)
        clip = order(site, start + timedelta(seconds=1), start + timedelta(seconds=7))
        assert clip["state"] == "ordered"

        site.until(lambda: shown(site, clip["id"]) and line.broken, "the line breaks while it is sent")
        broken = site.until(
            lambda: (found := Clip.objects.get()).etags and found.command_id is None and found,
            "the hub knows which parts went",
        )
        assert broken.state == "made" and 0 < len(broken.etags) < len(clips._part_sizes(broken))
        assert 0 < shown(site, clip["id"])["progress"] < 1
        assert site.gestor.get(f"{URL}/{clip['id']}/download").status_code == 409

        line.mend()
        done = site.until(
            lambda: (now := shown(site, clip["id"]))["state"] in ("done", "failed") and now, "the clip"
        )
        assert (done["state"], done["error"], done["progress"]) == ("done", "", 1.0)
        twice = line.sent_bytes - before - done["size_bytes"]
        assert twice < len(broken.etags) * clips.PART_BYTES, "parts that had gone were not sent again"

    # The box is off now: what is at the hub is enough.
    url = site.gestor.get(f"{URL}/{clip['id']}/download").json()["url"]
    whole = httpx.get(url)
    assert "attachment" in whole.headers["Content-Disposition"]
    half = httpx.get(url, headers={"Range": "bytes=1000-"})
    assert half.content == whole.content[1000:], "a download can be resumed"
    file = tmp_path / "recorte.zip"
    file.write_bytes(whole.content)
    check = [GTV, "clip", "verify", file, "--ca", broker.pki / "ca.crt"]
    verified = subprocess.run(check, capture_output=True, text=True, timeout=60, check=False)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "AUTÊNTICO" in verified.stdout and "BO 123/2026" in verified.stdout
    assert seconds_of_video(file, tmp_path) == pytest.approx(6, abs=1.1)
    actions = AuditEntry.objects.order_by("id").values_list("action", flat=True)
    ours = [action for action in actions if action.startswith("clip-")]
    assert ours == ["clip-ordered", "clip-downloaded"]

    file.write_bytes(whole.content[:-2000] + b"\0" * 100 + whole.content[-1900:])
    assert subprocess.run(check, capture_output=True, timeout=60, check=False).returncode == 1


def seconds_of_video(file: Path, folder: Path) -> float:
    with zipfile.ZipFile(file) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".mp4")]
        with av.open(str(archive.extract(name, folder))) as video:
            assert video.duration is not None
            return float(video.duration / 1_000_000)


def test_a_box_that_is_away_gets_the_order_when_it_is_back(site: Site) -> None:
    with site.running():
        start, end = record(site, 3)
    clip = order(site, start, end)
    assert shown(site, clip["id"])["state"] == "ordered"
    with site.running():
        site.until(lambda: shown(site, clip["id"])["state"] == "done", "the clip")


def test_what_the_box_refuses_is_told_in_its_words(site: Site) -> None:
    with site.running():
        record(site, 1)
        long_ago = datetime.now(UTC) - timedelta(days=3)
        clip = order(site, long_ago, long_ago + timedelta(minutes=1))
        failed = site.until(
            lambda: (now := shown(site, clip["id"]))["state"] == "failed" and now, "the refusal"
        )
    assert failed["error"] == "Não há gravação destas câmeras nestes horários."
