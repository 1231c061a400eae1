"""Makes files of the samples of one connection to a camera, cut on keyframes.

The first second of samples is held back until the offset between the camera's
media clock and the box's wall clock is known (domain.ClockOffset). Nothing here
waits for the disk (recording.disk), but `let_go` at the end.

Sound lies beside the pictures by when both came: its clock and theirs have nothing in common but the box's.
The two drift apart, so their distance is measured anew for each file, and corrected when it is audible.

When packets came is taken from the box's monotonic clock, so that a step of its wall clock in mid-session
is not taken for a fault of the camera, nor moves sound and pictures apart.
"""

import os
from collections.abc import Callable
from pathlib import Path

import av

from edge_agent.clock import mono_us, now_us, to_datetime
from edge_agent.recording import nal
from edge_agent.recording.disk import Lane, RecordingFile
from edge_agent.recording.domain import (
    MAX_DRIFT_US,
    Anchor,
    ClockOffset,
    Fragment,
    SoundTimes,
    at_cut,
    first_anchor,
    should_cut,
    slewed,
    sound_shift_us,
    time_fault,
)
from edge_agent.recording.events import FragmentWritten, SegmentClosed, SegmentOpened, WorkerEvent
from edge_agent.recording.fmp4 import FragmentMaker, Picture, picture
from edge_agent.recording.silence import silence
from edge_agent.rtsp.samples import Sample
from edge_agent.rtsp.sdp import Format

Report = Callable[[WorkerEvent], None]

#: Where the media time of a stream's first packet lies in its files: sound may begin a little earlier,
#: and B-frames are decoded before that.
ZERO_S = 10

#: Samples that are held in memory at most, for a camera of this worker: those that came before it is known
#: when they were sent (a backlog may come in one burst), and a group of pictures, with its sound. Ten
#: seconds of 50 Mbit/s.
MAX_EARLY_BYTES = 16 << 20
MAX_GROUP_BYTES = 64 << 20


#: Sound comes this much later than the picture beside it, or it is missing.
SOUND_LATE_US = 500_000


class StreamError(Exception):
    """A stream that cannot be recorded; the text says why, `reason` says it to people (pt-BR)."""

    def __init__(self, text: str, reason: str = "") -> None:
        super().__init__(text)
        self.reason = reason


class _OpenFile:
    """The file being written, and the part of it that is not a whole fragment yet."""

    def __init__(self, path: Path, start_us: int, init_bytes: int) -> None:
        self.file = RecordingFile(path)
        self.start_us = start_us
        self.fragment_start_us = start_us
        self.size_bytes = init_bytes
        self.last_us = start_us
        self.frame_us = 0

    @property
    def end_us(self) -> int:
        return self.last_us + self.frame_us

    def saw(self, at_us: int) -> None:
        """A picture's time. How long the last one lasts is told by those before it: the frame
        rate that a camera declares is often wrong."""
        if at_us > self.last_us:
            self.frame_us, self.last_us = min(at_us - self.last_us, MAX_DRIFT_US), at_us


