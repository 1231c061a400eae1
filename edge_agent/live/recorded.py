"""The recording's newest end as live HLS: the main stream, where no MediaMTX runs."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import ParamSpec, TypeVar

from edge_agent.live.adaptive import measured_variant
from edge_agent.live.engine import Variant
from edge_agent.live.pictures import pictures_only
from edge_agent.playback import init_section, services
from edge_agent.recording.index import RecordingIndex
from passthrough.errors import LiveUnavailable

POLL_S = 0.2
#: The files without their sound.
SILENT = "pictures"

P = ParamSpec("P")
T = TypeVar("T")


class RecordedTail:
    """Of one camera. Its methods raise LiveUnavailable."""

    def __init__(self, index: RecordingIndex, camera: str) -> None:
        self._index = index
        self._camera = camera

    async def variant(self) -> Variant:
        """As soon as the camera is recorded: a box that has just started is some seconds from it."""
        while not self._index.live_tail(self._camera):  # noqa: ASYNC110 - reported by another process
            await asyncio.sleep(POLL_S)
        return await _found(self._variant)

    async def playlist(self, silent: bool) -> str:
        text = await _found(services.live_playlist, self._index, self._camera)
        return text.replace("segments/", f"{SILENT}/") if silent else text

    async def read(self, folder: str, segment: int, offset: int, length: int) -> bytes:
        read = _read_silent if folder == SILENT else services.read_for_player
        return await _found(read, self._index, self._camera, segment, offset, length)

    def _variant(self) -> Variant:
        tail = self._index.live_tail(self._camera)
        newest = tail[-1].segment
        init = services.read_media(self._index, self._camera, newest.start_us, 0, newest.init_bytes)
        return measured_variant("main", init, tail)


def _read_silent(index: RecordingIndex, camera: str, segment: int, offset: int, length: int) -> bytes:
    data = services.read_media(index, camera, segment, offset, length)
    try:
        return pictures_only(data)
    except init_section.Malformed:
        raise services.BadRange("Peça a gravação pelos trechos da lista de reprodução.") from None


async def _found(find: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Raises LiveUnavailable for what the recording does not have."""
    try:
        return await asyncio.to_thread(find, *args, **kwargs)
    except services.BadRange as error:
        raise LiveUnavailable(str(error), HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE) from None
    except services.PlaybackError as error:
        raise LiveUnavailable(str(error)) from None
