"""Makes one camera's samples into fragmented MP4 (ISO/IEC 14496-12), without transcoding.

The initialisation section (ftyp, moov) is libavformat's, which knows every codec's configuration
record; the track of sound is added here, because libavformat puts no G.711 into MP4. Fragments
(moof, mdat) are made here: one for each group of pictures, whole, in one pass over its samples.
libavformat does it packet by packet, at several times the CPU, and holds back packets where
there are two tracks. Nothing here writes to disk.

A fragment's media time is the camera's, from file to file without a break, so that a player
crosses a file boundary without a jump. There is no index at the end of a file: one that a crash
cut and one that was closed look alike.
"""

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import av

from edge_agent.recording.nal import annex_b, is_picture, joined, kind_of, units
from edge_agent.recording.sample_entry import as_hvc1
from edge_agent.recording.silence import Silence
from edge_agent.rtsp.samples import Sample
from edge_agent.rtsp.sdp import Format

VIDEO_TRACK, AUDIO_TRACK = 1, 2
_OPTIONS = {"movflags": "frag_keyframe+empty_moov+default_base_moof+skip_trailer", "use_editlist": "0"}
_DEMUXERS = {"h264": "h264", "h265": "hevc"}

#: Sample flags (8.8.3.1): depends on no other; depends on others and is no sync sample.
_SYNC, _NOT_SYNC = 0x02000000, 0x01010000
_TFHD_FLAGS = 0x020020  # default-base-is-moof, default-sample-flags
_TRUN_VIDEO, _TRUN_AUDIO = 0x000B05, 0x000301  # which fields follow (8.8.8)


#: What a sample costs in memory besides its bytes, and a little more.
_SAMPLE_BYTES = 200


@dataclass(frozen=True, slots=True)
class Picture:
    """What an initialisation section says of the video."""

    init_section: bytes
    width: int
    height: int


class _Sink:
    """The write side that libavformat sees."""

    def __init__(self) -> None:
        self.data = b""

    def write(self, data: Any) -> int:
        self.data += bytes(data)
        return len(data)


def picture(video: Format, keyframe: bytes, audio: Format | None) -> Picture:
    """The initialisation section for what begins with `keyframe` (length-prefixed, with its parameter sets).

    Raises av.FFmpegError, ValueError for what is no picture.
    """
    try:
        init, width, height = _described(video, beginning(video.codec, keyframe))
    except (av.FFmpegError, ValueError, IndexError):
        init, width, height = _described(video, keyframe)
    return Picture(_with_sound(init, audio) if audio else init, width, height)


#: More than the fields of a slice's header that say what kind of picture it is (H.264, 7.3.3; H.265, 7.3.6).
_SLICE_HEAD_BYTES = 64
#: libavformat looks at a stream by decoding it. What was cut it is to give up, not to conceal.
_NOT_DECODED = {"err_detect": "explode", "ec": "0"}


def beginning(codec: str, keyframe: bytes) -> bytes:
    """Parameter sets and the head of a slice: all that a stream is described by.

    Decoding all of it took 50 ms for 720p and 0.7 s for a noisy 4K picture, in which the process takes
    no packet of any camera; what is left here takes 1 or 2 ms.
    """
    kept: list[bytes] = []
    for unit in units(keyframe):
        if is_picture(codec, kind_of(codec, unit)):
            return joined([*kept, unit[:_SLICE_HEAD_BYTES]])
        kept.append(unit)
    return keyframe


def _described(video: Format, keyframe: bytes) -> tuple[bytes, int, int]:
    """(initialisation section of the video alone, width, height)."""
    source = io.BytesIO(annex_b(keyframe))
    options: Any = [_NOT_DECODED]  # PyAV's stub is wrong about it
    with av.open(source, "r", format=_DEMUXERS[video.codec], stream_options=options) as read:
        template = read.streams.video[0]
        width, height = template.codec_context.width, template.codec_context.height
        if not width or not height or not template.codec_context.extradata:
            raise ValueError("a keyframe without readable parameter sets")
        sink = _Sink()
        with av.open(sink, "w", format="mp4", options=_OPTIONS) as output:
            stream = output.add_stream_from_template(template)
            stream.time_base = Fraction(1, video.clock_rate)
            output.start_encoding()
            return as_hvc1(sink.data), width, height


