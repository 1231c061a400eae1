"""A box starts with one clear line or runs, ends in order, and mends itself after a power cut."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from demo.cameras import SimulatedCameras
from demo.engines import OwnedProcess
from edge_agent.config import DataFolder
from edge_agent.recording.health import HealthBoard
from edge_agent.recording.index import RecordingIndex
from edge_agent.store import Store
from tests.integration.edge.rig import BoxProcess, Pki, camera, clocks, desired, eventually
from tests.unit.edge.builders import anpr_xml, known_paths


@pytest.fixture
def recording(pki: Pki, cameras: SimulatedCameras, tmp_path: Path) -> Iterator[BoxProcess]:
    """A box with at least three fragments of its camera."""
    prepared = BoxProcess(tmp_path / "box", pki, desired(1, camera("cam1", cameras.rtsp_port, "street")))
    with prepared.process:
        wait_for_video(prepared)
        yield prepared


def wait_for_video(box: BoxProcess) -> None:
    with box.log_in() as guard:
        eventually(
            lambda: guard.get("/api/cameras/cam1/live.m3u8").text.count("#EXTINF") >= 3, what="live video"
        )


def files(box: BoxProcess) -> list[Path]:
    return sorted((box.root / "recordings").rglob("*.mp4"))


def indexed(box: BoxProcess) -> set[str]:
    store = Store(DataFolder(box.root).database)
    try:
        return known_paths(RecordingIndex(store, box.root / "recordings", HealthBoard(store)))
    finally:
        store.close()


def test_a_box_that_is_told_to_stop_closes_its_files_and_ends_at_once(recording: BoxProcess) -> None:
    pid = recording.process.pid
    assert pid is not None
    began = time.monotonic()
    os.kill(pid, signal.SIGTERM)
    eventually(lambda: not recording.process.running, within_s=10, what="the end of the box")
    assert time.monotonic() - began < 8.0
    (file,) = files(recording)
    assert indexed(recording) == {str(file.relative_to(recording.root / "recordings"))}
    assert len(clocks(file.read_bytes())) > 12
    assert "agent_stopped" in recording.log_text()
    assert "Traceback" not in recording.log_text()


def test_a_box_that_lost_its_power_keeps_footage_and_plates(recording: BoxProcess) -> None:
    """Killed without warning; what was answered and what was a whole fragment is there at the next start."""
    assert recording.push(anpr_xml(event="before-the-cut")).is_success
    pid = recording.process.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: not recording.process.running)
    (torn,) = files(recording)
    assert indexed(recording) == set()
    with torn.open("ab") as file:
        file.write(b"\x00\x00\x10\x00moof" + b"\xff" * 100)  # and a fragment that was only begun
    recording.process.start()
    wait_for_video(recording)
    assert str(torn.relative_to(recording.root / "recordings")) in indexed(recording)
    shown = clocks(torn.read_bytes())
    assert len(shown) > 12
    assert shown == sorted(shown)
    with recording.log_in() as guard:
        assert len(guard.get("/api/plate-reads").json()["results"]) == 1
        assert recording.push(anpr_xml(event="before-the-cut")).is_success, "the camera may repeat it"
        assert len(guard.get("/api/plate-reads").json()["results"]) == 1


def run_to_end(argv: list[str | Path]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(argv, capture_output=True, text=True, timeout=30, check=False)


def test_a_port_that_is_taken_is_one_clear_line(pki: Pki, tmp_path: Path) -> None:
    first = BoxProcess(tmp_path / "box", pki, None)
    with first.process:
        done = run_to_end(first.argv())
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "Não foi possível atender" in line
    assert first.console_url.rpartition(":")[2] in line


def test_a_box_that_is_not_enrolled_is_one_clear_line(tmp_path: Path) -> None:
    gtv = Path(sys.executable).parent / "gtv"
    listen = ["--host", "127.0.0.1", "--console-port", "0", "--lpr-port", "0"]
    done = run_to_end([gtv, "edge", "run", "--data-dir", tmp_path, *listen])
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "registre esta caixa primeiro" in line


@pytest.mark.parametrize("refused", ["agent.lock", "identity/secrets.new", "identity/console.crt.new"])
def test_a_folder_that_refuses_a_file_is_one_clear_line(pki: Pki, tmp_path: Path, refused: str) -> None:
    root = BoxProcess(tmp_path / "box", pki, None).root
    (root / "identity" / "secrets.key").unlink(missing_ok=True)
    (root / refused).mkdir()  # as a read-only disk, also for root: it cannot be opened as a file
    gtv = Path(sys.executable).parent / "gtv"
    listen = ["--host", "127.0.0.1", "--console-port", "0", "--lpr-port", "0", "--mediamtx", "off"]
    done = run_to_end([gtv, "edge", "run", "--data-dir", root, *listen])
    assert done.returncode == 1
    (line,) = (line for line in done.stderr.splitlines() if not line.startswith("{"))  # the log is JSON
    assert line.startswith(f"gtv edge run: A pasta de dados {root} não pode ser usada")
    assert refused in line


def test_enrolment_that_fails_is_one_clear_line(tmp_path: Path) -> None:
    gtv = Path(sys.executable).parent / "gtv"
    done = run_to_end(
        [gtv, "edge", "enrol", "--hub", "http://127.0.0.1:1", "--token", "t0ken", "--data-dir", tmp_path]
    )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "A central não respondeu" in line
    assert "t0ken" not in line


def test_a_box_the_hub_has_not_spoken_to_serves_its_console(pki: Pki, tmp_path: Path) -> None:
    new = BoxProcess(tmp_path / "box", pki, None)
    with new.process:
        answer = httpx.post(f"{new.console_url}/api/auth/login", json={"username": "ana", "password": "x"})
        assert answer.status_code == httpx.codes.UNAUTHORIZED


def test_a_box_starts_from_its_backup_on_a_new_disk(recording: BoxProcess, tmp_path: Path) -> None:
    backup, new = tmp_path / "usb", tmp_path / "new disk"
    gtv = Path(sys.executable).parent / "gtv"
    subprocess.run([gtv, "edge", "backup", backup, "--data-dir", recording.root], check=True)
    shutil.copytree(backup, new)
    recording.process.stop()
    recording.root = new  # the same ports
    with OwnedProcess(
        "restored",
        recording.argv(),
        log=tmp_path / "restored.log",
        ready=recording.answers,
        stop_within_s=15.0,
    ):
        wait_for_video(recording)
