"""What crosses a box's line: a stream counts once however many watch it, and a full line takes no more."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central_hub.streaming.domain import MAIN_KBPS, SUB_KBPS, LineUse, fits, mbps, watchable
from protocol.uplink import Quality

SQUARE, BRIDGE = uuid4(), uuid4()
IDLE = LineUse(frozenset(), (), {SQUARE: 4_000})


def test_a_live_stream_counts_once_and_each_playback_for_itself() -> None:
    use = IDLE.with_live(SQUARE, "main").with_live(SQUARE, "main")
    assert use.kbps == 4_000
    assert use.with_live(SQUARE, "sub").kbps == 4_000 + SUB_KBPS
    assert use.with_playback(SQUARE).with_playback(SQUARE).kbps == 12_000
    assert IDLE.with_live(BRIDGE, "main").kbps == MAIN_KBPS, "not measured yet"


def test_a_full_line_takes_no_more_but_who_joins_a_stream() -> None:
    full = IDLE.with_live(SQUARE, "main")
    assert not fits(full, full.with_live(BRIDGE, "sub"), 4_000)
    assert fits(full, full.with_live(BRIDGE, "sub"), 4_000 + SUB_KBPS)
    assert fits(full, full.with_live(SQUARE, "main"), 1_000)


def test_a_thin_line_takes_one_stream_all_the_same() -> None:
    assert fits(IDLE, IDLE.with_live(SQUARE, "main"), 1_000)


cameras = st.sampled_from([uuid4() for _ in range(6)])
wanted: st.SearchStrategy[list[tuple[UUID, Quality]]] = st.lists(
    st.tuples(cameras, st.sampled_from(["main", "sub"]))  # type: ignore[arg-type]
)


@given(wanted, st.integers(SUB_KBPS, 20_000))
def test_whatever_is_asked_in_whatever_order_the_line_is_not_overbooked(
    asked: list[tuple[UUID, Quality]], limit_kbps: int
) -> None:
    use = LineUse(frozenset(), (), {})
    for camera, quality in asked:
        then = use.with_live(camera, quality)
        use = then if fits(use, then, limit_kbps) else use
    assert use.kbps <= max(limit_kbps, MAIN_KBPS)


@pytest.mark.parametrize(
    ("asked", "has_sub", "given_"),
    [
        ("sub", True, ("sub",)),
        ("main", True, ("main", "sub")),
        ("sub", False, ("main",)),
        ("main", False, ("main",)),
    ],
)
def test_a_viewer_gets_the_small_stream_unless_he_asks_for_the_whole(
    asked: Quality, has_sub: bool, given_: tuple[Quality, ...]
) -> None:
    assert watchable(asked, has_sub) == given_


def test_a_rate_is_written_as_brazilians_do() -> None:
    assert mbps(2_512) == "2,5"
