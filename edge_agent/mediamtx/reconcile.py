"""Makes MediaMTX's paths what the desired state says, at each change and every few seconds.

What the control API sets lives in MediaMTX's memory, so a restart loses it all; the
same comparison mends that, a hand-made change, and a change that failed half-way.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable

import structlog

from edge_agent.mediamtx.client import Client, MediaMtxError, PathState, Refused
from edge_agent.mediamtx.domain import TransportChoice, address_of, difference, wanted_paths
from edge_agent.recording.logins import RefusedLogins
from protocol.messages import DesiredCamera

log = structlog.get_logger()

RECONCILE_EVERY_S = 3.0


class Reconciler:
    """Reconciles until cancelled; `states` is how the paths were at the last look, by name."""

    def __init__(
        self, client: Client, cameras: Callable[[], list[DesiredCamera]], ready: asyncio.Event
    ) -> None:
        self._client = client
        self._cameras = cameras
        self._ready = ready
        self._changed = asyncio.Event()
        self._transports = TransportChoice()
        self._logins = RefusedLogins()
        self._addresses: set[str] = set()
        self._let_in: set[str] = set()
        self.states: dict[str, PathState] = {}

    def wake(self) -> None:
        """The desired state has changed."""
        self._changed.set()

    def login_refused(self, path: str) -> None:
        """A path's camera refused the login. MediaMTX would try it again every 5 s for ever, so the path, and
        every other with this login, is taken from it until the login may be tried again."""
        if address := address_of(path, self._cameras()):
            self._logins.refused(address, time.monotonic())
            self.wake()

    def rests(self, address: str) -> bool:
        """Whether an address is left alone for now, because of a refused login."""
        return self._logins.rests_s(address, time.monotonic()) > 0

    async def run(self) -> None:
        while True:
            if not self._ready.is_set():
                self.states = {}
                await self._ready.wait()
            self._changed.clear()
            try:
                await self.converge()
            except MediaMtxError as error:
                log.warning("mediamtx_not_reconciled", error=str(error))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), RECONCILE_EVERY_S)

    async def converge(self) -> int:
        """Once; how many changes were made. Raises MediaMtxError."""
        cameras = self._cameras()
        self.states = {state.name: state for state in await self._client.paths()}
        self._transports.observe(
            [camera.id for camera in cameras if camera.transport == "auto"],
            [name for name, state in self.states.items() if state.available],
            time.monotonic(),
        )
        self._review_logins(cameras)
        wanted = wanted_paths(cameras, self._transports.over_udp, self.rests)
        changes = difference(wanted, await self._client.configured_paths())
        for change in changes:
            try:
                await self._client.apply(change)
                log.info("mediamtx_path", do=type(change).__name__.lower(), path=change.path)
            except Refused as error:  # one camera's bad address is no other camera's business
                log.error("mediamtx_path_refused", path=change.path, error=str(error))
        return len(changes)

    def _review_logins(self, cameras: list[DesiredCamera]) -> None:
        """What begins to give video was let in, and what a person has changed is tried at once."""
        addresses = {camera.rtsp_url for camera in cameras} | {camera.sub_rtsp_url for camera in cameras}
        let_in = {address_of(name, cameras) for name, state in self.states.items() if state.available}
        for address in (let_in - self._let_in) | (addresses - self._addresses):
            self._logins.forget(address)
        self._addresses, self._let_in = addresses, let_in