class SessionWriter:
    """Turns the samples of one connection into files, cut on keyframes."""

    def __init__(
        self,
        camera: str,
        folder: Path,
        video: Format,
        audio: Format | None,
        not_before_us: int,
        report: Report,
        lane: Lane,
    ) -> None:
        self._camera = camera
        self._folder = folder
        self._video, self._audio = video, audio
        self._not_before_us = self._ended_us = not_before_us
        self._report = report
        self._lane = lane
        self._anchor: Anchor | None = None
        self._lead_us = 0
        # The wall clock less the monotonic one when the footage was anchored.
        self._clock_us = 0
        self._offset, self._sound_offset = ClockOffset(), ClockOffset()
        self._sound_times = SoundTimes()
        # How much later the sound's first packet was sent than the pictures'; None before the first file.
        self._sound_us: int | None = None
        # Samples of both tracks held back until the clock offset is known; None afterwards.
        self._early: list[tuple[Format, Sample]] | None = []
        self._early_bytes = 0
        self._file: _OpenFile | None = None
        self._maker = FragmentMaker(silence(audio) if audio is not None else None)
        self._keyframe_time: int | None = None
        self._sps: list[bytes] = []
        #: What the camera sends now; None before its first keyframe.
        self.picture: Picture | None = None
        # What the camera's clock was fast, as far as the footage was put right for it.
        self._slewed_us = 0
        #: The box's clock minus the camera's at the last keyframe; None before there is footage.
        self.drift_us: int | None = None

    @property
    def is_settled(self) -> bool:
        """Whether it is known when the camera's pictures are sent: until then each should come at once."""
        return self._early is None

    def add(self, sample: Sample) -> bool:
        """Take a picture; False while nothing is being written yet. Raises StreamError, DiskFailure."""
        now_mono_us = mono_us()
        if self._early is None:
            if self._audio is not None:
                self._offset.add(now_mono_us, self._media_us(sample))
            return self._write(sample, now_mono_us)
        self._offset.add(now_mono_us, self._media_us(sample))
        self._hold(self._video, sample)
        if not self._offset.settled(now_mono_us) and self._early_bytes < MAX_EARLY_BYTES:
            return False
        return self._write_early()

    def add_sound(self, sample: Sample) -> None:
        """Take a piece of sound; what comes before the first picture is left out. Raises StreamError."""
        assert self._audio is not None
        if self._early == []:
            return
        now_mono_us, rate = mono_us(), self._audio.clock_rate
        zero_us = self._sound_offset.zero_us
        latest_us = None if zero_us is None else now_mono_us - zero_us + MAX_DRIFT_US
        sample.time = self._sound_times.placed(
            sample.time, None if latest_us is None else latest_us * rate // 1_000_000
        )
        self._sound_offset.add(now_mono_us, sample.time * 1_000_000 // rate)
        if self._early is not None:
            self._hold(self._audio, sample)
        else:
            self._write_sound(sample)

    def _hold(self, track: Format, sample: Sample) -> None:
        if self._early is not None:
            self._early.append((track, sample))
            self._early_bytes += len(sample.data)

    def leave_out_sound(self) -> None:
        """No sound will come. Before the first sample."""
        self._audio = None
        self._maker = FragmentMaker()

    def finish(self) -> None:
        """Write what is held back and close the open file. Raises as `add`."""
        self._write_early()
        if self._file is not None and self._lane.failure is None:
            self._close_file(self._file.end_us, None, drift_us=0)

    async def let_go(self) -> None:
        """Wait for the disk; after a failure what had been written is closed here."""
        drained = await self._lane.drain()
        self._ended_us = self.end_us
        file, self._file = self._file, None
        if file is not None and drained and file.file.is_open:
            file.file.close()
            self._report(SegmentClosed(self._camera, file.start_us, 0))

    @property
    def end_us(self) -> int:
        """Where the footage ends, also of what the disk did not take: microseconds UTC."""
        return self._file.end_us if self._file is not None else self._ended_us

    def _write_early(self) -> bool:
        early, self._early = self._early or [], None
        written = False
        now_mono_us = mono_us()
        for track, sample in early:
            if track is self._video:
                written |= self._write(sample, now_mono_us)
            else:
                self._write_sound(sample)
        return written

    def _media_us(self, sample: Sample) -> int:
        return sample.time * 1_000_000 // self._video.clock_rate

    def _write(self, sample: Sample, now_mono_us: int) -> bool:
        media_us = self._media_us(sample)
        # A camera's picture may come in two parts of the same time (rtsp.payloads).
        begins = sample.is_keyframe and sample.time != self._keyframe_time
        if begins:
            self._at_keyframe(sample, media_us, now_mono_us)
            self._keyframe_time = sample.time
        file, anchor = self._file, self._anchor
        if file is None or anchor is None:
            return False
        at_us = anchor.wall_us(media_us)
        if not begins:
            # B-frames are shown before pictures that came before them, but not long before.
            self._check_time(file.last_us - MAX_DRIFT_US, at_us, now_mono_us)
        self._maker.add(sample)
        self._check_size()
        file.saw(at_us)
        return True

    def _write_sound(self, sample: Sample) -> None:
        if self._file is None:
            return
        if self._sound_us is None:  # it began later than the file
            self._sound_us = sound_shift_us(None, self._offset.zero_us, self._sound_offset.zero_us)
        self._maker.add_sound(sample)
        self._check_size()

    def _check_size(self) -> None:
        """Raises StreamError."""
        if self._maker.size_bytes > MAX_GROUP_BYTES:
            raise StreamError(
                f"more than {MAX_GROUP_BYTES} bytes between two keyframes",
                "A câmera envia dados demais entre dois quadros-chave; diminua o intervalo deles (GOP).",
            )

    def _at_keyframe(self, sample: Sample, media_us: int, now_mono_us: int) -> None:
        changed = self._picture_changed(sample)
        if self._file is None or self._anchor is None:
            self._clock_us = now_us() - now_mono_us
            sent_us = self._offset.wall_us(media_us) + self._clock_us
            self._anchor = first_anchor(sent_us, media_us, self._not_before_us)
            self._lead_us = self._anchor.run_us - sent_us
            self._open_file(self._anchor, media_us)
            return
        boundary_us = self._anchor.wall_us(media_us)
        earliest_us = max(self._file.fragment_start_us, self._file.last_us - MAX_DRIFT_US)
        self._check_time(earliest_us, boundary_us, now_mono_us)
        self.drift_us = now_us() - boundary_us - self._slewed_us
        since_us = boundary_us - self._file.fragment_start_us
        if changed or should_cut(self._file.start_us, boundary_us):
            self._cut(sample, media_us, now_mono_us, changed)
        else:
            self._write_fragment(self._file, sample.time, boundary_us)
        self._slew(media_us, now_mono_us, since_us)

    def _slew(self, media_us: int, now_mono_us: int, since_keyframe_us: int) -> None:
        """From this keyframe on, its fragment begins where the one before it ended."""
        assert self._anchor is not None, "there is a file"
        ahead_us = self._anchor.wall_us(media_us) - (now_mono_us + self._clock_us + self._lead_us)
        before, self._anchor = self._anchor, slewed(self._anchor, ahead_us, since_keyframe_us)
        self._slewed_us += before.wall_at_zero_us - self._anchor.wall_at_zero_us

    def _cut(self, keyframe: Sample, media_us: int, now_mono_us: int, changed: bool) -> None:
        """End the file before a keyframe, and begin the next with it."""
        assert self._anchor is not None, "there is a file"
        before, now = self._anchor, now_us()
        after, drift_us = at_cut(before, media_us, now, new_run=changed)
        self._close_file(before.wall_us(media_us), keyframe.time, drift_us)
        if after.wall_at_zero_us != before.wall_at_zero_us:
            self._clock_us, self._lead_us, self._slewed_us = now - now_mono_us, 0, 0
        self._anchor = after
        self._open_file(after, media_us)

    def _picture_changed(self, sample: Sample) -> bool:
        """Whether the pictures from this keyframe on need another init section than those before.

        Raises StreamError.
        """
        codec = self._video.codec
        sps = nal.sequence_sets(codec, nal.parameter_sets(codec, sample.data))
        if self.picture is not None and (not sps or sps == self._sps):
            return False
        keyframe = nal.completed(codec, self._video.config, sample.data)
        try:
            self.picture = picture(self._video, keyframe, self._audio)
        except (av.FFmpegError, ValueError, IndexError) as error:
            raise StreamError(f"unreadable parameter sets: {error}") from error
        changed = bool(self._sps)
        self._sps = sps or nal.sequence_sets(codec, nal.parameter_sets(codec, keyframe))
        return changed

    def _check_time(self, previous_us: int, at_us: int, now_mono_us: int) -> None:
        """Against the box's clock as it was when the footage was anchored. Raises StreamError."""
        if fault := time_fault(previous_us, at_us, now_mono_us + self._clock_us, self._lead_us):
            raise StreamError(fault)

    def _open_file(self, anchor: Anchor, media_us: int) -> None:
        assert self.picture is not None, "a keyframe came"
        start_us = anchor.wall_us(media_us)
        path = segment_path(self._camera, start_us)
        init_section = self.picture.init_section
        opened = _OpenFile(self._folder / path, start_us, len(init_section))
        event = SegmentOpened(self._camera, start_us, anchor.run_us, path, len(init_section))

        def create() -> None:
            opened.file.create(init_section)
            self._report(event)

        self._lane.put(create, len(init_section))
        self._file = opened
        self._place_sound()

    def _place_sound(self) -> None:
        """Beside the pictures of the file that begins; measured anew for the one after it."""
        self._sound_us = sound_shift_us(self._sound_us, self._offset.zero_us, self._sound_offset.zero_us)
        self._offset.renew()
        self._sound_offset.renew()

    def _close_file(self, boundary_us: int, next_time: int | None, drift_us: int) -> None:
        closing = self._file
        if closing is None:
            return
        self._write_fragment(closing, next_time, boundary_us)
        event = SegmentClosed(self._camera, closing.start_us, drift_us)

        def close() -> None:
            closing.file.close()
            self._report(event)

        self._ended_us, self._file = closing.end_us, None
        self._lane.put(close)

    def _write_fragment(self, into: _OpenFile, next_time: int | None, end_us: int) -> None:
        base = ZERO_S * self._video.clock_rate
        sound_zero = self._sound_ticks(ZERO_S * 1_000_000 + (self._sound_us or 0))
        data = self._maker.take(next_time, base, sound_zero, self._sound_span(into.fragment_start_us, end_us))
        if not data:
            return
        start_us = into.fragment_start_us
        fragment = Fragment(into.size_bytes, len(data), start_us, end_us - start_us)
        event = FragmentWritten(self._camera, into.start_us, fragment)
        into.fragment_start_us = end_us
        into.size_bytes += len(data)

        def append() -> None:
            into.file.append(data)
            self._report(event)

        self._lane.put(append, len(data))

    def _sound_ticks(self, time_us: int) -> int:
        return 0 if self._audio is None else time_us * self._audio.clock_rate // 1_000_000

    def _sound_span(self, start_us: int, end_us: int) -> tuple[int, int] | None:
        """From when until when there should be sound beside these pictures: it comes a little later."""
        assert self._anchor is not None, "a file is open"
        zero_us = self._anchor.wall_at_zero_us - ZERO_S * 1_000_000
        until_us = end_us - SOUND_LATE_US
        return self._sound_ticks(start_us - zero_us), self._sound_ticks(until_us - zero_us)


def segment_path(camera: str, start_us: int) -> str:
    """Where a segment lies below the recordings folder: camera/day/start.mp4."""
    day = to_datetime(start_us).strftime("%Y-%m-%d")
    return os.path.join(camera, day, f"{start_us}.mp4")  # noqa: PTH118 - a relative text, stored in the index
