"""What the relay is given of a recording: one camera's footage of the period that the command named."""

import asyncio

import structlog

from edge_agent.clock import to_us
from edge_agent.playback import hls, services
from edge_agent.playback.services import BadRange, NoFootage, Period
from edge_agent.recording.index import RecordingIndex
from edge_agent.sync.uplink import Send, send_answer
from protocol.messages import OpenUplink
from protocol.uplink import FromRelay, GetMedia, GetPlaylist, Head

log = structlog.get_logger()

#: Answers being read from disk at once, per uplink.
CONCURRENT_REQUESTS = 4


class Footage:
    """Answers of one uplink."""

    def __init__(self, index: RecordingIndex, order: OpenUplink) -> None:
        self._index = index
        self._session = order.session
        self._period = Period(order.camera, to_us(order.start), to_us(order.end))
        self._slots = asyncio.Semaphore(CONCURRENT_REQUESTS)

    async def answer(self, frame: FromRelay, send: Send) -> None:
        async with self._slots:
            await send_answer(send, *await self._look_up(frame))

    async def _look_up(self, frame: FromRelay) -> tuple[Head, bytes]:
        try:
            return await self._find(frame)
        except NoFootage as error:
            return Head(frame.request, 404, detail=str(error)), b""
        except BadRange as error:
            return Head(frame.request, 416, detail=str(error)), b""
        except OSError as error:
            log.error("footage_unreadable", session=self._session, error=str(error))
            return Head(frame.request, 503, detail="A caixa não conseguiu ler a gravação do disco."), b""

    async def _find(self, frame: FromRelay) -> tuple[Head, bytes]:
        match frame:
            case GetPlaylist():
                text = await services.playlist_when_recorded(self._index, self._period)
                return Head(frame.request, 200, hls.CONTENT_TYPE), text.encode()
            case GetMedia():
                data = await asyncio.to_thread(
                    services.read_media_within,
                    self._index,
                    self._period,
                    frame.segment,
                    frame.offset,
                    frame.length,
                )
                return Head(frame.request, 206, hls.MEDIA_TYPE), data
            case _:
                raise NoFootage("Esta sessão é de uma gravação.")
