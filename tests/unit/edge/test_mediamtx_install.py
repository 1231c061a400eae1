"""`install-mediamtx`: a good release is installed; anything else changes nothing and says why."""

import hashlib
import io
import tarfile
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from edge_agent.mediamtx.install import CHECKSUMS, InstallFailed, archive_name, install

NAME = archive_name("x86_64")
PROGRAM = b"#!/bin/sh\necho mediamtx\n"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def release(tmp_path: Path) -> Path:
    folder = tmp_path / "release"
    folder.mkdir()
    publish(folder, "mediamtx")
    return folder


def publish(folder: Path, member: str) -> str:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        info = tarfile.TarInfo(member)
        info.size = len(PROGRAM)
        archive.addfile(info, io.BytesIO(PROGRAM))
    (folder / NAME).write_bytes(packed.getvalue())
    digest = hashlib.sha256(packed.getvalue()).hexdigest()
    (folder / CHECKSUMS).write_text(f"{'0' * 64}  other.tar.gz\n{digest} *{NAME}\n")
    return digest


@pytest.fixture
def url(release: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(release)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_good_release_replaces_the_program(tmp_path: Path, url: str) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "mediamtx").write_text("old")
    program = install(tmp_path, url, machine="x86_64")
    assert program.read_bytes() == PROGRAM
    assert program.stat().st_mode & 0o777 == 0o755
    assert list(program.parent.iterdir()) == [program]


def test_another_digest_than_the_technicians_changes_nothing(tmp_path: Path, url: str) -> None:
    with pytest.raises(InstallFailed, match="não é o esperado"):
        install(tmp_path, url, sha256="ab" * 32, machine="x86_64")
    assert not (tmp_path / "bin").exists()


def test_a_truncated_archive_is_refused(tmp_path: Path, release: Path, url: str) -> None:
    archive = release / NAME
    archive.write_bytes(archive.read_bytes()[:-20])
    with pytest.raises(InstallFailed, match="não é o esperado"):
        install(tmp_path, url, machine="x86_64")
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    with pytest.raises(InstallFailed, match="não pôde ser aberto"):
        install(tmp_path, url, sha256=digest, machine="x86_64")


def test_a_member_that_would_leave_the_folder_is_not_written(tmp_path: Path, release: Path, url: str) -> None:
    publish(release, "../mediamtx")
    with pytest.raises(InstallFailed, match="não contém"):
        install(tmp_path, url, machine="x86_64")
    assert not (tmp_path / "mediamtx").exists()


def test_what_is_not_there_or_not_reachable_is_said(tmp_path: Path, release: Path, url: str) -> None:
    with pytest.raises(InstallFailed, match="404"):
        install(tmp_path, f"{url}/elsewhere", machine="x86_64")
    (release / CHECKSUMS).write_text("")
    with pytest.raises(InstallFailed, match="--sha256"):
        install(tmp_path, url, machine="x86_64")
    with pytest.raises(InstallFailed, match="Há rede"):
        install(tmp_path, "http://127.0.0.1:1", machine="x86_64")
    with pytest.raises(InstallFailed, match="processador"):
        install(tmp_path, url, machine="sparc")
