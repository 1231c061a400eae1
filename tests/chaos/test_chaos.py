"""The short form of `make chaos`, for whoever changes delivery: `pytest tests/chaos -m chaos`."""

from pathlib import Path

import pytest

from tests.chaos.run import run

STORM_S = 60.0


@pytest.mark.chaos
@pytest.mark.timeout(1200)
@pytest.mark.req("E2", "S10.1", "S20.1")
@pytest.mark.parametrize("seed", [1])
def test_every_accepted_read_is_in_the_hub_once_with_its_picture_whatever_dies(
    tmp_path: Path, seed: int
) -> None:
    outcome = run(tmp_path, seed, STORM_S, print)
    print(outcome.report())
    assert outcome.wrong == []
    assert sum(len(ledger.accepted) for ledger in outcome.ledgers.values()) > 50
