"""The newest seconds of a stream that is not recorded, as HLS, in memory: nothing touches the disk.

Its fragments and playlist are made as the recording's are, so a "file" here is one unbroken run of
the stream, and a fragment is a byte range of it. Its discontinuities are counted from the second in
which it began: a player must not take its media time for another stream's, or for an earlier tail's.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable

import av
import structlog

from edge_agent.clock import now_us
from edge_agent.live.adaptive import measured_variant
from edge_agent.live.engine import Variant
from edge_agent.playback import hls
from edge_agent.recording import nal
from edge_agent.recording.domain import Fragment, LiveFragment, Segment
from edge_agent.recording.fmp4 import FragmentMaker, picture
from edge_agent.rtsp.samples import Sample
from edge_agent.rtsp.sdp import Format, VideoCodec
from passthrough.broadcast import KEYFRAME_WITHIN_S, NO_PICTURES
from passthrough.errors import LiveUnavailable
from passthrough.packets import LivePacket

log = structlog.get_logger()

#: As many groups of pictures as a player keeps behind the newest (RFC 8216, 6.2.2: at least three).
KEPT = 6
#: A group of pictures longer than this (20 s of 4 Mbit/s) is left out.
MAX_GOP_BYTES = 10_000_000
#: Media time that jumps by more is a new connection to the camera.
MAX_STEP_US = 3_000_000
#: What is older is not live; as the recording's tail (playback.services).
STALE_US = 30_000_000
#: Nobody has asked for this long: nobody watches.
IDLE_S = 30.0
#: Media time is in microseconds; decoding of B-frames begins before zero.
_CLOCK_RATE = 1_000_000
_ZERO_US = 10_000_000


class StreamTail:
    """Takes a stream's packets, gives its playlist and its fragments."""

    def __init__(self, camera: str, clock_us: Callable[[], int] = now_us) -> None:
        self._camera = camera
        self._clock_us = clock_us
        self._fragments: deque[LiveFragment] = deque(maxlen=KEPT)
        self._data: dict[tuple[int, int], bytes] = {}  # by run and offset
        self._run: _Run | None = None
        self._begun, self._has_fragment = asyncio.Event(), asyncio.Event()
        self._used_mono = time.monotonic()

    def take(self, packet: LivePacket) -> None:
        """A packet of the stream; its sound is left out."""
        if packet.audio or packet.codec not in ("h264", "h265"):
            return
        codec: VideoCodec = "h264" if packet.codec == "h264" else "h265"
        data = nal.joined(packet.data.split(b"\0\0\0\1")[1:])  # as nal.annex_b put it together
        sample = Sample(data, packet.pts_us, packet.is_keyframe)
        if sample.is_keyframe:
            self._at_keyframe(codec, sample)
        if self._run is not None:
            self._run.add(sample)

    async def variant(self) -> Variant:
        """As soon as the stream has begun. Raises LiveUnavailable."""
        await self._until(self._begun)
        init = self._data[self._run.start_us, 0] if self._run else b""
        return measured_variant("sub", init, self._fragments)

    async def playlist(self, silent: bool) -> str:
        """As soon as there is a whole fragment; there is no sound in any case. Raises LiveUnavailable."""
        await self._until(self._has_fragment)
        fragments = list(self._fragments)
        if self._clock_us() - fragments[-1].fragment.end_us > STALE_US:
            raise LiveUnavailable(NO_PICTURES)
        return hls.live_playlist(fragments)

    async def read(self, folder: str, run_us: int, offset: int, length: int) -> bytes:
        """A fragment, or an initialisation section. Raises LiveUnavailable."""
        self.touch()
        data = self._data.get((run_us, offset), b"")
        if not data or len(data) != length:
            raise LiveUnavailable("Este trecho do vídeo ao vivo não existe mais.")
        return data

    def touch(self) -> None:
        """Somebody may want it."""
        self._used_mono = time.monotonic()

    async def until_idle(self) -> None:
        """Returns when nobody has asked for IDLE_S."""
        while (rest_s := self._used_mono + IDLE_S - time.monotonic()) > 0:  # noqa: ASYNC110 - time passing
            await asyncio.sleep(rest_s)

    async def _until(self, event: asyncio.Event) -> None:
        self.touch()
        try:
            async with asyncio.timeout(KEYFRAME_WITHIN_S):
                await event.wait()
        except TimeoutError:
            raise LiveUnavailable(NO_PICTURES) from None

    def _at_keyframe(self, codec: VideoCodec, sample: Sample) -> None:
        sets = nal.sequence_sets(codec, nal.parameter_sets(codec, sample.data))
        run = self._run
        if run is not None and run.continues(sample, sets):
            self._keep(run, sample.time)
            return
        if run is not None:
            self._keep(run, None)
        self._run = self._begin(codec, sample, sets)

    def _begin(self, codec: VideoCodec, sample: Sample, sets: list[bytes]) -> "_Run | None":
        try:
            made = picture(Format(codec, 96, _CLOCK_RATE, ""), sample.data, None)
        except (av.FFmpegError, ValueError, IndexError) as error:
            log.warning("stream_not_shown_by_hls", camera=self._camera, error=str(error))
            return None
        last_us = self._run.start_us if self._run else 0
        run = _Run(max(self._clock_us(), last_us + 1), sample.time, sets, len(made.init_section))
        self._data[run.start_us, 0] = made.init_section
        self._begun.set()
        return run

    def _keep(self, run: "_Run", next_time: int | None) -> None:
        """The group of pictures that is whole, and no more than KEPT of them."""
        fragment, data = run.fragment(next_time)
        if not data:
            return
        last = self._fragments[-1] if self._fragments else None
        segment = Segment(self._camera, run.start_us, run.start_us, "", run.init_bytes)
        broken = last is not None and last.segment.start_us != run.start_us
        self._fragments.append(
            LiveFragment(
                last.number + 1 if last else 0,
                last.discontinuities + broken if last else run.start_us // 1_000_000,
                segment,
                fragment,
            )
        )
        self._data[run.start_us, fragment.offset] = data
        self._forget()
        self._has_fragment.set()

    def _forget(self) -> None:
        kept = {(live.segment.start_us, live.fragment.offset) for live in self._fragments}
        runs = {run_us for run_us, _ in kept} | ({self._run.start_us} if self._run else set())
        kept |= {(run_us, 0) for run_us in runs}
        self._data = {place: data for place, data in self._data.items() if place in kept}


