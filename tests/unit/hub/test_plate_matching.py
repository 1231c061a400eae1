"""How a search becomes a condition on the dictionary of plates: nothing that it means may be missed."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central_hub.kernel import InvalidInput
from central_hub.lpr.matching import PlatePattern, to_like, tokens, tokens_of
from protocol.plates import fold

SIGNS = string.ascii_uppercase + string.digits
brazilian = st.from_regex(r"[A-Z]{3}[0-9][A-J0-9][0-9]{2}", fullmatch=True)
plates = st.one_of(brazilian, st.text(SIGNS, min_size=1, max_size=9))
texts = st.text(SIGNS + "???**", min_size=1, max_size=9).filter(
    lambda text: re.sub(r"\*+", "*", text).count("*") <= 3 and text.strip("*")
)
patterns = st.builds(lambda text, similar: PlatePattern.parse(text, similar=similar), texts, st.booleans())


def like(sql_pattern: str, text: str) -> bool:
    return re.fullmatch(sql_pattern.replace("_", ".").replace("%", ".*"), text) is not None


@given(plates, patterns)
def test_the_dictionary_is_asked_for_exactly_what_a_pattern_means(plate: str, pattern: PlatePattern) -> None:
    text = fold(plate) if pattern.similar else plate
    assert pattern.matches(plate) == any(like(to_like(variant), text) for variant in pattern.variants)


@given(plates, patterns)
def test_a_plate_has_every_token_of_a_pattern_that_it_fits(plate: str, pattern: PlatePattern) -> None:
    for variant in pattern.variants:
        if like(to_like(fold(variant)), fold(plate)):
            assert set(tokens(fold(variant))) <= tokens_of(fold(plate))


@given(plates, st.data())
def test_a_pattern_made_of_a_plate_finds_it(plate: str, data: st.DataObject) -> None:
    hidden = data.draw(st.sets(st.integers(0, len(plate) - 1)))
    holes = "".join("?" if place in hidden else character for place, character in enumerate(plate))
    cut = data.draw(st.integers(1, len(plate)))
    for text in (holes, f"*{plate[-cut:]}", f"{plate[:cut]}*"):
        for similar in (False, True):
            pattern = PlatePattern.parse(text, similar=similar)
            assert pattern is not None and pattern.matches(plate)


@pytest.mark.parametrize(
    ("pattern", "asked"),
    [
        ("*1023", ["$223", "$410"]),
        ("*C10*", ["C10"]),
        ("?8?1?2?", ["$22", "$41", "$68"]),
        ("?8C1*", ["^28", "^3C", "^41"]),
        ("?8*23", ["$223", "^28"]),
        ("*AB*", []),
        ("*9*", []),
    ],
)
def test_few_and_rare_tokens_are_asked_for(pattern: str, asked: list[str]) -> None:
    assert tokens(pattern) == asked


@pytest.mark.parametrize("text", ["ABC%", "A_C", "A#O", "A;B", "A[B]", "A*B*C*D*", "A" * 40])
def test_what_is_no_pattern_is_refused_in_words(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        PlatePattern.parse(text)
    assert list(refused.value.errors) == ["plate"]


@pytest.mark.parametrize("text", ["", "  ", "*", "**", "-"])
def test_an_empty_pattern_asks_for_any_plate(text: str) -> None:
    assert PlatePattern.parse(text) is None
