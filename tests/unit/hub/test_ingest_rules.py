"""Ingest's decisions: what is new, what can be decoded, what can be stored."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from central_hub.ingest import domain
from central_hub.ingest.domain import MAX_SEQ, Unstorable, check_storable
from protocol.delivery import to_ranges
from protocol.messages import AuditEvent, CameraHealth, Health, OutboxEvent, PlateRead, encode_event
from protocol.topics import Stream

TOO_LATE = datetime(2150, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CAMERA = "7d9a4f6e-6a5b-4f0e-9d6e-0d6d3c6f1a11"


def event(seq: int, data: bytes = b"{}") -> OutboxEvent:
    return OutboxEvent(seq, msgspec.Raw(data))


@given(st.lists(st.integers(1, 60)), st.sets(st.integers(1, 60)))
def test_what_was_received_is_not_new_and_the_rest_is_once(sent: list[int], held: set[int]) -> None:
    new = [found.seq for found in domain.unseen(map(event, sent), to_ranges(held))]
    assert sorted(new) == sorted(set(sent) - held)


def test_of_two_events_with_one_number_the_first_counts() -> None:
    (kept,) = domain.unseen([event(1, b"1"), event(1, b"2")], [])
    assert bytes(kept.data) == b"1"


def test_numbers_the_database_cannot_hold_are_refused() -> None:
    domain.check_seqs([event(1), event(MAX_SEQ)])
    with pytest.raises(Unstorable):
        domain.check_seqs([event(MAX_SEQ + 1)])


def read(**changes: Any) -> bytes:
    whole = PlateRead("r1", CAMERA, "ABC1D23", NOON, NOON, "hikvision")
    return encode_event(msgspec.structs.replace(whole, **changes))


def test_each_event_is_decoded_on_its_own() -> None:
    events = [event(1, read()), event(2, b"{}"), event(3, read(camera="x")), event(4, read(vendor="\0"))]
    decoded, refused = domain.decode_events(Stream.LPR, events)
    assert [(found.seq, str(found.camera_id)) for found in decoded] == [(1, CAMERA)]
    assert [refusal.seq for refusal in refused] == [2, 3, 4]
    assert all(refusal.reason for refusal in refused)


def test_events_that_speak_of_no_camera_have_none() -> None:
    (decoded,), _ = domain.decode_events(Stream.AUDIT, [event(1, encode_event(AuditEvent(NOON, "a", "b")))])
    assert decoded.camera_id is None


@pytest.mark.parametrize(
    "broken",
    [
        Health(NOON.replace(year=1999), "1", 1, 1, 1, 1),
        Health(NOON, "1\0", 1, 1, 1, 1),
        Health(NOON, "1", 2**63, 1, 1, 1),
        Health(NOON, "1", 1, 1, 1, 1, differences=["a\0"]),
        Health(NOON, "1", 1, 1, 1, 1, cameras=[CameraHealth("c", "online", reason="\0")]),
        Health(
            NOON,
            "1",
            1,
            1,
            1,
            1,
            cameras=[CameraHealth("c", "online", last_packet_at=TOO_LATE)],
        ),
    ],
)
def test_what_no_column_can_hold_is_found_at_any_depth(broken: Health) -> None:
    with pytest.raises(Unstorable):
        check_storable(broken)


def test_ordinary_messages_can_be_stored() -> None:
    check_storable(Health(NOON, "1", 2**40, 2**41, 1, 1, cameras=[CameraHealth("c", "online", 25.5)]))


@pytest.mark.req("S10.1")
@pytest.mark.parametrize(
    ("year", "told"), [(1970, True), (1999, True), (2150, True), (1, False), (9999, False)]
)
def test_a_camera_whose_clock_is_wrong_loses_no_read(year: int, told: bool) -> None:
    clock = NOON.replace(year=year)
    read = PlateRead("r", CAMERA, "ABC1D23", NOON, NOON, "generic", camera_at=clock, clock_off=True)
    (decoded,), refused = domain.decode_events(Stream.LPR, [event(1, encode_event(read))])
    assert refused == [] and decoded.data.captured_at == NOON
    assert decoded.data.camera_at == (clock if told else None)


def test_a_read_of_another_age_is_refused_all_the_same() -> None:
    read = PlateRead("r", CAMERA, "ABC1D23", NOON.replace(year=1970), NOON, "generic", camera_at=NOON)
    _, (refusal,) = domain.decode_events(Stream.LPR, [event(1, encode_event(read))])
    assert "1970" in refusal.reason
