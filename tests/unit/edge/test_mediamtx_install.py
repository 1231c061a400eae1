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
from typer.testing import CliRunner

from edge_agent.cli import app
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
    with pytest.raises(InstallFailed, match="não é o esperado") as failed:
        install(tmp_path, url, sha256="ab" * 32, machine="x86_64")
    assert "Nada foi instalado. Busque-o de novo" in str(failed.value)
    assert not (tmp_path / "bin").exists()


def test_another_digest_leaves_the_program_that_was_there(tmp_path: Path, url: str) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "mediamtx").write_text("old")
    with pytest.raises(InstallFailed):
        install(tmp_path, url, sha256="ab" * 32, machine="x86_64")
    assert [(file.name, file.read_text()) for file in (tmp_path / "bin").iterdir()] == [("mediamtx", "old")]


def test_the_technicians_digest_needs_no_checksums_beside_the_archive(
    tmp_path: Path, release: Path, url: str
) -> None:
    digest = hashlib.sha256((release / NAME).read_bytes()).hexdigest()
    (release / CHECKSUMS).unlink()
    assert install(tmp_path, url, sha256=f" {digest.upper()}\n", machine="x86_64").read_bytes() == PROGRAM


@pytest.mark.parametrize("digest", ["abc", "g" * 64, "0" * 63])
def test_what_is_no_digest_is_said_before_anything_is_fetched(tmp_path: Path, digest: str) -> None:
    with pytest.raises(InstallFailed, match="64 algarismos"):
        install(tmp_path, "http://127.0.0.1:1", sha256=digest, machine="x86_64")


# --- without internet -----------------------------------------------------------------


def test_a_folder_that_was_carried_to_the_box_is_installed(tmp_path: Path, release: Path) -> None:
    assert install(tmp_path, str(release), machine="x86_64").read_bytes() == PROGRAM


def test_an_archive_that_was_carried_to_the_box_is_installed_with_its_digest(
    tmp_path: Path, release: Path
) -> None:
    archive = (release / NAME).rename(tmp_path / "mediamtx.tar.gz")
    with pytest.raises(InstallFailed, match=f"ler .*{CHECKSUMS}"):
        install(tmp_path, str(archive), machine="x86_64")
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    assert install(tmp_path, str(archive), sha256=digest, machine="x86_64").read_bytes() == PROGRAM


def test_a_carried_archive_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InstallFailed, match="Confira --from"):
        install(tmp_path, str(tmp_path / "nowhere"), sha256="ab" * 32, machine="x86_64")


def test_where_there_is_no_network_the_technician_is_told_how_to_carry_it(tmp_path: Path) -> None:
    with pytest.raises(InstallFailed, match=f"pendrive.*{CHECKSUMS}.*--from"):
        install(tmp_path, "http://127.0.0.1:1", machine="x86_64")


# --- on the way -----------------------------------------------------------------------


def test_checksums_that_came_unencrypted_over_a_network_are_not_believed(tmp_path: Path) -> None:
    with pytest.raises(InstallFailed, match=r"não é HTTPS.*--sha256"):
        install(tmp_path, "http://mirror.invalid/mediamtx", machine="x86_64")


def test_a_mirror_that_leads_to_an_unencrypted_place_is_refused(tmp_path: Path) -> None:
    class Elsewhere(Quiet):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", f"http://{other}:{self.server.server_port}/elsewhere")
            self.end_headers()

    other = "127.0.0.2"  # loopback too, so that the test stays here; not a place that is believed
    server = ThreadingHTTPServer(("0.0.0.0", 0), Elsewhere)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with pytest.raises(InstallFailed, match="sem HTTPS"):
            install(tmp_path, f"http://127.0.0.1:{server.server_port}", machine="x86_64")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_left(tmp_path: Path, url: str) -> None:
    (tmp_path / "bin" / "mediamtx").mkdir(parents=True)
    with pytest.raises(InstallFailed, match="Não foi possível gravar"):
        install(tmp_path, url, machine="x86_64")
    assert [file.name for file in (tmp_path / "bin").iterdir()] == ["mediamtx"]


def test_the_command_tells_what_it_did_or_what_to_do(tmp_path: Path, release: Path) -> None:
    digest = hashlib.sha256((release / NAME).read_bytes()).hexdigest()
    argv = ["install-mediamtx", "--data-dir", str(tmp_path), "--from", str(release / NAME)]
    done = CliRunner().invoke(app, [*argv, "--sha256", digest])
    assert done.exit_code == 0, done.output
    assert "Reinicie a caixa" in done.output
    failed = CliRunner().invoke(app, [*argv, "--sha256", "0" * 64])
    assert failed.exit_code == 1
    assert "Nada foi instalado" in failed.output


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
    with pytest.raises(InstallFailed, match="não é um endereço"):
        install(tmp_path, "https://a:b:c", machine="x86_64")
    with pytest.raises(InstallFailed, match="processador"):
        install(tmp_path, url, machine="sparc")
