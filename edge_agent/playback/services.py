"""What a viewer may ask of the recordings, the same on the LAN and through the relay.

    PlaybackError
    ├── NoFootage      nothing is recorded there                     (404)
    └── BadRange       bytes that the file, or the viewer's period, does not have (416)

Their texts are in Portuguese: they reach the person who is watching.
"""

import asyncio
import time
from dataclasses import dataclass

import av
import structlog

from edge_agent.clock import now_us
from edge_agent.playback import browser_sound, hls, init_section
from edge_agent.recording.domain import Segment
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.sample_entry import as_hvc1

log = structlog.get_logger()

#: The longest period of one playlist: a day is 86,400 entries, more than a player wants.
MAX_PERIOD_US = 6 * 3600 * 1_000_000
#: Longer than a camera's group of pictures, shorter than a viewer at the relay waits.
WAIT_FOR_FOOTAGE_S = 8.0
POLL_S = 0.2


class PlaybackError(Exception):
    """What a viewer asked for cannot be served."""


class NoFootage(PlaybackError):
    """There is no recording there."""


class BadRange(PlaybackError):
    """The byte range is not in the file."""


@dataclass(frozen=True, slots=True)
class Period:
    """A camera's footage between two instants (microseconds UTC): what one viewer may see."""

    camera: str
    start_us: int
    end_us: int


def playlist(index: RecordingIndex, period: Period) -> str:
    """The HLS playlist of a period. Raises NoFootage."""
    segments = index.footage(period.camera, period.start_us, period.end_us)
    if not segments:
        raise NoFootage("Não há gravação desta câmera neste horário.")
    return hls.playback_playlist(segments, complete=_complete(period, segments))


async def playlist_when_recorded(index: RecordingIndex, period: Period) -> str:
    """As `playlist`, but a moment that is only now being recorded is waited for. Raises NoFootage.

    A plate is found within a second of the car's passing; its footage is on
    disk when the group of pictures ends.
    """
    deadline_mono = time.monotonic() + WAIT_FOR_FOOTAGE_S
    while True:
        try:
            return await asyncio.to_thread(playlist, index, period)
        except NoFootage:
            if period.end_us < now_us() or time.monotonic() > deadline_mono:
                raise
        await asyncio.sleep(POLL_S)


def codecs_of(index: RecordingIndex, period: Period) -> list[str]:
    """The RFC 6381 names of what a period's recordings hold. Raises NoFootage.

    Read from the newest file of each run: a camera's codec changes only with its connection.
    """
    runs = {s.run_us: s for s in index.footage(period.camera, period.start_us, period.end_us)}
    try:
        inits = [as_hvc1(_init(index, segment)) for segment in runs.values()]
        found = [codec for init in inits for codec in init_section.codecs(init)]
    except (OSError, init_section.Malformed):
        raise NoFootage("O arquivo desta gravação não pôde ser lido.") from None
    if not found:
        raise NoFootage("Não há gravação desta câmera neste horário.")
    return list(dict.fromkeys(browser_sound.PLAYED_AS.get(codec, codec) for codec in found))


def _init(index: RecordingIndex, segment: Segment) -> bytes:
    with (index.folder / segment.path).open("rb") as file:
        return file.read(segment.init_bytes)


def _complete(period: Period, segments: list[Segment]) -> bool:
    """A period is complete when it is over and the fragment that covers its end is written."""
    slack_us = 15_000_000  # a dead stream is noticed after READ_TIMEOUT_S and then writes its last fragment
    return segments[-1].end_us >= period.end_us or now_us() > period.end_us + slack_us


def live_playlist(index: RecordingIndex, camera: str) -> str:
    """The live HLS playlist of a camera. Raises NoFootage when it is not being recorded."""
    tail = index.live_tail(camera)
    if not tail or now_us() - tail[-1].fragment.end_us > 30_000_000:
        raise NoFootage("Esta câmera não está enviando imagens agora.")
    return hls.live_playlist(tail)


def read_media(index: RecordingIndex, camera: str, segment_id: int, offset: int, length: int) -> bytes:
    """Bytes of one recording file, as recorded. Raises NoFootage, BadRange."""
    return _read(index, _segment(index, camera, segment_id), offset, length)


def read_for_player(index: RecordingIndex, camera: str, segment_id: int, offset: int, length: int) -> bytes:
    """As `read_media`, for what plays a playlist: sound that browsers cannot play is made into what they can,
    and H.265 is called as Apple's players know it.

    Where there is such sound, only the ranges that the playlist names can be had. Raises NoFootage, BadRange.
    """
    segment = _segment(index, camera, segment_id)
    data = _read(index, segment, offset, length)
    try:
        init = as_hvc1(_read(index, segment, 0, segment.init_bytes))
        sound = browser_sound.of(init)
        if (offset, length) == (0, segment.init_bytes):
            return browser_sound.init_for_browsers(init, sound) if sound else init
        if sound is None:
            return data
        return browser_sound.fragment_for_browsers(data, _before(index, segment, offset, length), sound)
    except (init_section.Malformed, av.FFmpegError) as error:
        log.error("sound_not_made_for_browsers", path=segment.path, offset=offset, error=str(error))
        return data


def _before(index: RecordingIndex, segment: Segment, offset: int, length: int) -> bytes:
    """The fragment before a whole one, of the same file; empty at its start. Raises NoFootage, BadRange."""
    places = [(fragment.offset, fragment.size_bytes) for fragment in segment.fragments]
    if (offset, length) not in places:
        raise BadRange("Peça a gravação pelos trechos da lista de reprodução.")
    place = places.index((offset, length))
    return _read(index, segment, *places[place - 1]) if place else b""


def _segment(index: RecordingIndex, camera: str, segment_id: int) -> Segment:
    segment = index.segment(camera, segment_id)
    if segment is None:
        raise NoFootage("Esta gravação não existe mais: passou do prazo de guarda.")
    return segment


def _read(index: RecordingIndex, segment: Segment, offset: int, length: int) -> bytes:
    if offset + length > segment.size_bytes:
        raise BadRange("O trecho pedido não está nesta gravação.")
    try:
        with (index.folder / segment.path).open("rb") as file:
            file.seek(offset)
            return file.read(length)
    except FileNotFoundError:
        raise NoFootage("O arquivo desta gravação não está no disco.") from None


def read_media_within(
    index: RecordingIndex, period: Period, segment_id: int, offset: int, length: int
) -> bytes:
    """As `read_for_player`, for a viewer who may see only this period: other bytes are refused."""
    segment = next(
        (s for s in index.footage(period.camera, period.start_us, period.end_us) if s.start_us == segment_id),
        None,
    )
    if segment is None:
        raise NoFootage("Esta gravação não faz parte do período pedido.")
    in_init = offset + length <= segment.init_bytes
    in_period = offset >= segment.fragments[0].offset and offset + length <= segment.size_bytes
    if not (in_init or in_period):
        raise BadRange("O trecho pedido está fora do período autorizado.")
    return read_for_player(index, period.camera, segment_id, offset, length)
