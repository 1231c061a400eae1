"""G.711 sound made into Opus for browsers, which cannot play it; the recording stays as the camera sent it.

An answer has exactly the bytes that the recording has there: Opus needs less than G.711's 64 kbit/s, and
the rest is padding. So playlists go on naming byte ranges of the files, on the LAN and through the relay,
and nothing above this module knows.

A fragment is transcoded alone, whenever somebody plays it. For the seams not to be heard, Opus packets lie
on one grid of 20 ms over all fragments: a fragment gives those that end in it, and the encoder is warmed up
with what was heard before.
"""

import struct
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import av
from av.audio.codeccontext import AudioCodecContext
from av.packet import Packet

from edge_agent.playback import init_section
from edge_agent.playback.init_section import Malformed, parts
from edge_agent.recording.fmp4 import AUDIO_TRACK, audio_traf, audio_trak, moof
from edge_agent.rtsp.samples import Sample
from edge_agent.rtsp.sdp import Format

_CODECS = {b"alaw": "pcm_alaw", b"ulaw": "pcm_mulaw"}
#: What a player is told of these codecs (init_section.codecs).
PLAYED_AS = {"alaw": "opus", "ulaw": "opus"}
_SILENCE = {"pcm_alaw": b"\xd5", "pcm_mulaw": b"\xff"}  # ITU-T G.711
_OPUS_RATE = 48_000
_PACKET_S = Fraction(20, 1000)
#: Packets that the encoder hears before the first that is wanted.
_WARM_UP = 4
_BITRATE_BPS = 24_000
#: A gap in the sound is filled with silence up to here.
_MAX_GAP_S = 60


class TelephoneSound(NamedTuple):
    """The sound of a recording that browsers cannot play."""

    codec: str
    rate: int
    channels: int

    @property
    def packet_samples(self) -> int:
        return int(self.rate * _PACKET_S)

    @property
    def lead_bytes(self) -> int:
        """How much of the fragment before is needed."""
        return (_WARM_UP + 1) * self.packet_samples * self.channels


def of(init: bytes) -> TelephoneSound | None:
    """What must be made into Opus, by a file's initialisation section; None: nothing. Raises Malformed."""
    for entry in init_section.sample_entries(init):
        if entry[4:8] in _CODECS:
            channels, rate = (
                struct.unpack_from(">H", entry, 24)[0],
                struct.unpack_from(">I", entry, 32)[0] >> 16,
            )
            return TelephoneSound(_CODECS[entry[4:8]], rate, channels)
    return None


def init_for_browsers(init: bytes, sound: TelephoneSound) -> bytes:
    """The section with an Opus track in place of G.711's, of the same length. Raises Malformed."""
    opus = audio_trak(Format("opus", 0, _OPUS_RATE, "", channels=sound.channels))
    made = []
    for part in parts(init):
        if part.kind != b"moov":
            made.append(part.data)
            continue
        inner = b"".join(
            _padded(opus, len(child.data)) if init_section.is_sound(child) else child.data
            for child in parts(part.data[8:])
        )
        made.append(struct.pack(">I4s", len(inner) + 8, b"moov") + inner)
    return b"".join(made)


def _padded(trak: bytes, size: int) -> bytes:
    """With a `free` box at its end. Raises Malformed where there is no room."""
    room = size - len(trak)
    if room < 8:
        raise Malformed("no room for another kind of sound")
    return (
        struct.pack(">I4s", size, b"trak") + trak[8:] + struct.pack(">I4s", room, b"free") + bytes(room - 8)
    )


class _Fragment(NamedTuple):
    """A fragment's parts. `pcm` is G.711 with its gaps filled; `decoded` when it begins, in its own ticks."""

    sequence: int
    video_traf: bytes
    pictures: bytes
    decoded: int
    pcm: bytes


