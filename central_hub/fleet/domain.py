"""The rules of enrolment, desired state and health."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from protocol.messages import (
    DesiredCamera,
    DesiredState,
    DesiredUser,
    PlatePolicy,
    RefusedCamera,
    WatchlistEntry,
)

#: A technician types the command while standing before the box.
TOKEN_LIFE = timedelta(hours=1)

#: The history that is kept of a box: 576 rows, enough to see a disk fill and a night's crash.
SAMPLE_EVERY = timedelta(minutes=5)
SAMPLES_FOR = timedelta(hours=48)


#: Of an order; see orders.state_of.
ORDER_STATES = ("waiting", "done", "failed", "expired")


@dataclass(frozen=True)
class NewToken:
    """An enrolment token as it is shown, once."""

    token: str
    digest: str
    expires_at: datetime


def new_token(now: datetime) -> NewToken:
    token = secrets.token_urlsafe(24)
    return NewToken(token, token_digest(token), now + TOKEN_LIFE)


def token_digest(token: str) -> str:
    """What is stored. The token is random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_is_good(expires_at: datetime, used_at: datetime | None, now: datetime) -> bool:
    return used_at is None and now < expires_at


def enrol_command(hub_url: str, token: str) -> str:
    """What the technician types on the box."""
    return f"gtv edge enrol --hub {hub_url} --token {token}"


def sample_instant(at: datetime) -> datetime:
    """The beginning of the interval that a moment lies in: one sample is kept of each."""
    every_s = int(SAMPLE_EVERY.total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // every_s * every_s, UTC)


def promised_until(forced_out_until: datetime | None, retention_days: int, now: datetime) -> datetime | None:
    """Up to when footage is missing that the plan promises; None when what went would be gone by now."""
    if forced_out_until is None or forced_out_until <= now - timedelta(days=retention_days):
        return None
    return forced_out_until


def desired_state(
    *,
    city: str,
    city_name: str,
    timezone: str,
    retention_days: int,
    cameras: Sequence[DesiredCamera],
    users: Sequence[DesiredUser],
    refused: Sequence[RefusedCamera] = (),
    watchlist: Sequence[WatchlistEntry] = (),
    plates: PlatePolicy | None = None,
) -> DesiredState:
    """The state without its revision (0), in an order that does not depend on the database."""
    return DesiredState(
        revision=0,
        city=city,
        city_name=city_name,
        timezone=timezone,
        retention_days=retention_days,
        cameras=sorted(cameras, key=lambda camera: camera.id),
        users=sorted(users, key=lambda user: user.username),
        refused=sorted(refused, key=lambda camera: camera.id),
        watchlist=sorted(watchlist, key=lambda entry: entry.id),
        plates=plates or PlatePolicy(),
    )


def content_digest(state: DesiredState) -> str:
    """The same for two states that differ in their revision only."""
    return hashlib.sha256(msgspec.json.encode(msgspec.structs.replace(state, revision=0))).hexdigest()
