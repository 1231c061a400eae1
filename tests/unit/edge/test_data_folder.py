"""What a technician is told when a box cannot start on its data folder."""

from pathlib import Path

import pytest

from edge_agent.config import DataFolder, DataFolderUnusable, NotEnrolled


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
