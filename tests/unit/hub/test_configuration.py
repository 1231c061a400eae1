"""What a box has not applied is told field by field, and no credential with it."""

from hypothesis import given
from hypothesis import strategies as st

from central_hub.fleet.configuration import Difference, differences, facts_of
from protocol.messages import DesiredCamera, DesiredState, DesiredUser

KEY = b"k"


def state(*cameras: DesiredCamera, days: int = 7, users: tuple[DesiredUser, ...] = ()) -> DesiredState:
    return DesiredState(1, "c", "Cidade", "America/Sao_Paulo", days, list(cameras), list(users))


def changed(before: DesiredState, after: DesiredState) -> dict[str, Difference]:
    found = differences(facts_of(before, KEY), facts_of(after, KEY))
    return {difference.field: difference for difference in found}


def test_each_change_is_told_by_its_field() -> None:
    before = state(DesiredCamera("a", "Praça", "rtsp://h/1"), DesiredCamera("b", "Rua", "rtsp://h/2"))
    after = state(DesiredCamera("a", "Praça Nova", "rtsp://h/1"), days=15)
    found = changed(before, after)
    assert found["retention_days"] == Difference("retention_days", 7, 15, secret=False)
    assert found["cameras/a/name"] == Difference("cameras/a/name", "Praça", "Praça Nova", secret=False)
    assert found["cameras/b/name"].desired is None and "cameras/a/rtsp_url" not in found


def test_of_a_credential_only_that_it_changed_is_told_and_kept() -> None:
    before = state(
        DesiredCamera("a", "Praça", "rtsp://u:s3nha@h/1"), users=(DesiredUser("u", "U", "gestor", "h4sh"),)
    )
    after = state(
        DesiredCamera("a", "Praça", "rtsp://u:outr4@h/1"), users=(DesiredUser("u", "U", "gestor", "n0vo"),)
    )
    found = changed(before, after)
    assert found.keys() == {"cameras/a/rtsp_url", "users/u/password"}
    assert all(difference.secret and difference.desired is None for difference in found.values())
    kept = str(facts_of(before, KEY)) + str(found)
    assert not any(secret in kept for secret in ("s3nha", "outr4", "h4sh", "n0vo"))


@given(st.integers(1, 365), st.integers(1, 365))
def test_what_is_the_same_is_no_difference(one: int, other: int) -> None:
    assert bool(changed(state(days=one), state(days=other))) == (one != other)
