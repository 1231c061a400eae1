"""Starts the box's software from the slot that works, tries a new one, and goes back by itself (ADR 63).

    python3 launcher.py SLOTS run --data-dir … (what follows `gtv edge`)

Only the standard library, and none of the product: `gtv edge install` copies this file beside the slots, the
system's own Python runs it, and no release replaces it.

    SLOTS/a, SLOTS/b      virtual environments; `whole` in one says that it was installed to its end
    SLOTS/current         a symbolic link to the slot that has shown that it works
    SLOTS/trial.json      the other slot is to be tried
    SLOTS/outcome.json    how the last update ended

Invariant: `current` names a slot that is whole and has worked, at every instant. Durable steps of an update:
the slot and its `whole`; trial.json; before each start of the trial its count in trial.json; then either the
new version moves `current` to itself, writes the outcome and removes trial.json, or this program writes
the outcome and removes trial.json. Power lost between any two leaves one of these states, and each
is started from by `choose`.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

#: The child asks to be started again (sysexits.h: EX_TEMPFAIL); in a trial it is no failure.
RESTART = 75
#: Starts that a trial has: power may go in one of them, and the new version may restart itself.
MAX_STARTS = 3
#: What a version that is given up has to end by itself.
STOP_WITHIN_S = 15.0
POLL_S = 0.25

Trial = dict[str, Any]
TRIAL_KEYS = {"slot", "attempt", "version", "deadline_s", "starts"}


class Slots:
    """The files of the folder; everything is written whole or not at all."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def current(self) -> str:
        """Raises OSError where nothing was installed."""
        return (self.root / "current").readlink().name

    @property
    def other(self) -> str:
        return "b" if self.current == "a" else "a"

    def is_whole(self, slot: str) -> bool:
        return (self.root / slot / "whole").exists()

    def trial(self) -> Trial | None:
        found = self._read("trial.json")
        return found if found is not None and found.keys() >= TRIAL_KEYS else None

    def outcome(self) -> dict[str, Any] | None:
        return self._read("outcome.json")

    def begin_trial(self, trial: Trial) -> None:
        """`trial`: slot, attempt, version, deadline_s, and what its new version compares itself with."""
        self._write("trial.json", {**trial, "starts": 0})

    def count_start(self, trial: Trial) -> None:
        self._write("trial.json", {**trial, "starts": trial["starts"] + 1})

    def confirm(self, trial: Trial) -> None:
        """The slot that is tried becomes the one that works."""
        self.point_to(trial["slot"])
        self.conclude(trial, "confirmed", "")

    def conclude(self, trial: Trial, step: str, reason: str) -> None:
        self.note_outcome(trial["attempt"], trial["version"], step, reason)
        (self.root / "trial.json").unlink(missing_ok=True)
        self._sync_folder()

    def note_outcome(self, attempt: str, version: str, step: str, reason: str) -> None:
        self._write(
            "outcome.json", {"attempt": attempt, "version": version, "step": step, "reason": reason[:500]}
        )

    def point_to(self, slot: str) -> None:
        new = self.root / "current.new"
        new.unlink(missing_ok=True)
        new.symlink_to(slot)
        new.replace(self.root / "current")
        self._sync_folder()

    def _read(self, name: str) -> dict[str, Any] | None:
        try:
            found = json.loads((self.root / name).read_text())
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def _write(self, name: str, content: dict[str, Any]) -> None:
        new = self.root / f"{name}.new"
        with new.open("w") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.root / name)
        self._sync_folder()

    def _sync_folder(self) -> None:
        folder = os.open(self.root, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def choose(current: str, trial: Trial | None, whole: bool) -> tuple[str, str]:
    """What to do at a start, and why: "run" the current slot, "try" the other, "confirmed" or "rolled-back"
    for a trial that is over and was not put away. `whole`: the slot to be tried is."""
    if trial is None:
        return "run", ""
    if trial["slot"] == current:
        return "confirmed", ""
    if not whole:
        return "rolled-back", "a instalação da nova versão não está inteira"
    if trial["starts"] >= MAX_STARTS:
        return "rolled-back", f"a nova versão não se confirmou em {MAX_STARTS} partidas"
    return "try", ""


class Launcher:
    """Runs one version after the other until it is told to stop."""

    def __init__(self, slots: Slots, argv: list[str]) -> None:
        self._slots = slots
        self._argv = argv
        self._child: subprocess.Popen[bytes] | None = None
        self._stopping = False

    def run(self) -> int:
        """The exit status of the last version that ran."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while True:
            trial = self._settle()
            slot = trial["slot"] if trial else self._slots.current
            self._child = self._start(slot)
            if self._stopping:  # the signal came before there was a child to pass it to
                self._child.terminate()
            status = self._child.wait() if trial is None else self._watch(trial)
            if self._stopping:
                return 0 if status in (RESTART, None) else status
            if status not in (RESTART, None):
                return status

    def _settle(self) -> Trial | None:
        """Put a trial away that is over; the one that is to be made, counted.

        A disk that takes no note takes no trial: what is not counted could be tried for ever.
        """
        try:
            return self._settled()
        except OSError as error:
            sys.stderr.write(f"launcher: {error}; starting the version that works\n")
            return None

    def _settled(self) -> Trial | None:
        trial = self._slots.trial()
        whole = trial is not None and self._slots.is_whole(trial["slot"])
        verdict, reason = choose(self._slots.current, trial, whole)
        if trial is None or verdict == "run":
            return None
        if verdict == "try":
            self._slots.count_start(trial)
            return trial
        self._slots.conclude(trial, verdict, reason)
        return None

    def _start(self, slot: str) -> "subprocess.Popen[bytes]":
        folder = self._slots.root.absolute() / slot
        command = [str(folder / "bin" / "python"), str(folder / "bin" / "gtv"), "edge", *self._argv]
        environment = {**os.environ, "GTV_SLOTS": str(self._slots.root.absolute())}
        # A group of its own: what a version that is given up has started goes with it.
        return subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603

    def _watch(self, trial: Trial) -> int | None:
        """A trial's start: its exit status after it has confirmed itself; None: it is over, start again."""
        assert self._child is not None
        deadline = time.monotonic() + float(trial["deadline_s"])
        while self._slots.trial() is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                status = self._child.wait(POLL_S)
                if self._stopping or status == RESTART or self._slots.trial() is None:
                    return status
                self._give_up(trial, f"a nova versão terminou sozinha (código {status})")
                return None
            if time.monotonic() > deadline and not self._stopping:
                self._give_up(trial, f"a nova versão não se confirmou em {trial['deadline_s']:g} s")
                return None
        return self._child.wait()

    def _give_up(self, trial: Trial, reason: str) -> None:
        assert self._child is not None
        with contextlib.suppress(ProcessLookupError):
            self._child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(STOP_WITHIN_S)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, signal.SIGKILL)  # whoever is left of it
        self._child.wait()
        if self._slots.trial() is not None:  # it may have confirmed itself while it was being told to end
            with contextlib.suppress(OSError):  # a full disk: the next start sees it again
                self._slots.conclude(trial, "rolled-back", reason)

    def _stop(self, number: int, _frame: object) -> None:
        self._stopping = True
        if self._child is not None and self._child.poll() is None:
            self._child.send_signal(number)


def main(argv: list[str]) -> int:
    if len(argv) < 3:
        sys.stderr.write("usage: launcher.py SLOTS run …\n")
        return 2
    return Launcher(Slots(Path(argv[1])), argv[2:]).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv))
