"""`gtv edge fsck` finds each kind of damage, says it in words, and ends with 1; `backup` makes a box anew."""

import os
import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from edge_agent.box import Box
from edge_agent.cli import app
from edge_agent.clock import now_us
from edge_agent.config import DataFolder
from edge_agent.recording.domain import Segment
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.repair import repair
from edge_agent.recording.retention import UNREADABLE
from protocol.topics import Stream
from tests.unit.edge.builders import MINUTE, NOON_US, SECOND, record

RUN = CliRunner()


@pytest.fixture
def footage(box: Box, video: Path) -> RecordingIndex:
    """Two real files of ten seconds, an hour old."""
    for camera in ("cam1", "cam2"):
        file = box.folder.recordings / camera / "2025-11-24" / f"{NOON_US}.mp4"
        file.parent.mkdir(parents=True)
        record(video, file)
        os.utime(file, (now_us() / 1e6 - 3600,) * 2)
    repair(box.index)
    return box.index


def fsck(index: RecordingIndex, *options: str) -> tuple[int, str]:
    result = RUN.invoke(app, ["fsck", "--data-dir", str(index.folder.parent), *options])
    return result.exit_code, result.output


def file_of(index: RecordingIndex, camera: str = "cam1") -> Path:
    return index.folder / camera / "2025-11-24" / f"{NOON_US}.mp4"


def lose(index: RecordingIndex) -> None:
    file_of(index).unlink()


def add_copy(index: RecordingIndex) -> None:
    copy = file_of(index).with_name(f"{NOON_US + MINUTE}.mp4")
    copy.write_bytes(file_of(index).read_bytes())
    os.utime(copy, (now_us() / 1e6 - 3600,) * 2)


def shorten(index: RecordingIndex) -> None:
    os.truncate(file_of(index), file_of(index).stat().st_size - 1)


