"""A media file as a camera's connection gives it: formats and samples."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import av
from av.bitstream import BitStreamFilterContext
from av.stream import Stream

from demo.rtsp_server.tracks import nal_units
from edge_agent.recording import nal
from edge_agent.rtsp.samples import Sample
from edge_agent.rtsp.sdp import AudioCodec, Format

_AUDIO: dict[str, AudioCodec] = {
    "aac": "aac",
    "pcm_mulaw": "pcm_mulaw",
    "pcm_alaw": "pcm_alaw",
    "opus": "opus",
}
CLOCK_RATE = 90_000


class Sent(NamedTuple):
    video: Format
    audio: Format | None
    samples: list[tuple[Format, Sample]]

    @property
    def pictures(self) -> list[Sample]:
        return [sample for track, sample in self.samples if track is self.video]


def sent(file: Path) -> Sent:
    """Everything in the file, in the order of decoding; keyframes carry their parameter sets."""
    with av.open(str(file)) as container:
        picture = container.streams.video[0]
        codec = picture.codec_context.name
        video = Format("h265" if codec == "hevc" else "h264", 96, CLOCK_RATE, "track1")
        sound = container.streams.audio[0] if container.streams.audio else None
        audio = _audio_format(sound) if sound is not None else None
        to_annex_b = BitStreamFilterContext(f"{codec}_mp4toannexb", picture)
        samples = list(_samples(container, video, audio, to_annex_b))
    return Sent(video, audio, samples)


def _samples(
    container: av.container.InputContainer,
    video: Format,
    audio: Format | None,
    filtered: BitStreamFilterContext,
) -> Iterator[tuple[Format, Sample]]:
    for packet in container.demux():
        if packet.pts is None or packet.time_base is None:
            continue
        if packet.stream.type == "video":
            ticks = packet.time_base * CLOCK_RATE
            for made in filtered.filter(packet):
                time = round((made.pts or 0) * ticks)
                yield video, Sample(nal.joined(nal_units(bytes(made))), time, made.is_keyframe)
        elif audio is not None:
            time = round(packet.pts * packet.time_base * audio.clock_rate)
            yield audio, Sample(bytes(packet), time)


def _audio_format(stream: Stream) -> Format:
    context = stream.codec_context
    assert isinstance(context, av.AudioCodecContext)
    config = (bytes(context.extradata),) if context.extradata and context.name == "aac" else ()
    rate = 48_000 if context.name == "opus" else context.sample_rate
    return Format(_AUDIO[context.name], 97, rate, "track2", config, context.layout.nb_channels)