@dataclass(slots=True)
class _Run:
    """One track's samples of a fragment. Times are ticks of the track's clock."""

    samples: list[Sample]
    #: How long the last sample of all lasts: as long as the one before it.
    last_ticks: int = 0


class FragmentMaker:
    """Collects a group of pictures and its sound, and makes a fragment of them.

    `silence` stands where sound is missing, as far as `take` says for how long there should be some.
    """

    def __init__(self, silence: Silence | None = None) -> None:
        self._silence = silence
        self._video = _Run([])
        self._audio = _Run([], silence.ticks if silence else 0)
        self._sequence = 0
        # On the file's timeline, where the last piece of sound begins.
        self._sound_last: int | None = None
        #: What was added since the last fragment, with what each sample costs besides.
        self.size_bytes = 0
        #: How much later than they are decoded pictures are shown, once it is known: B-frames need it.
        self._delay = 0
        self._decoded: int | None = None

    @property
    def is_empty(self) -> bool:
        return not self._video.samples

    def add(self, sample: Sample) -> None:
        self._video.samples.append(sample)
        self.size_bytes += len(sample.data) + _SAMPLE_BYTES

    def add_sound(self, sample: Sample) -> None:
        self._audio.samples.append(sample)
        self.size_bytes += len(sample.data) + _SAMPLE_BYTES

    def take(
        self, next_time: int | None, base: int, audio_base: int, sound_span: tuple[int, int] | None = None
    ) -> bytes:
        """The fragment (moof and mdat) of what was added since the last, or nothing without pictures.

        `next_time`: of the keyframe that follows, or None at the end. `base` is added to the pictures'
        times, `audio_base` to the sound's, to place them on the file's timeline. Sound that would lie on
        what was written before is left out: it is so little that it is when the sound is placed anew.
        `sound_span`: from when until when there should be sound, in its ticks on the file's timeline.
        """
        pictures, self._video.samples = self._video.samples, []
        pieces, self._audio.samples = self._audio.samples, []
        self.size_bytes = 0
        if not pictures:
            return b""
        sound = self._without_gaps(pieces, audio_base, sound_span)
        self._sequence += 1
        decoded, durations, offsets = self._decoding(pictures, next_time)
        video_bytes = sum(len(sample.data) for sample in pictures)
        sound_run = self._sound_run(sound)
        tracks = [_video_traf(decoded + base, pictures, durations, offsets)]
        if sound:
            tracks.append(audio_traf(sound[0].time + audio_base, sound, sound_run))
            self._sound_last = sound[-1].time + audio_base
        head = moof(self._sequence, tracks, video_bytes)
        media = [*(sample.data for sample in pictures), *(sample.data for sample in sound)]
        mdat_bytes = 8 + video_bytes + sum(len(sample.data) for sample in sound)
        return b"".join([head, struct.pack(">I4s", mdat_bytes, b"mdat"), *media])

    def _decoding(
        self, pictures: Sequence[Sample], next_time: int | None
    ) -> tuple[int, list[int], list[int]]:
        """(when the first is decoded, how long each lasts, how long each waits to be shown), in ticks.

        RTP tells only when a picture is shown. Pictures are decoded in the order they come, evenly, and none
        after it is shown: the shown times in order, less the longest wait there has to be. Each is decoded
        after the one before it, also where a camera shows two at the same time: that one waits less than 0.
        """
        shown = [sample.time for sample in pictures]
        ordered = sorted(shown)
        if ordered != shown:
            self._delay = max(self._delay, *(o - s for o, s in zip(ordered, shown, strict=True)))
        times: list[int] = []
        for time in ordered:
            decoded = time - self._delay
            self._decoded = decoded if self._decoded is None else max(decoded, self._decoded + 1)
            times.append(self._decoded)
        self._video.last_ticks = self._last_ticks(times, next_time)
        durations = [*_steps(times), self._video.last_ticks]
        return times[0], durations, [s - t for s, t in zip(shown, times, strict=True)]

    def _last_ticks(self, times: Sequence[int], next_time: int | None) -> int:
        """How long the last picture is decoded: until the next, or as long as the one before it."""
        if next_time is not None and next_time - self._delay > times[-1]:
            return next_time - self._delay - times[-1]
        return times[-1] - times[-2] if len(times) > 1 else self._video.last_ticks

    def _without_gaps(
        self, pieces: list[Sample], audio_base: int, span: tuple[int, int] | None
    ) -> list[Sample]:
        last, lasts = self._sound_last, self._audio.last_ticks
        sound = [piece for piece in pieces if last is None or piece.time + audio_base > last]
        if self._silence is None or span is None:
            return sound
        begin, until = (at - audio_base for at in span)
        heard = begin if last is None else last + lasts - audio_base
        if not sound:
            return self._quiet(heard, until)
        lasts = sound[-1].time - sound[-2].time if len(sound) > 1 else lasts
        return [*self._quiet(heard, sound[0].time), *sound, *self._quiet(sound[-1].time + lasts, until)]

    def _quiet(self, begin: int, end: int) -> list[Sample]:
        """Silence in whole pieces."""
        assert self._silence is not None, "there is a kind of silence"
        piece, ticks = self._silence
        return [Sample(piece, at) for at in range(begin, end - ticks + 1, ticks)]

    def _sound_run(self, sound: Sequence[Sample]) -> list[int]:
        """How long each piece lasts: until the next one, so that a gap stays a gap."""
        if not sound:
            return []
        times = [sample.time for sample in sound]
        steps = _steps(times)
        self._audio.last_ticks = steps[-1] if steps else self._audio.last_ticks
        return [*steps, self._audio.last_ticks]


