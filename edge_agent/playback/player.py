"""The pace of a recording that is played through WebRTC, as its viewer orders over a data channel.

Browser to box: {"do": "seek", "at": RFC 3339}, {"do": "pause"}, {"do": "play"},
{"do": "step", "frames": 1 or -1}, {"do": "speed", "rate": 0.25 to 16}. Box to browser:
{"do": "position", "at": …} four times a second, {"do": "gap", "from": …, "to": …},
{"do": "end"}; before the box ends the session by itself {"do": "error", "text": why,
in Portuguese}.

A frame's RTP time is when it is sent, so seeks and speeds need no arithmetic in
the browser. After a seek the keyframe at or before the target and what lies
between come as a burst; of the group on screen only what it has not got yet.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from edge_agent.clock import to_datetime, to_us
from edge_agent.playback.gops import Frame, Gop
from edge_agent.recording.domain import GAP_US

#: Faster than this only keyframes are sent: no browser decodes 16 times 25 frames a second.
KEYFRAMES_ABOVE = 4.0
POSITION_EVERY_S = 0.25
#: Chromium leaves the second of two pictures a millisecond apart off the screen until a third comes.
APART_S = 0.02


class Control(msgspec.Struct, frozen=True):
    """What the browser asks for."""

    do: Literal["seek", "pause", "play", "step", "speed"]
    at: datetime | None = None
    frames: Literal[1, -1] = 1
    rate: Annotated[float, msgspec.Meta(ge=0.25, le=16)] = 1.0


class Player:
    """Plays one camera's recording into `show`, from `start_us`, until cancelled.

    `tell` gets what the browser is told; `find` gives the group at or after an instant, `find_before`
    the last one that begins before it. Frames are sent in their order, so that of the group on screen
    nothing is needed again (`_left_of`).
    """

    def __init__(
        self,
        find: Callable[[int], Gop | None],
        find_before: Callable[[int], Gop | None],
        start_us: int,
        show: Callable[[Frame], None],
        tell: Callable[[dict[str, str]], None],
    ) -> None:
        self._find = find
        self._find_before = find_before
        self._show = show
        self.tell = tell
        self._seek_us: int | None = start_us
        self._steps = 0
        self._gop: Gop | None = None
        self._shown_us = start_us
        self._paused = False
        self._rate = 1.0
        self._ordered = asyncio.Event()
        self._anchor_mono = self._anchor_us = 0.0
        self._told_mono = 0.0

    def control(self, order: Control) -> None:
        match order.do:
            case "seek" if order.at is not None and order.at.tzinfo is not None:
                self._seek_us, self._steps = to_us(order.at), 0
            case "step":
                self._paused = True
                self._steps += order.frames
            case "pause" | "play":
                self._paused = order.do == "pause"
            case "speed":
                self._rate = order.rate
        self._ordered.set()

    async def run(self) -> None:
        next_us = 0
        while True:
            sought = await self._take_order()
            wanted_us = next_us if sought is None else sought
            gop = await asyncio.to_thread(self._find, wanted_us)
            if gop is None:
                self.tell({"do": "end"})
                await self._until_sought()
                continue
            if sought is None and gop.start_us - next_us > GAP_US:
                self.tell({"do": "gap", "from": _text(next_us), "to": _text(gop.start_us)})
            if sought is not None or gop.start_us - next_us > GAP_US:
                self._anchor(max(wanted_us, gop.start_us))
            await self._play(gop, wanted_us, sought is not None)
            next_us = gop.end_us

    @property
    def _interrupted(self) -> bool:
        return self._seek_us is not None or self._steps != 0

    async def _take_order(self) -> int | None:
        """Where the person wants to go, if anywhere; of several steps the first."""
        sought, self._seek_us = self._seek_us, None
        if sought is not None or not self._steps:
            return sought
        forward = self._steps > 0
        self._steps -= 1 if forward else -1
        return self._next_us() if forward else await self._before_us()

    def _next_us(self) -> int:
        """The instant of the picture after the one on screen."""
        if self._gop is None:
            return self._shown_us
        later = (frame.at_us for frame in self._gop.frames if frame.at_us > self._shown_us)
        return next(later, self._gop.end_us)

    async def _before_us(self) -> int:
        """The instant of the picture before the one on screen; the same where there is none."""
        gop = self._gop
        if gop is not None and gop.start_us >= self._shown_us:
            gop = await asyncio.to_thread(self._find_before, gop.start_us)
        earlier = [frame.at_us for frame in gop.frames if frame.at_us < self._shown_us] if gop else []
        # Within its group, also where the last picture's time is a little past its end.
        return min(max(earlier), gop.end_us - 1) if gop and earlier else self._shown_us

    async def _play(self, gop: Gop, from_us: int, sought: bool) -> None:
        """Show a group: at once up to `from_us`, then at its pace; ends early when the person seeks.

        `sought`: the picture at `from_us` is shown at once too, also to who has paused.
        """
        if self._seek_us is not None:
            return  # the person sought on while this was read
        frames, self._gop = self._left_of(gop, from_us), gop
        if sought:
            frames = await self._jump(frames, from_us)
        for frame in frames:
            if self._rate > KEYFRAMES_ABOVE and not frame.is_keyframe:
                continue
            if frame.at_us >= from_us:
                await self._until_due(frame.at_us)
                if self._interrupted:
                    return
                self._tell_position(frame.at_us, at_once=False)
            self._put_on_screen(frame)
        await self._until_due(gop.end_us)

    async def _jump(self, frames: list[Frame], to_us: int) -> list[Frame]:
        """Show at once what leads to the picture of an instant, and that; returns what follows it."""
        for place, frame in enumerate(frames):
            is_there = frame.at_us >= to_us
            if is_there and place > 0:
                await asyncio.sleep(APART_S)
            self._put_on_screen(frame)
            if is_there:
                self._tell_position(frame.at_us, at_once=True)
                return frames[place + 1 :]
        return []

    def _put_on_screen(self, frame: Frame) -> None:
        self._show(frame)
        self._shown_us = frame.at_us

    def _left_of(self, gop: Gop, from_us: int) -> list[Frame]:
        """What must be sent to show an instant: of the group on screen only what follows its picture."""
        if self._gop is None or gop.start_us != self._gop.start_us or from_us <= self._shown_us:
            return gop.frames
        return [frame for frame in gop.frames if frame.at_us > self._shown_us]

    async def _until_due(self, at_us: int) -> None:
        while not self._interrupted:
            self._ordered.clear()
            wait_s = None if self._paused else self._due_mono(at_us) - time.monotonic()
            if wait_s is not None and wait_s <= 0:
                return
            rate, position_us = self._rate, self._position_us(at_us)
            try:
                await asyncio.wait_for(self._ordered.wait(), wait_s)
            except TimeoutError:
                return
            if wait_s is None or self._paused or rate != self._rate:
                self._anchor(self._anchor_us if wait_s is None else position_us)

    async def _until_sought(self) -> None:
        while not self._interrupted:
            self._ordered.clear()
            await self._ordered.wait()

    def _anchor(self, at_us: float) -> None:
        self._anchor_mono, self._anchor_us = time.monotonic(), at_us

    def _due_mono(self, at_us: int) -> float:
        return self._anchor_mono + (at_us - self._anchor_us) / 1_000_000 / self._rate

    def _position_us(self, limit_us: int) -> float:
        played_s = (time.monotonic() - self._anchor_mono) * self._rate
        return min(self._anchor_us + played_s * 1_000_000, limit_us)

    def _tell_position(self, at_us: int, at_once: bool) -> None:
        now = time.monotonic()
        if at_once or now - self._told_mono >= POSITION_EVERY_S:
            self._told_mono = now
            self.tell({"do": "position", "at": _text(at_us)})


def _text(at_us: int) -> str:
    return to_datetime(at_us).isoformat(timespec="milliseconds").replace("+00:00", "Z")
