"""The hash chain finds any change, removal or insertion before its end."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from central_hub.audit.domain import GENESIS, Fact, Link, entry_hash, first_broken

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def chain(length: int) -> list[Link]:
    links, previous = [], GENESIS
    for number in range(1, length + 1):
        fact = Fact(NOON + timedelta(seconds=number), "ana", "looked", str(number), "c", {"n": number})
        digest = entry_hash(previous, fact)
        links.append(Link(number, fact, previous, digest))
        previous = digest
    return links


def test_an_untouched_chain_is_whole() -> None:
    assert first_broken([]) is None
    assert first_broken(chain(20)) is None


@given(st.integers(2, 12), st.data())
def test_any_change_of_an_entry_is_found_there(length: int, data: st.DataObject) -> None:
    links = chain(length)
    at = data.draw(st.integers(0, length - 1))
    field, value = data.draw(
        st.sampled_from(
            [
                ("actor", "eva"),
                ("action", "left"),
                ("target", "x"),
                ("city_code", "d"),
                ("at", NOON),
                ("details", {"n": -1}),
            ]
        )
    )
    links[at] = replace(links[at], fact=replace(links[at].fact, **{field: value}))
    assert first_broken(links) == at + 1


@given(st.integers(3, 12), st.data())
def test_a_removal_or_an_exchange_is_found(length: int, data: st.DataObject) -> None:
    links = chain(length)
    at = data.draw(st.integers(0, length - 2))
    assert first_broken(links[:at] + links[at + 1 :]) == links[at + 1].id
    exchanged = [*links[:at], links[at + 1], links[at], *links[at + 2 :]]
    assert first_broken(exchanged) == links[at + 1].id


def test_changing_an_entry_and_its_own_hash_breaks_the_next() -> None:
    links = chain(3)
    forged = replace(links[1].fact, actor="eva")
    links[1] = Link(2, forged, links[1].previous_hash, entry_hash(links[1].previous_hash, forged))
    assert first_broken(links) == 3


def test_the_same_instant_in_another_zone_is_the_same_fact() -> None:
    fact = Fact(NOON, "ana", "looked")
    moved = replace(fact, at=NOON.astimezone(timezone(timedelta(hours=-3))))
    assert entry_hash(GENESIS, fact) == entry_hash(GENESIS, moved)
