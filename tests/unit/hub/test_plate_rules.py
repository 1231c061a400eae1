"""Plates: their normal form, what a pattern matches, which reads can be stored."""

import fnmatch
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from central_hub.kernel import InvalidInput
from central_hub.lpr.domain import PlatePattern, UnusableRead, check_read, image_key, normalise_plate
from protocol.messages import ImageRef, PlateRead

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["abc1d23", "ABC-1D23", " abc 1d-23 ", "ABC·1D23", "abc.1d23"])
def test_one_plate_has_one_form(text: str) -> None:
    assert normalise_plate(text) == "ABC1D23"


@pytest.mark.parametrize("text", ["", "---", "ABC?", "AÇO1234", "A" * 17, "ABC_12", "１２３"])
def test_what_is_no_plate_is_refused(text: str) -> None:
    with pytest.raises(UnusableRead):
        normalise_plate(text)


@pytest.mark.req("S11.1")
@pytest.mark.parametrize(
    ("text", "exact", "like"),
    [
        ("abc-1d23", True, "ABC1D23"),
        ("ABC?1*", False, "ABC_1%"),
        ("a**b***", False, "A%B%"),
        ("*", False, "%"),
    ],
)
def test_patterns_become_sql(text: str, exact: bool, like: str) -> None:
    pattern = PlatePattern.parse(text)
    assert pattern is not None and (pattern.exact, pattern.like) == (exact, like)


@pytest.mark.parametrize("text", ["", "  ", "-"])
def test_an_empty_search_has_no_pattern(text: str) -> None:
    assert PlatePattern.parse(text) is None


@pytest.mark.parametrize("text", ["ABC%", "A_C", "A;B", "Ç", "A" * 33, "A[B]"])
def test_other_signs_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        PlatePattern.parse(text)
    assert list(refused.value.errors) == ["plate"]


@given(st.text("ABC123?*", min_size=1, max_size=8), st.text("ABC123", min_size=1, max_size=8))
def test_wildcards_mean_what_they_mean_in_a_shell(text: str, plate: str) -> None:
    pattern = PlatePattern.parse(text)
    assert pattern is not None
    assert pattern.matches(plate) == fnmatch.fnmatchcase(plate, text)


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