def zero_the_end(index: RecordingIndex) -> None:
    data = file_of(index).read_bytes()
    file_of(index).write_bytes(data[: len(data) // 2].ljust(len(data), b"\0"))


def overlap(index: RecordingIndex) -> None:
    (stored,) = index.footage("cam1", 0, 2**60)
    file = index.folder / "cam1" / "2025-11-24" / f"{NOON_US + SECOND}.mp4"
    file.write_bytes(file_of(index).read_bytes())
    moved = [type(f)(f.offset, f.size_bytes, f.start_us + SECOND, f.duration_us) for f in stored.fragments]
    index.store_segment(
        Segment(
            "cam1", NOON_US + SECOND, NOON_US, f"cam1/2025-11-24/{file.name}", stored.init_bytes, tuple(moved)
        )
    )


def drop_coverage(index: RecordingIndex) -> None:
    with sqlite3.connect(index.folder.parent / "edge.db") as connection:
        connection.execute("DELETE FROM coverage WHERE camera='cam1'")


def set_aside(index: RecordingIndex) -> None:
    (index.folder / UNREADABLE).mkdir()
    (index.folder / UNREADABLE / "cam1--x.mp4").write_bytes(b"?")


def test_a_sound_box_has_nothing_to_say(footage: RecordingIndex) -> None:
    assert fsck(footage) == (0, "Tudo certo.\n")
    assert fsck(footage, "--deep") == (0, "Tudo certo.\n")


@pytest.mark.parametrize(
    ("damage", "said", "mendable"),
    [
        (lose, "não está no disco", True),
        (add_copy, "mas não no índice", True),
        (shorten, "tamanho", True),
        (zero_the_end, "não é o que o índice diz", True),
        (overlap, "antes do fim da anterior", False),
        (drop_coverage, "linha do tempo", True),
        (set_aside, "não pôde ser lido", False),
    ],
)
def test_damage_is_found_named_and_mended(
    footage: RecordingIndex, damage: Callable[[RecordingIndex], None], said: str, mendable: bool
) -> None:
    damage(footage)
    code, output = fsck(footage)
    assert code == 1
    assert said in output
    assert re.search(r"^\d+ problemas\.$", output, re.M)
    assert "cam2" not in output, "the other camera is sound"
    code, _ = fsck(footage, "--repair")
    assert (code == 0) is mendable


def test_only_a_deep_check_sees_pictures_that_do_not_decode(footage: RecordingIndex) -> None:
    data = bytearray(file_of(footage).read_bytes())
    (stored,) = footage.footage("cam1", 0, 2**60)
    first = stored.fragments[0]
    payload = data.index(b"mdat", first.offset) + 4
    data[payload : first.offset + first.size_bytes] = b"\xff" * (first.offset + first.size_bytes - payload)
    file_of(footage).write_bytes(data)
    assert fsck(footage)[0] == 0
    code, output = fsck(footage, "--deep")
    assert code == 1
    assert "decodificado" in output


def test_a_damaged_database_is_reported_and_replaced_by_repair(footage: RecordingIndex, box: Box) -> None:
    box.store.close()
    box.folder.database.write_bytes(b"not a database" * 1000)
    code, output = fsck(footage)
    assert code == 1
    assert "not a database" in output
    assert not list(box.folder.root.glob("*.damaged-*")), "a check changes nothing"
    assert fsck(footage, "--repair")[0] == 0
    assert len(list(box.folder.root.glob("*.damaged-*"))) == 1


def test_repair_refuses_while_the_box_runs(footage: RecordingIndex, box: Box) -> None:
    with box.folder.only_one():
        code, output = fsck(footage, "--repair")
    assert code == 1
    assert "pare o serviço" in output


def test_a_folder_that_cannot_be_written_is_told_in_words(footage: RecordingIndex, box: Box) -> None:
    (box.folder.root / "agent.lock").mkdir()  # as a read-only disk: the lock cannot be opened
    code, output = fsck(footage, "--repair")
    assert code == 1
    assert "não pode ser usada" in output


def newest(box: Box) -> int:
    (seq,), _ = box.outbox.ends(Stream.AUDIT, 1, 0)
    return seq


def test_a_backup_is_a_box_without_its_footage(footage: RecordingIndex, box: Box, tmp_path: Path) -> None:
    target = tmp_path / "usb" / "copy"
    made = RUN.invoke(app, ["backup", str(target), "--data-dir", str(box.folder.root)])
    assert made.exit_code == 0, made.output
    files = [file for file in target.rglob("*") if file.is_file()]
    assert files
    assert all(file.stat().st_mode & 0o077 == 0 for file in [target, *files])
    restored = Box.open(target)
    assert restored.identity == box.identity
    assert restored.desired.current == box.desired.current
    assert restored.outbox.depth() == box.outbox.depth()
    box.audit("ana", "after the backup")
    restored.audit("ana", "after the restoration")
    assert newest(restored) > newest(box), "a number that the hub may hold is never given again"
    restored.store.close()


def test_a_restored_backup_is_put_in_order(footage: RecordingIndex, box: Box, tmp_path: Path) -> None:
    """As docs/backup.md says it, on a new disk: copied, then mended."""
    backup, new = tmp_path / "usb" / "copy", tmp_path / "new"
    assert RUN.invoke(app, ["backup", str(backup), "--data-dir", str(box.folder.root)]).exit_code == 0
    shutil.copytree(backup, new)
    mended = RUN.invoke(app, ["fsck", "--repair", "--data-dir", str(new)])
    assert mended.exit_code == 0, mended.output


def test_a_backup_never_overwrites(box: Box, tmp_path: Path) -> None:
    result = RUN.invoke(app, ["backup", str(tmp_path), "--data-dir", str(box.folder.root)])
    assert result.exit_code == 1
    assert "já existe" in result.output
    empty = RUN.invoke(app, ["backup", str(tmp_path / "new"), "--data-dir", str(tmp_path / "nothing")])
    assert empty.exit_code == 1
    assert not DataFolder(tmp_path / "new").database.exists()


def test_a_backup_that_cannot_be_written_is_said_in_words(box: Box) -> None:
    result = RUN.invoke(app, ["backup", "/proc/copy", "--data-dir", str(box.folder.root)])
    assert result.exit_code == 1
    assert "não se pode gravar em /proc/copy" in result.output
