"""A plate is found however it is spelled, and, where asked for, however OCR misread it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import plates
from protocol.plates import canonical, fold, matches, normalise, parse_pattern, variants

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
CONFUSED = ["0OQD", "1IL", "2Z", "5S", "6G", "8B"]

old = st.from_regex(r"[A-Z]{3}[0-9]{4}", fullmatch=True)
mercosul = st.from_regex(r"[A-Z]{3}[0-9][A-Z][0-9]{2}", fullmatch=True)
foreign = st.text(LETTERS + DIGITS, min_size=1, max_size=plates.MAX_PLATE)
any_plate = old | mercosul | foreign
separators = st.sampled_from(["", "-", " ", ".", "·"])


def misread(plate: str, place: int) -> list[str]:
    """The texts that OCR makes of one character of a plate."""
    for group in CONFUSED:
        if plate[place] in group:
            return [plate[:place] + other + plate[place + 1 :] for other in group]
    return [plate]


@given(any_plate, separators)
def test_spaces_points_and_small_letters_are_no_difference(plate: str, sign: str) -> None:
    assert normalise(sign.join(plate).lower()) == plate
    assert normalise(normalise(plate)) == plate
    assert parse_pattern(sign.join(plate).lower()) == plate


@pytest.mark.parametrize(
    ("text", "plate"),
    [
        ("MÜ-AB 123", "MUAB123"),
        ("ＡＢＣ１Ｄ２３", "ABC1D23"),
        ("ñandú 7", "NANDU7"),
        ("А123ВС77", "A123BC77"),
        ("ΙΚΥ1234", "IKY1234"),
        ("BG123ĐĐ", "BG123DD"),
        ("١٢٣٤ABC", "1234ABC"),
        ("九州", ""),
    ],
)
def test_a_foreign_plates_letters_lose_their_marks_and_not_their_place(text: str, plate: str) -> None:
    assert normalise(text) == plate


@pytest.mark.parametrize(
    ("old_text", "new_text"), [("ABC1034", "ABC1A34"), ("ABC1234", "ABC1C34"), ("XYZ9998", "XYZ9J98")]
)
def test_an_old_plate_and_its_mercosul_conversion_have_one_key(old_text: str, new_text: str) -> None:
    assert canonical(old_text) == canonical(new_text) == new_text


@given(any_plate)
def test_a_key_is_its_own_key_and_keeps_all_other_characters(plate: str) -> None:
    key = canonical(plate)
    assert canonical(key) == key
    assert (key[:4], key[5:]) == (plate[:4], plate[5:])


@given(foreign.filter(lambda plate: not plates.is_brazilian(plate)))
def test_a_foreign_plate_is_kept_as_read(plate: str) -> None:
    assert canonical(plate) == plate
    assert variants(plate) == [plate] or plates.is_brazilian(variants(plate)[1])


@given(any_plate)
def test_a_plate_finds_itself_in_every_way(plate: str) -> None:
    for tolerant in (False, True):
        assert matches(plate, plate, tolerant=tolerant)
        assert matches("*", plate, tolerant=tolerant)
        assert matches("?" * len(plate), plate, tolerant=tolerant)
        assert matches("*" + plate[-3:], plate, tolerant=tolerant)
        assert matches(plate[:3] + "*", plate, tolerant=tolerant)


@given(old, st.integers(0, 6), st.integers(0, 6))
def test_either_spelling_finds_the_other_with_wildcards_too(plate: str, first: int, second: int) -> None:
    converted = canonical(plate)
    start, end = sorted((first, second))
    for one, other in ((plate, converted), (converted, plate)):
        assert matches(one, other)
        assert matches(one[:start] + "?" + one[start + 1 :], other)
        assert matches(one[:start] + "*" + one[end:], other)


@given(old | mercosul, st.integers(0, 6))
def test_what_ocr_confuses_is_found_only_when_asked_for(plate: str, place: int) -> None:
    for read in misread(plate, place):
        assert matches(plate, read, tolerant=True)
        assert matches(canonical(plate), read, tolerant=True)
        if canonical(read) != canonical(plate):
            assert not matches(plate, read)


@given(any_plate, any_plate)
def test_an_exact_search_finds_one_vehicle_and_no_other(searched: str, read: str) -> None:
    same = canonical(searched) == canonical(read)
    assert matches(searched, read) == same
    if fold(searched) == fold(read) or same:
        assert matches(searched, read, tolerant=True)


@given(any_plate)
def test_folding_twice_is_folding_once(plate: str) -> None:
    assert fold(fold(plate)) == fold(plate)
    assert len(fold(plate)) == len(plate)


def test_a_wildcard_stands_for_what_it_says() -> None:
    assert matches("ABC?1*", "ABC21X9")
    assert matches("ABC?1*", "ABC21")
    assert not matches("ABC?1*", "ABC1")
    assert not matches("ABC", "ABC1D23")


@pytest.mark.parametrize("text", ["mü-1234", "MÜ 12*", "АВ?1234", "ação1"])
def test_a_foreign_plate_is_found_as_it_is_kept(text: str) -> None:
    pattern = plates.parse_pattern(text)
    assert plates.matches(pattern, plates.normalise(text.replace("*", "34").replace("?", "C")))


@pytest.mark.parametrize("text", ["", "- -", "ABC%", "AB#C", "[A-Z]BC", "A" * (plates.MAX_PATTERN + 1)])
def test_what_is_no_pattern_is_refused(text: str) -> None:
    with pytest.raises(plates.InvalidPattern):
        parse_pattern(text)


def test_a_pattern_of_many_stars_takes_no_time() -> None:
    assert not matches("*A" * 15 + "*B", "A" * plates.MAX_PLATE)