def _steps(times: Sequence[int]) -> list[int]:
    return [after - before for before, after in pairwise(times)]


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def _full(kind: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags), *parts)


def _video_traf(
    decoded: int, pictures: Sequence[Sample], durations: Sequence[int], offsets: Sequence[int]
) -> bytes:
    entries = [
        number
        for sample, duration, offset in zip(pictures, durations, offsets, strict=True)
        for number in (duration, len(sample.data), offset & 0xFFFFFFFF)
    ]
    head = struct.pack(">III", len(pictures), 0, _SYNC)  # the data's place is filled in by moof
    return _traf(VIDEO_TRACK, _NOT_SYNC, decoded, 1, _TRUN_VIDEO, head, entries)  # 1: offsets have a sign


def audio_traf(decoded: int, sound: Sequence[Sample], durations: Sequence[int]) -> bytes:
    """The sound of a fragment; times are ticks of its clock."""
    entries = [
        number
        for sample, duration in zip(sound, durations, strict=True)
        for number in (duration, len(sample.data))
    ]
    return _traf(AUDIO_TRACK, _SYNC, decoded, 0, _TRUN_AUDIO, struct.pack(">II", len(sound), 0), entries)


def _traf(
    track: int,
    sample_flags: int,
    decoded: int,
    trun_version: int,
    trun_flags: int,
    head: bytes,
    entries: Sequence[int],
) -> bytes:
    tfhd = _full(b"tfhd", 0, _TFHD_FLAGS, struct.pack(">II", track, sample_flags))
    tfdt = _full(b"tfdt", 1, 0, struct.pack(">Q", decoded))
    trun = _full(b"trun", trun_version, trun_flags, head, struct.pack(f">{len(entries)}I", *entries))
    return _box(b"traf", tfhd, tfdt, trun)


#: Where a traf of ours holds its data's place: behind the headers of traf, tfhd, tfdt, trun, and the count.
_DATA_OFFSET_AT = 8 + 20 + 20 + 12 + 4


def moof(sequence: int, tracks: Sequence[bytes], video_bytes: int) -> bytes:
    """The box before a fragment's data: `video_bytes` of pictures, then the sound."""
    mfhd = _full(b"mfhd", 0, 0, struct.pack(">I", sequence))
    size = 8 + len(mfhd) + sum(map(len, tracks))
    placed, data_at = [], size + 8  # behind mdat's header
    for traf in tracks:
        placed += [
            traf[:_DATA_OFFSET_AT],
            struct.pack(">I", data_at),
            traf[_DATA_OFFSET_AT + 4 :],
        ]
        data_at += video_bytes
    return _box(b"moof", mfhd, *placed)


