"""The hub's wish is kept on disk: a box that starts with no internet records what it recorded before."""

from edge_agent.config import Settings
from edge_agent.sync.desired import DesiredStateKeeper
from protocol.messages import DesiredCamera, DesiredState
from tests.unit.edge.builders import desired_state

CAMERA = DesiredCamera(id="cam1", name="Praça", rtsp_url="rtsp://u:p@10.0.0.2/1")


def test_a_new_box_wants_nothing(settings: Settings) -> None:
    new = DesiredStateKeeper(settings)
    assert (new.current, new.revision, new.camera("cam1")) == (None, 0, None)


def test_the_desired_state_survives_a_restart_with_no_internet(settings: Settings) -> None:
    DesiredStateKeeper(settings).receive(desired_state(3, cameras=[CAMERA]))
    applied: list[DesiredState] = []
    restarted = DesiredStateKeeper(settings)
    restarted.on_change(applied.append)
    assert applied == [desired_state(3, cameras=[CAMERA])]
    assert restarted.revision == 3
    assert restarted.camera("cam1") == CAMERA
    assert restarted.camera("cam2") is None


def test_a_repeat_or_an_older_revision_changes_nothing(settings: Settings) -> None:
    applied: list[DesiredState] = []
    current = DesiredStateKeeper(settings)
    current.on_change(applied.append)
    assert applied == [], "nothing to apply before the hub spoke"
    current.receive(desired_state(2, cameras=[CAMERA]))
    current.receive(desired_state(2))
    current.receive(desired_state(1))
    assert [state.revision for state in applied] == [2]
    assert DesiredStateKeeper(settings).camera("cam1") == CAMERA


def test_a_higher_revision_replaces_the_whole_state(settings: Settings) -> None:
    current = DesiredStateKeeper(settings)
    current.receive(desired_state(1, cameras=[CAMERA]))
    current.receive(desired_state(2))
    assert current.camera("cam1") is None
    assert DesiredStateKeeper(settings).revision == 2
