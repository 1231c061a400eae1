"""What a technician is told when a box cannot start on its data folder."""

from pathlib import Path

import pytest

from edge_agent.box import Box
from edge_agent.config import DataFolder, DataFolderUnusable, NotEnrolled
from edge_agent.enrolment import enrol


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"city": 1}', b"\xff\xfe"])
def test_a_damaged_identity_asks_to_enrol_again(tmp_path: Path, content: bytes) -> None:
    folder = DataFolder(tmp_path).prepare()
    (folder.identity / "identity.json").write_bytes(content)
    with pytest.raises(NotEnrolled, match="danificada: registre esta caixa de novo"):
        folder.load_identity()


def test_a_folder_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path).prepare()
    (folder.identity / "identity.json").mkdir()  # refused to everybody, also to root
    with pytest.raises(DataFolderUnusable, match="permissões") as told:
        folder.load_identity()
    assert str(tmp_path) in str(told.value)


@pytest.mark.parametrize("place", ["recordings", "identity"])
def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, place: str) -> None:
    (tmp_path / place).write_text("a file where a folder must be")
    with pytest.raises(DataFolderUnusable, match=f"{tmp_path / place}.*permissões"):
        DataFolder(tmp_path).prepare()


def test_the_lock_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path).prepare()
    (tmp_path / "agent.lock").mkdir()
    with pytest.raises(DataFolderUnusable, match=r"agent\.lock"), folder.only_one():
        pass


def test_the_key_of_sealed_settings_that_cannot_be_written_is_named(box: Box) -> None:
    box.store.close()
    box.folder.secrets_key.unlink()
    (box.folder.identity / "secrets.new").mkdir()
    with pytest.raises(DataFolderUnusable, match=r"secrets\.new"):
        Box.open(box.folder.root)


def test_an_enrolment_does_not_spend_its_token_on_a_folder_it_cannot_use(tmp_path: Path) -> None:
    (tmp_path / "identity").write_text("a file where a folder must be")
    with pytest.raises(DataFolderUnusable):  # not EnrolmentFailed: nobody was asked
        enrol("http://127.0.0.1:9", "token", DataFolder(tmp_path))