def fragment_for_browsers(data: bytes, before: bytes, sound: TelephoneSound) -> bytes:
    """A fragment (moof and mdat) with Opus, of the same length; `before` is the fragment before it, or empty.

    Raises Malformed, av.FFmpegError.
    """
    fragment = _read(data, sound)
    if fragment is None:
        return data
    lead = _read(before, sound) if before else None
    packets, first = _opus(fragment, lead.pcm if lead is not None else b"", sound)
    samples = [Sample(packet, 0) for packet in packets]
    step = int(_OPUS_RATE * _PACKET_S)
    tracks = [fragment.video_traf]
    if samples:
        tracks.append(audio_traf(first * step, samples, [step] * len(samples)))
    head = moof(fragment.sequence, tracks, len(fragment.pictures))
    media = fragment.pictures + b"".join(packets)
    room = len(data) - len(head) - 8 - len(media)
    if room < 0:
        raise Malformed("no room for another kind of sound")
    return b"".join([head, struct.pack(">I4s", len(data) - len(head), b"mdat"), media, bytes(room)])


def _read(data: bytes, sound: TelephoneSound) -> _Fragment | None:
    """None for a fragment without sound. Raises Malformed."""
    head = next(parts(data))
    if head.kind != b"moof":
        raise Malformed("not a fragment")
    children = list(parts(head.data[8:]))
    trafs = {_track_id(part.data): part.data for part in children if part.kind == b"traf"}
    traf = trafs.pop(AUDIO_TRACK, None)
    if traf is None:
        return None
    inside = {part.kind: part.data for part in parts(traf[8:])}
    sequence = struct.unpack_from(">I", children[0].data, 12)[0]
    (decoded,) = struct.unpack_from(">Q", inside[b"tfdt"], 12)
    count, at = struct.unpack_from(">II", inside[b"trun"], 12)
    numbers = struct.unpack_from(f">{2 * count}I", inside[b"trun"], 20)
    pcm = b"".join(_filled(data, at, numbers, sound))
    (video_traf,) = trafs.values()
    return _Fragment(sequence, video_traf, data[len(head.data) + 8 : at], decoded, pcm)


def _track_id(traf: bytes) -> int:
    return int(struct.unpack_from(">I", traf, 20)[0])  # behind the headers of traf and tfhd


def _filled(data: bytes, at: int, numbers: tuple[int, ...], sound: TelephoneSound) -> Iterator[bytes]:
    """The pieces of sound, each as long as it lasts."""
    for duration, size in zip(numbers[::2], numbers[1::2], strict=True):
        wanted = min(duration, _MAX_GAP_S * sound.rate) * sound.channels
        yield data[at : at + size].ljust(wanted, _SILENCE[sound.codec])[: max(wanted, size)]
        at += size


def _opus(fragment: _Fragment, lead: bytes, sound: TelephoneSound) -> tuple[list[bytes], int]:
    """The packets of the grid that end in a fragment, and the first one's place on the grid."""
    step, width = sound.packet_samples, sound.channels
    end = fragment.decoded + len(fragment.pcm) // width
    first, after = fragment.decoded // step, end // step
    begin = (first - _WARM_UP) * step
    wanted_lead = (fragment.decoded - begin) * width
    heard = lead[-wanted_lead:].rjust(wanted_lead, _SILENCE[sound.codec]) + fragment.pcm
    heard = heard[: (after * step - begin) * width]
    return list(_encoded(heard, sound))[_WARM_UP : _WARM_UP + after - first], first


def _encoded(heard: bytes, sound: TelephoneSound) -> Iterator[bytes]:
    layout = "mono" if sound.channels == 1 else "stereo"
    decoder = av.CodecContext.create(sound.codec, "r")
    encoder = av.CodecContext.create("libopus", "w")
    assert isinstance(decoder, AudioCodecContext) and isinstance(encoder, AudioCodecContext)
    decoder.sample_rate, decoder.layout = sound.rate, layout
    encoder.sample_rate, encoder.layout, encoder.format = _OPUS_RATE, layout, "s16"
    encoder.bit_rate = _BITRATE_BPS * sound.channels
    encoder.options = {"application": "voip", "frame_duration": "20"}
    encoder.open()
    resampler = av.AudioResampler("s16", layout, _OPUS_RATE, encoder.frame_size)
    for frame in decoder.decode(Packet(heard)):
        frame.pts, frame.time_base = 0, Fraction(1, sound.rate)
        for resampled in [*resampler.resample(frame), *resampler.resample(None)]:
            yield from (bytes(packet) for packet in encoder.encode(resampled))
    yield from (bytes(packet) for packet in encoder.encode(None))
