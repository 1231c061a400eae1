"""A copy of the database gives nobody a password; a lost key costs a question to the hub, not the box."""

from pathlib import Path

import msgspec
import pytest

from edge_agent.config import KEY_BYTES, Settings
from edge_agent.store import Store
from edge_agent.sync.desired import DesiredStateKeeper
from edge_agent.sync.outbox import Outbox
from protocol.messages import DesiredCamera
from protocol.topics import Stream
from tests.unit.edge.builders import desired_state

PASSWORD = "s3nha-da-camera"
CAMERA = DesiredCamera(id="cam1", name="Praça", rtsp_url=f"rtsp://admin:{PASSWORD}@10.0.0.2/1")


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """Where the `settings` fixture keeps its key."""
    return tmp_path / "secrets.key"


def files_of_the_database(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob("edge.db*"))


def test_the_desired_state_is_not_in_the_database_in_plain(settings: Settings, tmp_path: Path) -> None:
    keeper = DesiredStateKeeper(settings)
    for revision in range(1, 20):
        keeper.receive(desired_state(revision, cameras=[CAMERA]))
    assert keeper.camera("cam1") == CAMERA
    assert PASSWORD.encode() not in files_of_the_database(tmp_path)


def test_a_state_that_an_older_version_kept_plain_is_sealed_and_leaves_no_trace(
    settings: Settings, store: Store, tmp_path: Path
) -> None:
    for revision in range(1, 5):  # each earlier one is in a page that was freed
        state = desired_state(revision, cameras=[CAMERA] * 40)
        settings.set("desired-state", msgspec.json.encode(state))
    assert PASSWORD.encode() in files_of_the_database(tmp_path), "the test writes what it means to"
    assert DesiredStateKeeper(settings).current == state
    assert PASSWORD.encode() not in files_of_the_database(tmp_path)
    assert DesiredStateKeeper(settings).current == state, "read again, sealed"


def test_a_box_whose_key_is_lost_asks_the_hub_again_and_goes_on(
    settings: Settings, store: Store, key_file: Path
) -> None:
    DesiredStateKeeper(settings).receive(desired_state(7, cameras=[CAMERA]))
    key_file.unlink()
    restarted = Settings(store, key_file)
    keeper = DesiredStateKeeper(restarted)
    assert (keeper.current, keeper.revision) == (None, 0)
    assert "desired-state" in restarted.unreadable, "and the box can say so"
    keeper.receive(desired_state(7, cameras=[CAMERA]))  # the broker holds it retained
    assert restarted.unreadable == set()
    assert DesiredStateKeeper(Settings(store, key_file)).camera("cam1") == CAMERA


def test_the_key_is_the_owners_alone_and_stays(settings: Settings, store: Store, key_file: Path) -> None:
    assert key_file.stat().st_mode & 0o077 == 0
    key = key_file.read_bytes()
    Settings(store, key_file)
    assert key_file.read_bytes() == key
    assert len(key) == KEY_BYTES


def test_half_a_key_is_no_key(settings: Settings, store: Store, key_file: Path) -> None:
    settings.set_sealed("name", b"value")
    key_file.write_bytes(key_file.read_bytes()[:10])
    again = Settings(store, key_file)
    assert again.get_sealed("name") is None
    assert len(key_file.read_bytes()) == KEY_BYTES


def test_a_value_cannot_be_moved_to_another_name(settings: Settings) -> None:
    settings.set_sealed("a", b"value")
    settings.set("sealed:b", settings.get("sealed:a") or b"")
    assert settings.get_sealed("b") is None
    assert settings.get_sealed("a") == b"value"


def test_a_value_sealed_twice_looks_different(settings: Settings) -> None:
    """A nonce that repeats would give the key away (NIST SP 800-38D)."""
    settings.set_sealed("a", b"value")
    first = settings.get("sealed:a")
    settings.set_sealed("a", b"value")
    assert settings.get("sealed:a") != first


def test_a_torn_value_is_unreadable_and_not_an_error(settings: Settings) -> None:
    settings.set_sealed("a", b"value")
    for torn in (b"", b"short", (settings.get("sealed:a") or b"")[:-1]):
        settings.set("sealed:a", torn)
        assert settings.get_sealed("a") is None


# --- a database that was damaged ------------------------------------------------------------


def with_a_new_database(folder: Path) -> Settings:
    return Settings(Store(folder / "another" / "edge.db"), folder / "secrets.key")


def test_which_cameras_to_record_survives_the_database(settings: Settings, tmp_path: Path) -> None:
    DesiredStateKeeper(settings).receive(desired_state(7, cameras=[CAMERA]))
    session_key = settings.secret("console-key")
    copy = tmp_path / "desired-state.sealed"
    assert PASSWORD.encode() not in copy.read_bytes()
    assert copy.stat().st_mode & 0o077 == 0
    new = with_a_new_database(tmp_path)
    keeper = DesiredStateKeeper(new)
    assert (keeper.camera("cam1"), keeper.revision) == (CAMERA, 7)
    assert new.secret("console-key") != session_key, "nobody stays logged in"
    keeper.receive(desired_state(8, cameras=[]))
    assert DesiredStateKeeper(with_a_new_database(tmp_path)).revision == 8


def test_a_camera_added_here_is_offered_to_the_hub_again(settings: Settings, tmp_path: Path) -> None:
    DesiredStateKeeper(settings).add_local(CAMERA, "ana")
    new = with_a_new_database(tmp_path)
    assert DesiredStateKeeper(new, "sao-bento").camera("cam1") == CAMERA
    assert Outbox(new.store).waiting()[Stream.CAMERA_ADDED].events == 1
    assert DesiredStateKeeper(new, "sao-bento").local_cameras() == [CAMERA]
    assert Outbox(new.store).waiting()[Stream.CAMERA_ADDED].events == 1, "once"


def test_a_copy_that_cannot_be_written_keeps_no_setting_from_the_database(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "desired-state.new").mkdir()
    keeper = DesiredStateKeeper(settings)
    keeper.receive(desired_state(7, cameras=[CAMERA]))
    assert DesiredStateKeeper(settings).revision == 7
