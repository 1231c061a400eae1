"""The hub hears of each change of a camera's state once, and of its retries not at all."""

from edge_agent.recording.events import Measured, StateChanged
from edge_agent.recording.health import HealthBoard
from edge_agent.sync.outbox import Outbox
from protocol.messages import CameraStatus, decode_event
from protocol.topics import Stream
from tests.unit.edge.builders import NOON, NOON_US


def told(outbox: Outbox) -> list[tuple[str, str]]:
    _, seqs = outbox.ends(Stream.CAMERA_STATUS, 0, 100)
    events = [decode_event(e.data, CameraStatus) for e in outbox.load(Stream.CAMERA_STATUS, seqs)]
    return [(event.state, event.reason) for event in events]


def test_a_camera_is_connecting_until_something_is_known(health: HealthBoard) -> None:
    assert health.of("cam1").state == "connecting"


def test_retries_of_a_dead_camera_are_no_news(health: HealthBoard, outbox: Outbox) -> None:
    health.handle(StateChanged("cam1", "connecting", ""))
    health.handle(StateChanged("cam1", "online", ""))
    for _ in range(3):
        health.handle(StateChanged("cam1", "offline", "no route"))
        health.handle(StateChanged("cam1", "connecting", ""))
    assert (health.of("cam1").state, health.of("cam1").reason) == ("offline", "no route")
    health.handle(StateChanged("cam1", "online", ""))
    assert told(outbox) == [("online", ""), ("offline", "no route"), ("online", "")]


def test_a_measurement_shows_rates_and_the_last_packet(health: HealthBoard) -> None:
    health.handle(Measured("cam1", 11.987, 412_345, NOON_US))
    shown = health.of("cam1")
    assert (shown.state, shown.fps, shown.bitrate_bps, shown.last_packet_at) == (
        "online",
        12.0,
        412_345,
        NOON,
    )
    health.handle(StateChanged("cam1", "offline", "no route"))
    assert health.of("cam1").last_packet_at == NOON
