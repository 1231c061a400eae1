"""The launcher keeps the box running: a new version that does not work is gone back from, whatever dies when.

The versions here are small scripts in the slots' places; the launcher is the real one.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.updates import launcher
from edge_agent.updates.launcher import MAX_STARTS, RESTART, Launcher, Slots, Trial, choose
from tests.integration.hub.box import eventually

#: Says that it ran and goes on until it is told to stop.
WORKS = """
import pathlib, signal, sys, time
pathlib.Path({log!r}).open("a").write({name!r} + "\\n")
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
{then}
while True:
    time.sleep(0.05)
"""
CONFIRMS = """
import importlib.util
spec = importlib.util.spec_from_file_location("launcher", {launcher!r})
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
slots = module.Slots(pathlib.Path({root!r}))
slots.confirm(slots.trial())
"""


class Box:
    """A folder of slots; `a` works."""

    def __init__(self, root: Path) -> None:
        self.slots, self._root = Slots(root), root
        self._log = root / "ran.log"
        root.mkdir()
        self.put("a")
        self.slots.point_to("a")

    def put(self, slot: str, then: str = "") -> None:
        bin_folder = self._root / slot / "bin"
        bin_folder.mkdir(parents=True)
        (bin_folder / "python").symlink_to(sys.executable)
        script = WORKS.format(log=str(self._log), name=slot, then=then)
        (bin_folder / "gtv").write_text(script)
        (self._root / slot / "whole").touch()

    def confirms(self) -> str:
        return CONFIRMS.format(launcher=launcher.__file__, root=str(self._root))

    def try_b(self, deadline_s: float = 60.0) -> None:
        self.slots.begin_trial({"slot": "b", "attempt": "one", "version": "2.0.0", "deadline_s": deadline_s})

    def ran(self) -> list[str]:
        return self._log.read_text().split() if self._log.exists() else []

    def reason(self) -> str:
        outcome = self.slots.outcome()
        assert outcome is not None and outcome["step"] == "rolled-back", outcome
        return str(outcome["reason"])

    @contextmanager
    def launched(self) -> Iterator["subprocess.Popen[bytes]"]:
        process = subprocess.Popen([sys.executable, launcher.__file__, str(self._root), "run"])
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait(20)


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path / "slots")


def test_the_version_that_works_is_started_and_stopped(box: Box) -> None:
    with box.launched() as process:
        eventually(lambda: box.ran() == ["a"], "the current version runs")
        process.terminate()
        assert process.wait(20) == 0


def test_a_version_that_confirms_itself_stays(box: Box) -> None:
    box.put("b", box.confirms())
    box.try_b()
    with box.launched():
        eventually(lambda: box.slots.current == "b" and box.slots.trial() is None, "it is the current one")
    with box.launched():
        eventually(lambda: box.ran() == ["b", "b"], "also after the next start")
    outcome = box.slots.outcome()
    assert outcome is not None and outcome["step"] == "confirmed"


@pytest.mark.parametrize(
    ("then", "why"),
    [
        ("sys.exit(1)", "terminou sozinha"),
        ("raise RuntimeError", "terminou sozinha"),
        ("", "não se confirmou"),
    ],
)
def test_a_version_that_dies_or_hangs_is_gone_back_from(box: Box, then: str, why: str) -> None:
    box.put("b", then)
    box.try_b(deadline_s=60.0 if then else 1.0)
    with box.launched():
        eventually(lambda: box.ran() == ["b", "a"], "the old version runs again")
        assert why in box.reason()
        assert box.slots.current == "a" and box.slots.trial() is None


def test_a_version_that_does_not_even_end_is_killed(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    box.put("b", "signal.signal(signal.SIGTERM, signal.SIG_IGN)")
    box.try_b(deadline_s=0.5)
    stubborn = launcher.__file__
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import runpy, sys; sys.argv[1:] = {[str(box.slots.root), 'run']!r};"
            f"m = runpy.run_path({stubborn!r}); m['Launcher']._give_up.__globals__['STOP_WITHIN_S'] = 0.5;"
            "m['main'](sys.argv)",
        ]
    )
    try:
        eventually(lambda: box.ran() == ["b", "a"], "the old version runs again")
    finally:
        process.terminate()
        process.wait(20)


def test_a_version_may_restart_itself_but_not_for_ever(box: Box) -> None:
    box.put("b", f"sys.exit({RESTART})")
    box.try_b()
    with box.launched():
        eventually(lambda: box.ran() == ["b"] * MAX_STARTS + ["a"], "the old version runs again")
    assert "partidas" in box.reason()


def test_switching_the_box_off_in_a_trial_is_no_failure(box: Box) -> None:
    box.put("b")
    box.try_b()
    for starts in range(1, MAX_STARTS + 1):
        with box.launched():
            eventually(lambda n=starts: box.ran() == ["b"] * n, "it is tried")  # type: ignore[misc]
    with box.launched():
        eventually(lambda: box.ran() == ["b"] * MAX_STARTS + ["a"], "but not for ever")


def test_power_lost_in_a_trial_costs_one_start_of_it(box: Box) -> None:
    box.put("b")
    box.try_b()
    with box.launched() as process:
        eventually(lambda: box.ran() == ["b"], "it is tried")
        process.kill()
        process.wait()
        _kill_left(box)
    assert (box.slots.trial() or {})["starts"] == 1
    with box.launched():
        eventually(lambda: box.ran() == ["b", "b"], "it is tried again")


def _kill_left(box: Box) -> None:
    """The version that the killed launcher has left; power takes both."""
    script = str(box.slots.root / "b" / "bin" / "gtv")
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and script in _arguments(entry):
            os.kill(int(entry.name), signal.SIGKILL)


def _arguments(process: Path) -> str:
    try:
        return (process / "cmdline").read_text()
    except OSError:
        return ""


def test_a_slot_that_was_not_installed_whole_is_never_started(box: Box) -> None:
    box.put("b")
    (box.slots.root / "b" / "whole").unlink()
    box.try_b()
    with box.launched():
        eventually(lambda: box.ran() == ["a"], "the old version runs")
    assert "não está inteira" in box.reason()


# --- power lost between any two durable steps ------------------------------------------------


class PowerLost(Exception):
    """The step before this was made, the next one never."""


def _until(step: int, slots: Slots, monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[[], None] = slots._sync_folder
    left = [step]

    def sync() -> None:
        real()
        left[0] -= 1
        if left[0] == 0:
            raise PowerLost

    monkeypatch.setattr(slots, "_sync_folder", sync)


@pytest.mark.parametrize("ending", ["confirm", "conclude"])
@pytest.mark.parametrize("step", [1, 2, 3])
def test_power_lost_at_any_step_leaves_a_slot_that_works(
    box: Box, monkeypatch: pytest.MonkeyPatch, ending: str, step: int
) -> None:
    box.put("b")
    box.try_b()
    trial = box.slots.trial()
    assert trial is not None
    with monkeypatch.context() as patch:
        _until(step, box.slots, patch)
        try:
            if ending == "confirm":
                box.slots.confirm(trial)
            else:
                box.slots.conclude(trial, "rolled-back", "prova")
        except PowerLost:
            pass
    current, left = box.slots.current, box.slots.trial()
    assert box.slots.is_whole(current)
    verdict, _ = choose(current, left, whole=True)
    if ending == "confirm":
        assert current == "b" and verdict in ("run", "confirmed"), "what has shown that it works stays"
    else:
        assert current == "a" and verdict in ("run", "try")


def test_a_disk_that_takes_no_note_takes_no_trial(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    box.put("b")
    box.try_b()
    monkeypatch.setattr(box.slots, "_write", full)
    assert Launcher(box.slots, ["run"])._settle() is None, "the version that works is started"


@given(
    st.sampled_from("ab"),
    st.none() | st.fixed_dictionaries({"slot": st.sampled_from("ab"), "starts": st.integers(0, 9)}),
    st.booleans(),
)
def test_a_start_always_has_a_slot_that_is_whole(current: str, trial: Trial | None, whole: bool) -> None:
    verdict, reason = choose(current, trial, whole)
    if verdict == "try":
        assert trial is not None and whole and trial["slot"] != current and trial["starts"] < MAX_STARTS
    assert bool(reason) == (verdict == "rolled-back")


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "{}"])
def test_a_damaged_note_of_a_trial_is_as_none(box: Box, content: str) -> None:
    (box.slots.root / "trial.json").write_text(content)
    with box.launched():
        eventually(lambda: box.ran() == ["a"], "the old version runs")


def test_what_is_written_is_whole(box: Box) -> None:
    box.try_b()
    assert json.loads((box.slots.root / "trial.json").read_text())["starts"] == 0
    assert not list(box.slots.root.glob("*.new"))
