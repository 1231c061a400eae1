"""Delivery of plate events to the edge box, as a real camera does it: in order, again until it is accepted.

An event leaves the queue when it was answered: 2xx is accepted; 4xx is refused for good and logged. Anything
else (no connection, time-out, 5xx) is tried again after a growing pause. A full queue loses its oldest event.
"""

import asyncio
import random
from collections import deque
from typing import Any, Protocol

import httpx
import structlog

log = structlog.get_logger()

QUEUE_LENGTH = 500  # about an hour of a busy street, 30 MB
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 10.0
ANSWER_WITHIN_S = 10.0


class PlateEvent(Protocol):
    """What a camera of some make pushes for one vehicle."""

    @property
    def event_id(self) -> str: ...

    def body(self) -> dict[str, Any]:
        """Arguments of httpx' post."""


class PlatePusher:
    """One camera's events; used from the event loop only."""

    def __init__(self, url: str, camera_id: str, auth: httpx.Auth, queue_length: int = QUEUE_LENGTH) -> None:
        self._url = url
        self._camera_id = camera_id
        self._auth = auth
        self._queue: deque[PlateEvent] = deque(maxlen=queue_length)
        self._waiting = asyncio.Event()

    def offer(self, event: PlateEvent) -> None:
        if len(self._queue) == self._queue.maxlen:
            log.warning("plate_event_lost", camera=self._camera_id, event_id=self._queue[0].event_id)
        self._queue.append(event)
        self._waiting.set()

    async def run(self) -> None:
        async with httpx.AsyncClient(auth=self._auth, timeout=ANSWER_WITHIN_S, trust_env=False) as client:
            while True:
                await self._waiting.wait()
                while self._queue:
                    await self._deliver(client, self._queue[0])
                self._waiting.clear()

    async def _deliver(self, client: httpx.AsyncClient, event: PlateEvent) -> None:
        failures = 0
        while self._queue and self._queue[0] is event:  # else it was lost to a full queue meanwhile
            if await self._is_answered(client, event):
                if self._queue and self._queue[0] is event:
                    self._queue.popleft()
                return
            failures += 1
            await asyncio.sleep(pause_after(failures))

    async def _is_answered(self, client: httpx.AsyncClient, event: PlateEvent) -> bool:
        try:
            answer = await client.post(self._url, **event.body())
        except httpx.TransportError as error:
            reason = type(error).__name__
            log.warning("plate_push_failed", camera=self._camera_id, event_id=event.event_id, reason=reason)
            return False
        if answer.is_client_error:
            log.error(
                "plate_push_refused",
                camera=self._camera_id,
                event_id=event.event_id,
                status=answer.status_code,
                answer=answer.text[:200],
            )
            return True
        if not answer.is_success:
            status = answer.status_code
            log.warning("plate_push_failed", camera=self._camera_id, event_id=event.event_id, status=status)
        return answer.is_success


def pause_after(failures: int) -> float:
    """Doubles with each failure in a row, with some chance in it so that cameras don't come all at once."""
    pause: float = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(failures - 1, 10))
    return pause * random.uniform(0.8, 1.2)  # noqa: S311 - spreads load, no secret
