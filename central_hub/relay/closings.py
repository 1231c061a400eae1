"""How the hub tells every relay that a session is over before its time: one Redis channel."""

from redis import Redis

CLOSE_CHANNEL = "gtv:relay:close"


def announce(redis: Redis, session: str) -> None:
    """Hang up the session's uplink, on whichever relay it is. Raises redis.RedisError."""
    redis.publish(CLOSE_CHANNEL, session)