# --- the track of sound in an initialisation section ---------------------------------------


def _with_sound(init: bytes, audio: Format) -> bytes:
    """`trak` and `trex` of the sound put into a section that holds the video's alone."""
    moov_at = init.index(b"moov") - 4
    moov_bytes = struct.unpack_from(">I", init, moov_at)[0]
    moov = init[moov_at + 8 : moov_at + moov_bytes]
    mvex_at = moov.index(b"mvex") - 4
    mvex_bytes = struct.unpack_from(">I", moov, mvex_at)[0]
    trex = _full(b"trex", 0, 0, struct.pack(">IIIII", AUDIO_TRACK, 1, 0, 0, 0))
    mvex = _box(b"mvex", moov[mvex_at + 8 : mvex_at + mvex_bytes], trex)
    made = _box(b"moov", moov[:mvex_at], audio_trak(audio), mvex, moov[mvex_at + mvex_bytes :])
    return init[:moov_at] + made + init[moov_at + moov_bytes :]


#: Room in a section for a browser's kind of sound in place of G.711 (playback.browser_sound).
_ROOM_BYTES = 32


def audio_trak(audio: Format) -> bytes:
    """The track of the sound (8.3), without samples."""
    matrix = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    tkhd = _full(
        b"tkhd", 0, 3, struct.pack(">IIIII8xHHHH", 0, 0, AUDIO_TRACK, 0, 0, 0, 1, 0x100, 0), matrix, bytes(8)
    )
    mdhd = _full(b"mdhd", 0, 0, struct.pack(">IIIIHH", 0, 0, audio.clock_rate, 0, 0x55C4, 0))  # "und"
    hdlr = _full(b"hdlr", 0, 0, struct.pack(">I4s12x", 0, b"soun"), b"SoundHandler\0")
    dinf = _box(b"dinf", _full(b"dref", 0, 0, struct.pack(">I", 1), _full(b"url ", 0, 1)))
    stsd = _full(b"stsd", 0, 0, struct.pack(">I", 1), _sample_entry(audio))
    empty = [_full(kind, 0, 0, bytes(4)) for kind in (b"stts", b"stsc", b"stco")]
    stbl = _box(b"stbl", stsd, *empty[:2], _full(b"stsz", 0, 0, bytes(8)), empty[2])
    minf = _box(b"minf", _full(b"smhd", 0, 0, bytes(4)), dinf, stbl)
    room = _box(b"free", bytes(_ROOM_BYTES - 8)) if audio.codec in ("pcm_mulaw", "pcm_alaw") else b""
    return _box(b"trak", tkhd, _box(b"mdia", mdhd, hdlr, minf), room)


def _sample_entry(audio: Format) -> bytes:
    """12.2.3. AAC: ISO/IEC 14496-14. Opus: "Encapsulation of Opus in ISO Base Media File Format", 4.3.
    G.711 has no name there but QuickTime's, which every player but browsers knows."""
    kinds = {"aac": b"mp4a", "opus": b"Opus", "pcm_mulaw": b"ulaw", "pcm_alaw": b"alaw"}
    head = struct.pack(">6xH8xHHHHI", 1, audio.channels, 16, 0, 0, audio.clock_rate << 16 & 0xFFFFFFFF)
    extra = {"aac": _esds, "opus": _d_ops}.get(audio.codec)
    return _box(kinds[audio.codec], head, extra(audio) if extra else b"")


def _esds(audio: Format) -> bytes:
    """ISO/IEC 14496-1, 7.2.6.5 to 7.2.6.7, with the AudioSpecificConfig that the camera announced."""
    specific = _descriptor(5, audio.config[0] if audio.config else b"")
    decoder = _descriptor(4, struct.pack(">BBxxxII", 0x40, 0x15, 0, 0), specific)
    return _full(
        b"esds", 0, 0, _descriptor(3, struct.pack(">HB", AUDIO_TRACK, 0), decoder, _descriptor(6, b"\2"))
    )


def _descriptor(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return bytes((tag, len(body))) + body


def _d_ops(audio: Format) -> bytes:
    return _box(b"dOps", struct.pack(">BBHIhB", 0, audio.channels, 0, audio.clock_rate, 0, 0))
