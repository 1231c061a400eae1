"""A camera's packets on their way to one viewer: what waits is bounded, and nobody holds up another."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

#: A second or two of a stream: more waits only when the viewer is gone or far too slow.
MAX_WAITING = 100

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LivePacket:
    """One access unit as the camera sent it, of a camera that is watched.

    H.264 and H.265 are in Annex B form, with the parameter sets before each
    keyframe. `pts_us` is the camera's media time and starts anew at each connection.
    """

    camera: str
    data: bytes
    pts_us: int
    is_keyframe: bool
    codec: str  # h264, h265, opus, pcm_mulaw, pcm_alaw, aac
    audio: bool = False


class QueueEnded(Exception):
    """Nothing comes any more."""


class PacketQueue(Generic[T]):
    """What waits for one viewer. When too much does it is dropped, with all that comes before a keyframe."""

    def __init__(self) -> None:
        self._items: deque[T] = deque()
        self._changed = asyncio.Event()
        self._skipping = False
        self._ended = False

    def __len__(self) -> int:
        return len(self._items)

    def begin(self, gop: Sequence[T]) -> None:
        """With the current group of pictures; where there is none, with the next keyframe."""
        self._items.extend(gop)
        self._skipping = not gop
        self._changed.set()

    def put(self, item: T, is_keyframe: bool) -> None:
        """Never waits."""
        if len(self._items) >= MAX_WAITING:
            self._items.clear()
            self._skipping = True
        if self._skipping and not is_keyframe:
            return
        self._skipping = False
        self._items.append(item)
        self._changed.set()

    async def next(self) -> T:
        """Raises QueueEnded."""
        while not self._items:
            if self._ended:
                raise QueueEnded
            self._changed.clear()
            await self._changed.wait()
        return self._items.popleft()

    def end(self) -> None:
        self._ended = True
        self._changed.set()
