"""By when a person is answered who asks about the own data, and how such a request may end (LGPD)."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central_hub.kernel import Conflict, InvalidInput
from central_hub.privacy import domain
from central_hub.privacy.domain import Kind, State

pytestmark = pytest.mark.req("S14.1")

SAO_PAULO, RIO_BRANCO = ZoneInfo("America/Sao_Paulo"), ZoneInfo("America/Rio_Branco")
TODAY = date(2026, 11, 25)


def test_the_answer_is_due_on_the_fifteenth_calendar_day() -> None:
    assert domain.due_on(TODAY, TODAY) == date(2026, 12, 10)
    assert domain.due_on(date(2026, 2, 14), date(2026, 2, 20)) == date(2026, 3, 1), "no leap day"
    assert domain.due_on(date(2024, 2, 14), date(2024, 2, 14)) == date(2024, 2, 29)
    assert domain.due_on(date(2026, 12, 20), date(2026, 12, 20)) == date(2027, 1, 4), "over the holidays too"


def test_the_last_day_belongs_to_the_term() -> None:
    due = domain.due_on(TODAY, TODAY)
    assert not domain.is_overdue(due, State.RECEIVED, due) and domain.days_left(due, due) == 0
    assert domain.is_overdue(due, State.ANALYSIS, due + timedelta(days=1))
    for closed in (State.FULFILLED, State.REFUSED):
        assert not domain.is_overdue(due, closed, due + timedelta(days=400)), "what is answered is not late"


def test_a_day_ends_with_the_citys_midnight() -> None:
    # 02:30 UTC: still the evening before in Brazil, and earlier in Acre than in São Paulo.
    at = datetime(2026, 11, 26, 2, 30, tzinfo=UTC)
    assert domain.today_in(SAO_PAULO, at) == domain.today_in(RIO_BRANCO, at) == TODAY
    at = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)
    assert domain.today_in(SAO_PAULO, at) == date(2026, 11, 26)
    assert domain.today_in(RIO_BRANCO, at) == TODAY
    # In the last summer that had one, Brazil's clocks stood an hour nearer to UTC.
    assert domain.today_in(SAO_PAULO, datetime(2018, 12, 1, 2, 30, tzinfo=UTC)) == date(2018, 12, 1)


@given(st.dates(date(2020, 1, 1), date(2100, 1, 1)), st.integers(-10, 400))
def test_a_request_is_of_today_or_of_the_last_year(today: date, days_ago: int) -> None:
    received = today - timedelta(days=days_ago)
    if 0 <= days_ago <= 366:
        due = domain.due_on(received, today)
        assert domain.days_left(due, today) == 15 - days_ago
        assert domain.is_overdue(due, State.RECEIVED, today) == (days_ago > 15)
    else:
        with pytest.raises(InvalidInput):
            domain.due_on(received, today)


def test_a_request_goes_from_received_over_analysis_to_its_end_and_no_other_way() -> None:
    allowed = set()
    for present, to in product(State, State):
        try:
            domain.check_move(present, to)
        except Conflict:
            continue
        allowed.add((present, to))
    assert allowed == {
        (State.RECEIVED, State.ANALYSIS),
        (State.ANALYSIS, State.FULFILLED),
        (State.ANALYSIS, State.REFUSED),
    }


@pytest.mark.parametrize(
    ("kind", "about_plate", "done", "answer", "enough"),
    [
        (Kind.ACCESS, True, {"reported": True}, "", True),
        (Kind.ACCESS, True, {"erased": True}, "Não há leituras.", False),
        (Kind.ACCESS, False, {}, "Não há dados desta pessoa.", True),
        (Kind.ACCESS, False, {}, "não", False),
        (Kind.ERASURE, True, {"erased": True}, "", True),
        (Kind.ERASURE, True, {"reported": True}, "Eliminado, com certeza.", False),
        (Kind.ERASURE, False, {}, "As imagens já tinham sido apagadas.", True),
        (Kind.CORRECTION, True, {}, "", False),
        (Kind.SHARING, True, {}, "Com a Polícia Civil, por ofício.", True),
    ],
)
def test_fulfilled_is_what_was_done_or_told(
    kind: Kind, about_plate: bool, done: dict[str, bool], answer: str, enough: bool
) -> None:
    facts = {"reported": False, "erased": False, **done}
    try:
        domain.check_fulfilled(kind, about_plate=about_plate, answer=answer, **facts)
    except (Conflict, InvalidInput):
        assert not enough
    else:
        assert enough


def test_a_request_says_what_it_is_about() -> None:
    domain.check_content(Kind.ACCESS, "ABC1D23", "")
    domain.check_content(Kind.SHARING, "", "Com quem foram compartilhadas as minhas imagens?")
    for kind, plate in ((Kind.ACCESS, ""), (Kind.CORRECTION, "ABC1D23")):
        with pytest.raises(InvalidInput):
            domain.check_content(kind, plate, " curto   ")
