"""Carries an update through on the box while the version that runs goes on recording.

One at a time. What it has come to is told in every health message; how it ended survives restarts
(launcher.Slots). Only the last step stops the recording: the process ends, and the launcher starts the
new one.
"""

import asyncio
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import structlog
from cryptography import x509

from edge_agent import __version__
from edge_agent.updates import archive, domain, install
from edge_agent.updates.launcher import Slots, Trial
from protocol.messages import InstallRelease, UpdateReport, UpdateStep
from protocol.releases import NotTrusted, Release, verify

log = structlog.get_logger()

CHECK_EVERY_S = 1.0

UNDER_WAY: frozenset[UpdateStep] = frozenset({"downloading", "installing", "trial"})


class Refused(Exception):
    """The order is not carried out; the text (Portuguese) says why."""


def slots_here() -> Slots | None:
    """The slots that the launcher runs this process from; None: it was started otherwise."""
    folder = os.environ.get("GTV_SLOTS")
    return Slots(Path(folder)) if folder else None


class Updater:
    """`wellness` says how the box works now; `restart` ends this process for the launcher to go on."""

    def __init__(
        self,
        slots: Slots | None,
        authority: Path,
        wellness: Callable[[], domain.Wellness],
        restart: Callable[[], None],
    ) -> None:
        self._slots = slots
        self._authority = authority
        self._wellness = wellness
        self._restart = restart
        self._running: UpdateReport | None = None

    @property
    def report(self) -> UpdateReport | None:
        """How far the update is, or how the last one ended."""
        if self._running is not None or self._slots is None:
            return self._running
        if (trial := self._slots.trial()) is not None:
            return UpdateReport(trial["attempt"], trial["version"], "trial")
        ended = self._slots.outcome()
        return UpdateReport(**ended) if ended else None

    def check(self, order: InstallRelease) -> Release | None:
        """The release to install; None: this attempt is under way, or has ended. Raises Refused, OSError."""
        if self.report is not None and self.report.attempt == order.attempt:
            return None
        if self.report is not None and self.report.step in UNDER_WAY:
            raise Refused("outra atualização está em andamento")
        if self._slots is None:
            no_launcher = "esta caixa não foi instalada com o lançador que troca de versão"
            raise self._refused(order.attempt, "?", no_launcher)
        authority = x509.load_pem_x509_certificate(self._authority.read_bytes())
        try:
            release = verify(order.release, authority, datetime.now(UTC))
        except NotTrusted as error:
            raise self._refused(order.attempt, "?", str(error)) from None
        free = shutil.disk_usage(self._slots.root).free
        why = domain.refusal(release, __version__, allow_older=order.allow_older, free_bytes=free)
        if why is not None:
            raise self._refused(order.attempt, release.version, why)
        self._tell(order.attempt, release, "downloading")
        return release

    async def carry_out(self, order: InstallRelease, release: Release) -> None:
        """Ends with a restart into the new version, or with an outcome that says why not."""
        assert self._slots is not None
        slots, wheels = self._slots, self._slots.root / "wheels"
        try:
            fetched = await archive.fetch(release, order.url, slots.root)
            self._tell(order.attempt, release, "installing")
            slot = slots.root / slots.other
            await asyncio.to_thread(_fill, slot, fetched, wheels, release.version)
            fetched.unlink()
        except (archive.ArchiveRefused, install.InstallFailed) as error:
            self._fail(order.attempt, release.version, str(error))
        except OSError as error:
            self._fail(
                order.attempt, release.version, f"o disco não deixou instalar a versão: {error.strerror}"
            )
        except Exception:
            # The border of the update: whatever goes wrong in it must not take the recorder down.
            log.exception("update_failed")
            self._fail(order.attempt, release.version, "erro interno; veja o log da caixa")
        else:
            self._hand_over(order.attempt, release)
        finally:
            await asyncio.to_thread(shutil.rmtree, wheels, ignore_errors=True)

    def _hand_over(self, attempt: str, release: Release) -> None:
        assert self._slots is not None
        before = self._wellness()
        trial = {"slot": self._slots.other, "attempt": attempt, "version": release.version}
        compared = {"cameras": before.cameras, "hub": before.hub, "deadline_s": domain.DEADLINE_S}
        self._slots.begin_trial({**trial, **compared})
        self._tell(attempt, release, "trial")
        log.info("release_on_trial", version=release.version)
        self._restart()

    async def confirm_when_well(self) -> None:
        """In a version that is being tried: confirm it as soon as it has worked for a while.

        When it never does, the launcher ends this process.
        """
        trial = self._slots.trial() if self._slots else None
        if self._slots is None or trial is None:
            return
        before = domain.Wellness(trial["cameras"], trial["hub"])
        well_for_s = 0.0
        while well_for_s < domain.SETTLED_S:
            await asyncio.sleep(CHECK_EVERY_S)
            well = domain.works(before, self._wellness())
            well_for_s = well_for_s + CHECK_EVERY_S if well else 0.0
        while not self._confirmed(trial):  # noqa: ASYNC110 - room on a disk tells nobody
            await asyncio.sleep(CHECK_EVERY_S)
        log.info("release_confirmed", version=__version__)

    def _confirmed(self, trial: Trial) -> bool:
        assert self._slots is not None
        try:
            self._slots.confirm(trial)
        except OSError as error:  # retention may make room before the launcher's patience ends
            log.error("release_not_confirmed", error=str(error))
            return False
        return True

    def _refused(self, attempt: str, version: str, reason: str) -> Refused:
        self._fail(attempt, version, reason)
        return Refused(reason)

    def _fail(self, attempt: str, version: str, reason: str) -> None:
        log.error("update_failed", version=version, reason=reason)
        self._running = UpdateReport(attempt, version, "failed", reason[:500])
        try:
            if self._slots is not None:
                self._slots.note_outcome(attempt, version, "failed", reason)
                self._running = None
        except OSError as error:  # a full disk: told until the next start, and then the hub asks again
            log.error("outcome_not_kept", error=str(error))

    def _tell(self, attempt: str, release: Release, step: UpdateStep) -> None:
        self._running = UpdateReport(attempt, release.version, step)


def _fill(slot: Path, fetched: Path, wheels: Path, version: str) -> None:
    install.install(slot, install.unpack(fetched, wheels), version)
