"""How much one person or address may ask of the box: recording comes before everybody's curiosity.

Token buckets (as RFC 2697 meters a line): `burst` questions at once, then `per_s`
a second. A bucket that is full again is forgotten, and the number of buckets is
bounded, so nobody fills the memory by asking under many names.

    TooManyRequests    with the seconds after which to ask again
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import Request, Response

from edge_agent.problems import problem

#: The largest body that any route of the console takes: a form, an SDP, a list of spans.
MAX_BODY_BYTES = 1024 * 1024
_BUCKETS = 10_000


class TooManyRequests(Exception):
    """Asked too often."""

    text = "Muitos pedidos em pouco tempo. Espere um momento e tente de novo."

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(self.text)
        self.retry_after_s = max(1, math.ceil(retry_after_s))


@dataclass(frozen=True, slots=True)
class Rate:
    burst: int
    per_s: float


#: Password checks cost 64 MB and 50 ms each (argon2id): a shift change passes, guessing does not.
LOGIN = Rate(burst=20, per_s=0.5)
#: Decoding a thumbnail, building a playlist, cutting a clip: a timeline asks for some tens at once.
COSTLY = Rate(burst=120, per_s=20)


class Limiter:
    """One rate, a bucket for each key."""

    def __init__(self, rate: Rate, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._monotonic = monotonic
        self._buckets: dict[str, tuple[float, float]] = {}  # tokens, when they were counted

    def take(self, key: str) -> None:
        """One question of this person or address. Raises TooManyRequests."""
        now = self._monotonic()
        tokens, counted = self._buckets.pop(key, (float(self._rate.burst), now))
        tokens = min(self._rate.burst, tokens + (now - counted) * self._rate.per_s)
        allowed = tokens >= 1
        self._keep(key, (tokens - allowed, now))
        if not allowed:
            raise TooManyRequests((1 - tokens) / self._rate.per_s)

    def _keep(self, key: str, bucket: tuple[float, float]) -> None:
        if len(self._buckets) >= _BUCKETS:
            del self._buckets[next(iter(self._buckets))]  # who asked longest ago: the fullest
        self._buckets[key] = bucket


def refused_body(request: Request) -> Response | None:
    """The answer to a body that is too large, or of unknown length."""
    if "transfer-encoding" in request.headers:
        return problem(HTTPStatus.LENGTH_REQUIRED, "Envie o tamanho do pedido (Content-Length).")
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > MAX_BODY_BYTES:
        return problem(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"O pedido pode ter no máximo {MAX_BODY_BYTES} bytes."
        )
    return None
