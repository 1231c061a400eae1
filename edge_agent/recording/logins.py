"""Which logins cameras have refused, and when each may be tried again. No I/O.

Many cameras lock a user out after five or seven wrong passwords in some minutes (Hikvision "illegal login
lock", Dahua "account lockout"), the technician with it. So a login that was refused rests for minutes,
whichever of the camera's streams it was for: the channels of one recorder (NVR) share its users.
"""

import random
from dataclasses import dataclass
from urllib.parse import urlsplit

#: The rest after the first refusal, and what it doubles up to. A camera that forgets wrong passwords after
#: half an hour sees at most six in it.
REST_FIRST_S = 120.0
REST_MAX_S = 600.0


@dataclass(frozen=True, slots=True)
class _Rest:
    refusals: int
    until_mono: float


def rest_s(refusals: int, rng: random.Random) -> float:
    """Seconds without a try after so many refusals in a row: exponential, with jitter in its upper half."""
    longest_s = min(REST_MAX_S, REST_FIRST_S * 2 ** min(refusals - 1, 10))
    return rng.uniform(longest_s / 2, longest_s)


class RefusedLogins:
    """By login: host, port, user and password of an address. Instants are of one monotonic clock."""

    def __init__(self) -> None:
        self._rng = random.Random()  # noqa: S311 - jitter, not a secret
        self._rests: dict[str, _Rest] = {}

    def refused(self, url: str, now_mono: float) -> None:
        """The camera said no. Several streams that were asked for at once count as one refusal."""
        if self.rests_s(url, now_mono):
            return
        before = self._rests.get(_login(url))
        refusals = before.refusals + 1 if before else 1
        self._rests[_login(url)] = _Rest(refusals, now_mono + rest_s(refusals, self._rng))

    def forget(self, url: str) -> None:
        """It was let in, or a person has changed the address: the next try is made at once."""
        self._rests.pop(_login(url), None)

    def rests_s(self, url: str, now_mono: float) -> float:
        """Seconds until this login may be tried; 0: now."""
        rest = self._rests.get(_login(url))
        return max(0.0, rest.until_mono - now_mono) if rest else 0.0


def _login(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return url
