"""A relay token opens one kind of door of one session, until it expires."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import jwt
import pytest

from central_hub.relay.tokens import Audience, InvalidToken, bearer_token, is_live, issue, live_uplink, verify

SECRET = "s" * 32


def soon() -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=5)


def test_a_token_says_its_session_and_when_it_ends() -> None:
    expires_at = soon()
    token = verify(SECRET, Audience.VIEWER, issue(SECRET, Audience.VIEWER, "s1", expires_at))
    assert (token.session, token.expires_at) == ("s1", expires_at)


def test_no_two_tokens_have_the_same_id() -> None:
    tokens = [issue(SECRET, Audience.UPLINK, "s1", soon()) for _ in range(2)]
    first, second = (verify(SECRET, Audience.UPLINK, token) for token in tokens)
    assert first.token_id != second.token_id


@pytest.mark.parametrize(("audience", "other"), list(permutations(Audience, 2)))
def test_a_token_for_one_door_does_not_open_another(audience: Audience, other: Audience) -> None:
    with pytest.raises(InvalidToken):
        verify(SECRET, audience, issue(SECRET, other, "s1", soon()))


def test_a_live_viewers_token_says_which_cameras_uplink_and_what_of_it() -> None:
    uplink = live_uplink("c1")
    shown = issue(SECRET, Audience.LIVE_VIEWER, "s1", soon(), uplink=uplink, qualities=["sub"])
    token = verify(SECRET, Audience.LIVE_VIEWER, shown)
    assert (token.session, token.uplink, token.qualities) == ("s1", uplink, {"sub"})
    assert is_live(uplink) and not is_live("s1")
    recorded = verify(SECRET, Audience.VIEWER, issue(SECRET, Audience.VIEWER, "s1", soon()))
    assert (recorded.uplink, recorded.qualities) == ("s1", set())


def forged(key: str = SECRET, algorithm: str = "HS256", **changed: object) -> str:
    claims: dict[str, object] = {
        "aud": "gtv-relay-viewer",
        "sub": "s1",
        "exp": soon(),
        "until": 0,
        "jti": "1",
        "uplink": "s1",
        "qualities": [],
    }
    claims = {name: value for name, value in (claims | changed).items() if value is not None}
    return jwt.encode(claims, key if algorithm != "none" else "", algorithm=algorithm)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "garbage",
        forged(key="x" * 32),
        forged(algorithm="none"),
        forged(exp=datetime(2020, 1, 1, tzinfo=UTC)),
        forged(exp=None),
        forged(sub=None),
        forged(aud=None),
        forged(until=None),
        forged(jti=None),
    ],
)
def test_a_token_that_the_hub_did_not_give_is_refused(token: str) -> None:
    with pytest.raises(InvalidToken):
        verify(SECRET, Audience.VIEWER, token)


def test_a_header_has_its_token_after_the_word_bearer() -> None:
    assert bearer_token("Bearer abc") == bearer_token("bearer abc") == "abc"
    for other in ("", "abc", "Basic dTpw"):
        with pytest.raises(InvalidToken):
            bearer_token(other)
