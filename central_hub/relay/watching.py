"""What hub and relays know together about who watches, in Redis: every key ends by itself.

    gtv:relay:live:<uplink>       a live uplink is open, or its box has just been asked to dial
    gtv:relay:watched:<session>   somebody watched within the last minute
    gtv:relay:ended:<session>     the hub ended the session before its time

The hub asks a box to dial where there is no `live` key, and sets it: of several viewers who come at once
one has the box asked. A relay keeps it while the uplink is open, and removes it when it is not.
"""

import time
from collections.abc import Iterable, Sequence
from datetime import timedelta

from redis import Redis
from redis.asyncio import Redis as AsyncRedis

from central_hub.relay.closings import announce

#: A box that was asked has dialled by then: an MQTT round trip and a TLS handshake over a bad line.
DIALS_WITHIN = timedelta(seconds=15)
#: A relay that dies cannot say that its uplinks are gone: so long nobody has the box asked again.
RENEW_EVERY_S = 5.0
#: A viewer by HLS asks every few seconds; one by WebRTC is noted by the relay itself.
WATCHED_FOR = timedelta(seconds=60)
#: How often one session is noted at most.
NOTE_EVERY_S = 10.0


def _live(uplink: str) -> str:
    return f"gtv:relay:live:{uplink}"


def _watched(session: str) -> str:
    return f"gtv:relay:watched:{session}"


def _ended(session: str) -> str:
    return f"gtv:relay:ended:{session}"


# --- for the hub; all raise redis.RedisError ---------------------------------------------


def box_is_to_dial(redis: Redis, uplink: str) -> bool:
    """True for the one who is to ask the box."""
    return bool(redis.set(_live(uplink), "asked", nx=True, ex=DIALS_WITHIN))


def box_does_not_dial(redis: Redis, uplink: str) -> None:
    """It could not be asked, or refused: whoever comes next may ask again."""
    redis.delete(_live(uplink))


def watched(redis: Redis, sessions: Sequence[str]) -> set[str]:
    """Those of the sessions that somebody watches."""
    found = redis.mget([_watched(session) for session in sessions]) if sessions else []
    return {session for session, value in zip(sessions, found, strict=True) if value is not None}


def end(redis: Redis, sessions: Iterable[str], keep: timedelta) -> None:
    """No relay serves these any more. `keep`: the longest that one of their tokens is still good for."""
    for session in sessions:
        redis.set(_ended(session), "1", ex=keep)
        announce(redis, session)


# --- for a relay; all raise redis.RedisError ---------------------------------------------


class Watching:
    """One relay's part."""

    def __init__(self, redis: AsyncRedis) -> None:
        self._redis = redis
        self._noted_mono: dict[str, float] = {}

    async def uplink_is_open(self, uplink: str) -> None:
        await self._redis.set(_live(uplink), "open", ex=DIALS_WITHIN)

    async def uplink_is_gone(self, uplink: str) -> None:
        await self._redis.delete(_live(uplink))

    async def box_may_dial(self, uplink: str) -> bool:
        """Whether it is worth waiting for an uplink that is not open here."""
        return bool(await self._redis.exists(_live(uplink)))

    async def note(self, session: str) -> None:
        """Somebody watches."""
        now_mono = time.monotonic()
        if now_mono - self._noted_mono.get(session, -NOTE_EVERY_S) < NOTE_EVERY_S:
            return
        horizon = now_mono - NOTE_EVERY_S
        self._noted_mono = {known: at for known, at in self._noted_mono.items() if at > horizon}
        self._noted_mono[session] = now_mono
        await self._redis.set(_watched(session), "1", ex=WATCHED_FOR)

    async def has_ended(self, session: str) -> bool:
        return bool(await self._redis.exists(_ended(session)))
