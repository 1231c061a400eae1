"""What a removed camera was called is known for as long as somebody may ask for its footage."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.cameras.domain import name_order
from edge_agent.config import Settings
from edge_agent.store import Store
from edge_agent.sync.desired import DesiredStateKeeper
from protocol.messages import DesiredCamera
from tests.unit.edge.builders import desired_state

CAMERA = DesiredCamera(id="cam1", name="Praça", rtsp_url="rtsp://u:p@10.0.0.2/1")


def without_the_camera(settings: Settings) -> DesiredStateKeeper:
    keeper = DesiredStateKeeper(settings)
    keeper.receive(desired_state(1, cameras=[CAMERA]))
    keeper.receive(desired_state(2))
    assert keeper.camera("cam1") is None
    return keeper


def test_a_removed_camera_keeps_its_name_also_after_a_restart(settings: Settings) -> None:
    assert without_the_camera(settings).camera_name("cam1") == "Praça"
    assert DesiredStateKeeper(settings).camera_name("cam1") == "Praça"


def test_the_last_name_counts(settings: Settings) -> None:
    keeper = DesiredStateKeeper(settings)
    keeper.receive(desired_state(1, cameras=[CAMERA]))
    keeper.receive(desired_state(2, cameras=[replace(CAMERA, name="Praça da Matriz")]))
    keeper.receive(desired_state(3))
    assert keeper.camera_name("cam1") == "Praça da Matriz"


def test_a_camera_that_was_never_known_is_called_by_its_id(settings: Settings) -> None:
    assert DesiredStateKeeper(settings).camera_name("cam9") == "cam9"


def test_a_camera_added_and_removed_at_the_box_keeps_its_name(settings: Settings) -> None:
    keeper = DesiredStateKeeper(settings)
    keeper.add_local(CAMERA, "ana")
    assert keeper.remove_local("cam1", "ana")
    assert DesiredStateKeeper(settings).camera_name("cam1") == "Praça"


def test_a_box_that_comes_from_an_older_version_learns_the_names_at_its_start(
    settings: Settings, store: Store
) -> None:
    DesiredStateKeeper(settings).receive(desired_state(1, cameras=[CAMERA]))
    with store.transaction() as transaction:
        transaction.execute("DELETE FROM setting WHERE name LIKE '%camera-names'")
    DesiredStateKeeper(settings).receive(desired_state(2))
    assert DesiredStateKeeper(settings).camera_name("cam1") == "Praça"


def test_the_names_survive_the_database(settings: Settings, tmp_path: Path) -> None:
    without_the_camera(settings)
    new = Settings(Store(tmp_path / "another" / "edge.db"), tmp_path / "secrets.key")
    assert DesiredStateKeeper(new).camera_name("cam1") == "Praça"


def test_a_name_that_the_disk_refuses_is_stored_with_the_next_state(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = DesiredStateKeeper(settings)
    put = Settings.set_sealed

    def refuse_names(self: Settings, name: str, value: bytes) -> None:
        if name == "camera-names":
            raise sqlite3.OperationalError("database or disk is full")
        put(self, name, value)

    monkeypatch.setattr(Settings, "set_sealed", refuse_names)
    keeper.receive(desired_state(1, cameras=[CAMERA]))
    assert keeper.camera_name("cam1") == "Praça"
    monkeypatch.undo()
    keeper.receive(desired_state(2))
    assert DesiredStateKeeper(settings).camera_name("cam1") == "Praça"


# --- their order -----------------------------------------------------------------------------


def in_order(*names: str) -> list[str]:
    return sorted(names, key=name_order)


def test_names_are_in_the_order_in_which_people_look_for_them() -> None:
    names = ["Câmera 10", "Zona rural", "câmera 2", "Água Branca", "2ª DP", "10ª DP", "Camera 1", "Avenida"]
    assert in_order(*names) == [
        "2ª DP",
        "10ª DP",
        "Água Branca",
        "Avenida",
        "Camera 1",
        "câmera 2",
        "Câmera 10",
        "Zona rural",
    ]


@given(st.lists(st.text(max_size=12)))
def test_any_names_have_one_order(names: list[str]) -> None:
    assert in_order(*names) == in_order(*reversed(names))