class _Run:
    """One unbroken run of a stream."""

    def __init__(self, start_us: int, first_us: int, sets: list[bytes], init_bytes: int) -> None:
        self.start_us = start_us
        self.init_bytes = init_bytes
        self._wall_us = start_us - first_us
        self._sets = sets
        self._maker = FragmentMaker()
        self._offset = init_bytes
        self._gop_us = self._last_us = first_us
        self._gop_bytes = 0

    def continues(self, keyframe: Sample, sets: list[bytes]) -> bool:
        return sets == self._sets and 0 <= keyframe.time - self._last_us <= MAX_STEP_US

    def add(self, sample: Sample) -> None:
        if sample.is_keyframe:
            self._gop_us, self._gop_bytes = sample.time, 0
        self._last_us = sample.time if sample.is_keyframe else max(self._last_us, sample.time)
        self._gop_bytes += len(sample.data)
        if self._gop_bytes <= MAX_GOP_BYTES:
            self._maker.add(sample)

    def fragment(self, next_time: int | None) -> tuple[Fragment, bytes]:
        """What was added since the last."""
        data = self._maker.take(next_time, _ZERO_US, 0)
        end_us = self._last_us if next_time is None else next_time
        made = Fragment(self._offset, len(data), self._wall_us + self._gop_us, end_us - self._gop_us)
        self._offset += len(data)
        return made, data
