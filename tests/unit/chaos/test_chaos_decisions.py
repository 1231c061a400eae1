"""The chaos test can fail: its count sees each kind of loss; and its storm can be repeated from a seed."""

import dataclasses
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.chaos.cameras import Ledger
from tests.chaos.count import SHOWN, Found, Row, differences
from tests.chaos.storm import MERCY_S, VICTIMS, plan

LEDGERS = {"cam1": Ledger(accepted={"AAA0001": "d1", "AAA0002": "d2"}, refused={"AAA0003": "d3"})}
FIRST, SECOND = Row("cam1", "AAA0001", "d1", "d1"), Row("cam1", "AAA0002", "d2", "d2")
WELL = Found(rows=[FIRST, SECOND], held={"lpr": [(1, 2)]}, last_numbers={"lpr": 2}, outbox={})


def test_what_was_accepted_is_there_once_with_its_picture() -> None:
    assert differences(LEDGERS, WELL) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"rows": [FIRST]}, "1 accepted and not in the hub: AAA0002 (cam1)"),
        ({"rows": [FIRST, SECOND, SECOND]}, "1 more than once in the hub: AAA0002 x2"),
        ({"rows": [FIRST, SECOND, Row("cam1", "AAA0003", "", None)]}, "never accepted: AAA0003 (cam1)"),
        (
            {"rows": [FIRST, Row("cam2", "AAA0002", "d2", "d2")]},
            "accepted and not in the hub: AAA0002 (cam1)",
        ),
        ({"rows": [FIRST, Row("cam1", "AAA0002", "d2", None)]}, "1 without picture: AAA0002"),
        ({"rows": [FIRST, Row("cam1", "AAA0002", "d2", "d1")]}, "with another picture than was pushed"),
        ({"rows": [FIRST, Row("cam1", "AAA0002", "d1", "d1")]}, "with another picture than was pushed"),
        ({"dead_letters": ["lpr 7: broken"]}, "1 dead letters at the hub: lpr 7: broken"),
        ({"outbox": {"lpr": 3}}, "still in the box's outbox: 3 in lpr"),
        ({"held": {"lpr": [(1, 1), (3, 3)]}, "last_numbers": {"lpr": 3}}, "holes in the numbers"),
        ({"last_numbers": {"lpr": 5}}, "lpr: hub up to 2, box at 5"),
    ],
)
def test_every_kind_of_loss_is_said(changed: dict[str, object], said: str) -> None:
    assert said in "\n".join(differences(LEDGERS, dataclasses.replace(WELL, **changed)))


def test_a_read_that_was_refused_for_nothing_is_wrong() -> None:
    ledgers = {"cam1": dataclasses.replace(LEDGERS["cam1"], wronged={"AAA0009": "401 who are you"})}
    assert differences(ledgers, WELL) == ["1 wrongly refused: AAA0009: 401 who are you"]


def test_a_long_list_is_cut() -> None:
    many = {"cam1": Ledger(accepted={f"BBB{n:04}": "d" for n in range(SHOWN + 5)})}
    (lost,) = differences(many, Found())
    assert lost.endswith("and 5 more") and lost.startswith(f"{SHOWN + 5} accepted")


@given(st.integers(0, 10**6), st.integers(60, 600))
def test_a_storm_strikes_every_part_and_none_before_it_has_stood_again(seed: int, duration_s: int) -> None:
    blows = plan(seed, duration_s)
    assert blows == plan(seed, duration_s)
    assert {blow.victim for blow in blows} == set(VICTIMS)
    assert all(0 < blow.at_s < duration_s for blow in blows)
    for victim in VICTIMS:
        for one, next_one in pairwise(blow for blow in blows if blow.victim == victim):
            assert next_one.at_s - one.at_s - one.away_s >= MERCY_S - 0.02
