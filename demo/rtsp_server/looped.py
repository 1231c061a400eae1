"""A media file as a camera that never ends: paced in real time, timestamps go on over the file's end."""

import asyncio
import heapq
import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import av

from demo.rtsp_server.rtp import Burst, payloads
from demo.rtsp_server.stream import Stream
from demo.rtsp_server.tracks import Codec, Track, nal_type, nal_units

CODECS: dict[str, Codec] = {
    "h264": "h264",
    "hevc": "h265",
    "aac": "aac",
    "pcm_mulaw": "pcmu",
    "pcm_alaw": "pcma",
    "opus": "opus",
}
ANNEX_B_FILTERS = {"h264": "h264_mp4toannexb", "hevc": "hevc_mp4toannexb"}
PARAMETER_SETS: dict[str, set[int]] = {"h264": {7, 8}, "h265": {32, 33, 34}}
MIN_SLEEP_S = 0.004  # many streams are served in turns, not each by a timer of its own


@dataclass(frozen=True)
class Sample:
    """One picture or piece of sound, ready for RTP; times count from the file's start."""

    track: int
    send_s: float
    media_s: float
    payloads: Sequence[bytes]
    begins: bool


class LoopedFile:
    """A file with H.264/H.265 and AAC, G.711 or Opus, read into memory. `declared_fps` is what SDP claims."""

    def __init__(self, path: Path, declared_fps: float | None = None) -> None:
        with av.open(path) as container:
            chosen = [stream for stream in container.streams if stream.codec_context.name in CODECS]
            samples = list(_read(container, chosen))
            first = _first_keyframe(samples)
            self.tracks = tuple(_track(stream, first, declared_fps) for stream in chosen)
        start_s = min(sample.send_s for sample in samples)
        self.samples = [
            Sample(raw.track, raw.send_s - start_s, raw.media_s - start_s, self._packetise(raw), raw.begins)
            for raw in sorted(samples, key=lambda raw: raw.send_s)
        ]
        video = [raw.send_s for raw in samples if self.tracks[raw.track].is_video]
        self.duration_s = (max(video) - min(video)) * len(video) / (len(video) - 1)

    def _packetise(self, raw: "_Raw") -> list[bytes]:
        return payloads(self.tracks[raw.track], raw.data)


@dataclass(frozen=True)
class _Raw:
    track: int
    send_s: float
    media_s: float
    data: bytes
    begins: bool


def _read(container: av.container.InputContainer, chosen: Sequence[av.stream.Stream]) -> Iterator[_Raw]:
    order = {stream.index: number for number, stream in enumerate(chosen)}
    filters = _annex_b_filters(chosen)
    for packet in container.demux(chosen):
        if packet.size == 0 or packet.pts is None:
            continue
        base, index, key = packet.time_base, packet.stream.index, packet.is_keyframe
        dts = packet.pts if packet.dts is None else packet.dts
        times = float(dts * base), float(packet.pts * base)
        made = filters[index].filter(packet) if index in filters else [packet]
        for part in made:
            yield _Raw(order[index], *times, bytes(part), key or index not in filters)


def _annex_b_filters(chosen: Sequence[av.stream.Stream]) -> dict[int, av.BitStreamFilterContext]:
    """By stream index; only video has one."""
    return {
        stream.index: av.BitStreamFilterContext(ANNEX_B_FILTERS[stream.codec_context.name], stream)
        for stream in chosen
        if stream.codec_context.name in ANNEX_B_FILTERS
    }


def _first_keyframe(samples: Sequence[_Raw]) -> dict[int, bytes]:
    return {raw.track: raw.data for raw in reversed(samples) if raw.begins}


def _track(stream: av.stream.Stream, first: dict[int, bytes], declared_fps: float | None) -> Track:
    context = stream.codec_context
    codec = CODECS[context.name]
    if isinstance(context, av.AudioCodecContext):
        rate = 48_000 if codec == "opus" else context.sample_rate
        return Track(codec, rate, bytes(context.extradata or b""), context.layout.nb_channels)
    number = list(stream.container.streams).index(stream)
    units = nal_units(first[min(number, max(first))])
    sets = [unit for unit in units if nal_type(codec, unit) in PARAMETER_SETS[codec]]
    return Track(codec, 90_000, b"".join(b"\0\0\1" + unit for unit in sets), declared_fps=declared_fps)


class LoopPlayer:
    """Plays one file to its streams, spread over `spread_s` so that not all send their keyframe at once.

    The packets are made once: all streams have the same sequence numbers and timestamps.
    """

    def __init__(self, file: LoopedFile, streams: Sequence[Stream], spread_s: float = 0.0) -> None:
        self.file = file
        self.jump_s = 0.0
        self._streams = streams
        self._lags = [spread_s * number / len(streams) for number in range(len(streams))]

    async def run(self) -> None:
        start_mono = time.monotonic()
        due = [(start_mono + lag, number, 0) for number, lag in enumerate(self._lags)]
        last = len(due) - 1
        made: dict[int, Burst] = {}
        while True:
            await asyncio.sleep(max(MIN_SLEEP_S, due[0][0] - time.monotonic()))
            now = time.monotonic()
            while due[0][0] <= now:
                _, stream, position = due[0]
                if position not in made:
                    made[position] = self._burst(start_mono, position)
                self._streams[stream].deliver(made[position])
                if stream == last:
                    del made[position]
                send_mono = start_mono + self._lags[stream] + self._place(position + 1)[0]
                heapq.heapreplace(due, (send_mono, stream, position + 1))

    def _place(self, position: int) -> tuple[float, float, Sample]:
        """(seconds until sent, media time in seconds, sample) since the start, over all rounds."""
        rounds, index = divmod(position, len(self.file.samples))
        sample = self.file.samples[index]
        passed_s = rounds * self.file.duration_s
        return passed_s + sample.send_s, passed_s + sample.media_s, sample

    def _burst(self, start_mono: float, position: int) -> Burst:
        _, media_s, sample = self._place(position)
        sender = self._streams[0].senders[sample.track]
        # On the machine's clock, so that time goes on when another file takes over.
        return sender.burst(sample.payloads, start_mono + media_s + self.jump_s, sample.begins)


def many_streams(file: LoopedFile, count: int) -> list[Stream]:
    """Streams that share one file's packets."""
    first = Stream(file.tracks)
    return [first, *itertools.starmap(Stream, itertools.repeat((file.tracks, first.senders), count - 1))]
