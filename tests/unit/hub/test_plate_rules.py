"""Plate reads: which can be stored, where their images lie, how long they are kept."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from central_hub.kernel import InvalidInput
from central_hub.lpr.domain import (
    Month,
    UnusableRead,
    check_read,
    check_retention,
    image_key,
    newest_month,
    normalise_plate,
    windows,
)
from protocol.messages import ImageRef, PlateRead

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["abc1d23", "ABC-1D23", " abc 1d-23 ", "ABC·1D23", "abc.1d23"])
def test_one_plate_has_one_form(text: str) -> None:
    assert normalise_plate(text) == "ABC1D23"


@pytest.mark.parametrize("text", ["", "---", "ABC?", "AÇO1234", "A" * 17, "ABC_12", "１２３"])
def test_what_is_no_plate_is_refused(text: str) -> None:
    with pytest.raises(UnusableRead):
        normalise_plate(text)


def read(**changes: Any) -> PlateRead:
    whole = PlateRead("r1", "c1", "ABC1D23", NOON, NOON, "hikvision", lane=1)
    return msgspec.structs.replace(whole, **changes)


def test_impossible_lanes_and_images_are_refused() -> None:
    check_read(read())
    check_read(read(lane=None, image=ImageRef("ab" * 32, 1)))
    for change in ({"lane": -1}, {"lane": 100}, {"image": ImageRef("ab" * 32, 2**31)}):
        with pytest.raises(UnusableRead):
            check_read(read(**change))


def test_images_lie_by_city_and_day() -> None:
    assert image_key("vale-verde", 7, NOON) == "vale-verde/plates/2026/11/20/7.jpg"


def test_months_follow_one_another_over_the_year() -> None:
    assert Month(2026, 12).next() == Month(2027, 1) and Month(2027, 1).next(-1) == Month(2026, 12)
    assert Month(2026, 11).next(14) == Month(2028, 1)
    assert (str(Month.of(NOON)), Month.of(NOON).first.isoformat()) == ("2026-11", "2026-11-01")


def test_the_coming_months_are_made_ahead() -> None:
    assert newest_month(NOON) == Month(2027, 1)


@pytest.mark.parametrize("days", [0, -1, 100_000])
def test_a_retention_of_no_days_or_of_centuries_is_refused(days: int) -> None:
    check_retention(30)
    with pytest.raises(InvalidInput):
        check_retention(days)


def test_windows_cover_all_of_time_newest_first_without_a_gap() -> None:
    this, recent, before = windows(NOON)
    assert this == (datetime(2026, 11, 1, tzinfo=UTC), None)
    assert recent == (datetime(2026, 8, 1, tzinfo=UTC), this[0]) and before == (None, recent[0])
