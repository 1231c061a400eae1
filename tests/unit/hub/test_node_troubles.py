"""What is wrong with a box, judged from what is known of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central_hub.fleet.domain import SAMPLE_EVERY, sample_instant
from central_hub.fleet.troubles import NodeFacts, troubles

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


def keys(**facts: Any) -> set[str]:
    known = {"enrolled": True, "online": True, "last_seen_at": NOW, **facts}
    return {trouble.key for trouble in troubles(NodeFacts(**known), NOW)[0]}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, set()),
        ({"online": False}, set()),
        ({"online": False, "last_seen_at": NOW - timedelta(minutes=2)}, {"offline"}),
        ({"online": False, "last_seen_at": None}, {"offline"}),
        ({"enrolled": False, "online": False, "last_seen_at": None}, set()),
        ({"revoked": True, "online": False, "last_seen_at": NOW - timedelta(days=1)}, set()),
        ({"revoked": True, "revocation_pending_since": NOW - timedelta(minutes=1)}, {"revocation-pending"}),
        ({"revocation_pending_since": NOW - timedelta(seconds=4)}, set()),
        ({"behind_since": NOW - timedelta(minutes=3)}, {"behind"}),
        ({"behind_since": NOW - timedelta(seconds=3)}, set()),
        ({"cameras_online": 3, "cameras_total": 4}, {"cameras-down"}),
        ({"disk_free_bytes": 20, "disk_total_bytes": 1000}, set()),
        ({"disk_free_bytes": 5, "disk_total_bytes": 1000}, {"disk-low"}),
        ({"cpu_shares": [0.1, 0.95, 0.95, 0.95]}, {"cpu-busy"}),
        ({"cpu_shares": [0.95, 0.95]}, set()),
        ({"cpu_shares": [0.95, None, 0.95]}, set()),
    ],
)
def test_each_trouble_is_told_when_it_is_one(facts: dict[str, Any], expected: set[str]) -> None:
    assert keys(**facts) == expected


def test_all_cameras_of_a_box_without_video_are_critical_and_one_is_not() -> None:
    def critical(online: int) -> bool:
        facts = NodeFacts(True, True, NOW, cameras_online=online, cameras_total=4)
        return troubles(facts, NOW)[0][0].critical

    assert critical(0) and not critical(3)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_box_s_own_alarm_is_the_same_one_when_only_its_numbers_change(one: int, other: int) -> None:
    told = [{"text": f"O relógio da câmera está {one} s atrasado.", "critical": True}]
    later = [{"text": f"O relógio da câmera está {other} s atrasado.", "critical": True}]
    assert keys(told=told) == keys(told=later) and len(keys(told=told)) == 1
    assert keys(told=[{"text": "Outra coisa."}]) != keys(told=told)


def test_of_a_box_out_of_contact_nobody_knows_what_else_is_wrong() -> None:
    facts = NodeFacts(True, False, NOW - timedelta(hours=1), cameras_online=0, cameras_total=4)
    found, is_all = troubles(facts, NOW)
    assert [trouble.key for trouble in found] == ["offline"] and not is_all


@given(st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_a_moment_belongs_to_the_sample_before_it(at: datetime) -> None:
    assert sample_instant(at) <= at < sample_instant(at) + SAMPLE_EVERY
    assert sample_instant(sample_instant(at)) == sample_instant(at)
