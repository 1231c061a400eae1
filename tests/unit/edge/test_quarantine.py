"""A technician sees what plate cameras sent and the box refused, and why."""

from pathlib import Path

from edge_agent.box import Box
from edge_agent.control import refused_pushes_of, status_of
from edge_agent.diagnosis.software import check_pushes
from edge_agent.lpr.quarantine import DAY_US, Quarantine
from edge_agent.lpr.services import PlateReads
from edge_agent.store import Store
from tests.unit.edge.builders import NOON_US
from tests.unit.edge.test_diagnosis import gtv


def refuse(store: Store, root: Path, camera: str, reason: str, body: bytes, at_us: int = NOON_US) -> None:
    PlateReads(store, root, clock_us=lambda: at_us).quarantine(camera, "hikvision", reason, body)


def test_the_newest_comes_first_and_its_bytes_are_as_they_were_sent(store: Store, tmp_path: Path) -> None:
    refuse(store, tmp_path, "cam1", "no plate at 'plate'", b"<a/>")
    refuse(store, tmp_path, "cam2", "JSON: malformed", b"\xff{", NOON_US + 1)
    quarantine = Quarantine(store)
    newest, older = quarantine.newest(10)
    assert (newest.camera, newest.reason, newest.size_bytes) == ("cam2", "JSON: malformed", 2)
    assert quarantine.body(newest.id) == b"\xff{" and quarantine.body(older.id) == b"<a/>"
    assert quarantine.body(999) is None
    assert len(quarantine.newest(1)) == 1


def test_each_camera_is_told_with_its_last_reason(store: Store, tmp_path: Path) -> None:
    for number, reason in enumerate(("first", "second", "third")):
        refuse(store, tmp_path, "cam1", reason, b"", NOON_US + number)
    refuse(store, tmp_path, "cam2", "other", b"", NOON_US)
    refuse(store, tmp_path, "cam3", "long ago", b"", NOON_US - 2 * DAY_US)
    found = Quarantine(store).by_camera(NOON_US - DAY_US)
    assert [(one.camera, one.pushes, one.reason) for one in found] == [
        ("cam1", 3, "third"),
        ("cam2", 1, "other"),
    ]


def test_the_doctor_names_the_camera_and_what_to_do(box: Box) -> None:
    box.reads.quarantine("cam1", "generic", "no plate at 'alpr.0.text'", b"{}")
    (finding,) = check_pushes(status_of(box)["refused_pushes"])
    assert not finding.ok and finding.subject == "placas de Praça da Matriz"
    assert "alpr.0.text" in finding.text and "gtv edge quarantine" in finding.fix


def test_a_technician_lists_and_saves_them_while_the_agent_is_off(box: Box, tmp_path: Path) -> None:
    box.reads.quarantine("cam1", "generic", "no plate at 'plate'", b"{\xff}")
    (told,) = refused_pushes_of(box)
    data = ("--data-dir", box.folder.root)
    code, listed = gtv("quarantine", *data)
    assert code == 0 and "Praça da Matriz" in listed and "no plate at 'plate'" in listed
    file = tmp_path / "push.bin"
    code, said = gtv("quarantine", str(told["id"]), "--save", file, *data)
    assert (code, file.read_bytes()) == (0, b"{\xff}") and "3 bytes" in said
    assert gtv("quarantine", "999", *data)[0] == 1
