"""A client that can't keep up is dropped; the others go on."""

import pytest

from demo.encoder import AccessUnit
from demo.feed import Feed
from demo.plate_push import pause_after


def picture(number: int) -> AccessUnit:
    return AccessUnit(b"", is_keyframe=number == 0, captured_mono=float(number))


async def test_a_slow_client_is_dropped_once_and_does_not_hold_up_the_others() -> None:
    feed, dropped = Feed(b"", queue_length=3), []
    slow = feed.subscribe(drop=lambda: dropped.append("slow"))
    quick = feed.subscribe(drop=lambda: dropped.append("quick"))
    for number in range(10):
        feed.publish(picture(number))
        assert quick.get_nowait() == picture(number)
    assert dropped == ["slow"]
    assert slow.qsize() == 3


async def test_a_client_that_left_gets_nothing_more() -> None:
    feed = Feed(b"", queue_length=3)
    queue = feed.subscribe(drop=lambda: pytest.fail("not slow"))
    feed.unsubscribe(queue)
    feed.publish(picture(0))
    assert queue.empty()


def test_the_pause_between_attempts_grows_up_to_a_bound() -> None:
    assert 0.4 <= pause_after(1) <= 0.6
    assert 3.2 <= pause_after(4) <= 4.8
    assert all(8 <= pause_after(failures) <= 12 for failures in (6, 50, 5000))
