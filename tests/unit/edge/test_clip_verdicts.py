"""`gtv clip verify`: whose word a clip is believed on, and what a forger gets for his work."""

import base64
import hashlib
import random
import zipfile
from pathlib import Path

import msgspec
import pytest
from click.testing import Result
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from typer.testing import CliRunner

from edge_agent.box import Box
from edge_agent.evidence.authorities import AuthorityRefused, named
from edge_agent.evidence.cli import app
from edge_agent.evidence.manifest import README_TEXT, sign
from tests.unit.edge.clip_rig import certificate, made, span

Authority = tuple[ec.EllipticCurvePrivateKey, bytes]
pytestmark = [pytest.mark.req("S8.2"), pytest.mark.usefixtures("elsewhere")]

AUTHENTIC, NOT_AUTHENTIC, REFUSED, UNPROVEN = range(4)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer that is no box, and whose user keeps no authorities yet."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GTV_EDGE_DATA", str(tmp_path / "no-box"))


@pytest.fixture
async def clip(footage: Box, tmp_path: Path) -> Path:
    """A genuine clip, as it is unpacked by who received it."""
    done = await made(footage, span(2, 4), span(21, 22))
    folder = tmp_path / "received"
    with zipfile.ZipFile(footage.clips.file(done.id)) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture
def hub_ca(authority: Authority, tmp_path: Path) -> Path:
    """The authority's certificate as the hub publishes it."""
    file = tmp_path / "authority.crt"
    file.write_bytes(b"CN=GT-Vision CA, SHA-256 AA:BB\n" + authority[1])
    return file


def sha256_of(pem: bytes) -> str:
    return x509.load_pem_x509_certificate(pem).fingerprint(hashes.SHA256()).hex(":")


def check(place: Path, *options: object) -> Result:
    return CliRunner().invoke(app, ["verify", str(place), *map(str, options)])


def last_word(result: Result) -> str:
    verdicts = ("AUTÊNTICO", "NÃO É AUTÊNTICO", "ÍNTEGRO, ORIGEM NÃO COMPROVADA")
    (found,) = [line for line in result.output.splitlines() if line in verdicts]
    return str(found)


def forge(folder: Path) -> None:
    """Alter every video, and sign anew with a key and an authority of one's own that have the same names."""
    manifest = msgspec.json.decode((folder / "manifest.json").read_bytes())
    for file in manifest["files"]:
        data = bytearray((folder / file["name"]).read_bytes())
        data[-1000] ^= 0xFF
        (folder / file["name"]).write_bytes(data)
        file["sha256"] = hashlib.sha256(data).hexdigest()
    manifest["requester"] = "delegado"
    statement = msgspec.json.encode(manifest)
    ca_key, box_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    box = certificate(f"{manifest['city']}/{manifest['node']}", box_key, "GT-Vision CA", ca_key)
    (folder / "manifest.json").write_bytes(statement)
    (folder / "autoridade.crt").write_bytes(certificate("GT-Vision CA", ca_key, "GT-Vision CA", ca_key))
    (folder / "caixa.crt").write_bytes(box)
    signature = box_key.sign(statement, ec.ECDSA(hashes.SHA256()))
    (folder / "manifest.sig").write_bytes(base64.b64encode(signature))


def test_with_the_hubs_certificate_or_its_fingerprint_a_clip_is_authentic(
    clip: Path, hub_ca: Path, authority: Authority
) -> None:
    fingerprint = sha256_of(authority[1])
    for options in (
        ("--ca", hub_ca),
        ("--authority-sha256", fingerprint.upper()),
        ("--authority-sha256", fingerprint.replace(":", "")),
        ("--authority-sha256", fingerprint.replace(":", " ")),
    ):
        result = check(clip, *options)
        assert (result.exit_code, last_word(result)) == (AUTHENTIC, "AUTÊNTICO"), result.output
        assert fingerprint.upper() in result.output, "which authority it was, for the report"
        assert "autoridade que você informou" in result.output, "whose word it is"


def test_without_an_authority_from_elsewhere_a_genuine_clip_is_whole_but_unproven(clip: Path) -> None:
    result = check(clip)
    assert (result.exit_code, last_word(result)) == (UNPROVEN, "ÍNTEGRO, ORIGEM NÃO COMPROVADA")
    assert "/authority.crt" in result.output and "--authority-sha256" in result.output


def test_a_forged_clip_is_never_authentic(clip: Path, hub_ca: Path, authority: Authority) -> None:
    forge(clip)
    assert check(clip).exit_code == UNPROVEN, "it is consistent: only where it comes from gives it away"
    for options in (("--ca", hub_ca), ("--authority-sha256", sha256_of(authority[1]))):
        result = check(clip, *options)
        assert (result.exit_code, last_word(result)) == (NOT_AUTHENTIC, "NÃO É AUTÊNTICO")
    assert check(clip, "--ca", clip / "autoridade.crt").exit_code == REFUSED


def test_a_forged_clip_is_unproven_also_where_authorities_are_kept(
    clip: Path, hub_ca: Path, tmp_path: Path
) -> None:
    keep(hub_ca, tmp_path)
    forge(clip)
    result = check(clip)
    assert result.exit_code == UNPROVEN
    assert "o recorte é de outra central, ou é falso" in " ".join(result.output.split())


def keep(file: Path, tmp_path: Path) -> Path:
    kept = tmp_path / "home" / ".config" / "gtv" / "authorities"
    kept.mkdir(parents=True)
    return (kept / "sao-bento.crt").write_bytes(file.read_bytes()) and kept


def test_an_authority_that_the_verifier_keeps_is_trusted(clip: Path, hub_ca: Path, tmp_path: Path) -> None:
    kept = keep(hub_ca, tmp_path)
    result = check(clip)
    assert result.exit_code == AUTHENTIC and "guardada neste computador" in result.output
    (kept / "broken.crt").write_text("no certificate")
    result = check(clip)
    assert result.exit_code == REFUSED and "broken.crt" in result.output


def test_a_box_trusts_the_authority_that_enrolled_it(footage: Box, clip: Path) -> None:
    assert check(clip, "--data-dir", footage.folder.root).exit_code == AUTHENTIC


def test_the_certificate_out_of_the_clip_is_refused_wherever_it_was_put(clip: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere" / "autoridade.crt"
    moved.parent.mkdir()
    moved.write_bytes((clip / "autoridade.crt").read_bytes())
    linked = tmp_path / "ca.crt"
    linked.symlink_to(moved)
    renamed = clip / "ca.crt"
    renamed.write_bytes(moved.read_bytes())
    for file in (clip / "autoridade.crt", moved, linked, renamed):
        result = check(clip, "--ca", file)
        assert (result.exit_code, "veio num recorte" in result.output) == (REFUSED, True), file


@pytest.mark.parametrize("extra", ["05-extra.mp4", "Thumbs.db", "pasta/05-extra.mp4", "LEIA-ME.txt/05.mp4"])
def test_a_file_that_nobody_signed_keeps_a_clip_from_being_authentic(
    clip: Path, hub_ca: Path, extra: str
) -> None:
    (clip / "LEIA-ME.txt").unlink()
    (clip / extra).parent.mkdir(exist_ok=True)
    (clip / extra).write_bytes(b"another video")
    result = check(clip, "--ca", hub_ca)
    assert (result.exit_code, last_word(result)) == (NOT_AUTHENTIC, "NÃO É AUTÊNTICO")
    assert f"{extra.split('/')[0]}" in result.output and "retire-o" in result.output


@pytest.mark.parametrize("extra", ["05-extra.mp4", "/05-extra.mp4", "../05-extra.mp4", "pasta/05-extra.mp4"])
async def test_a_file_that_nobody_signed_is_found_in_a_zip_under_any_name(
    footage: Box, hub_ca: Path, tmp_path: Path, extra: str
) -> None:
    done = await made(footage, span(2, 4))
    file = tmp_path / "clip.zip"
    file.write_bytes(footage.clips.file(done.id).read_bytes())
    assert check(file, "--ca", hub_ca).exit_code == AUTHENTIC
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(extra, b"another video")
    assert check(file, "--ca", hub_ca).exit_code == NOT_AUTHENTIC


def _damaged(file: Path, how: str) -> None:
    """Damages the first entry of a ZIP in a way that programs of all sorts leave behind."""
    content = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as archive:
        first = archive.infolist()[0]
    local, central = first.header_offset, content.index(b"PK\x01\x02")
    if how == "encrypted":
        content[local + 6] |= 1
        content[central + 8] |= 1
    else:
        method = {"unknown method": 97, "not deflated": zipfile.ZIP_DEFLATED}[how]
        content[local + 8 : local + 10] = content[central + 10 : central + 12] = method.to_bytes(2, "little")
    file.write_bytes(content)


@pytest.mark.parametrize("how", ["encrypted", "unknown method", "not deflated"])
async def test_a_zip_that_cannot_be_read_gets_an_answer_in_words(
    footage: Box, hub_ca: Path, tmp_path: Path, how: str
) -> None:
    done = await made(footage, span(2, 4))
    file = tmp_path / "clip.zip"
    file.write_bytes(footage.clips.file(done.id).read_bytes())
    _damaged(file, how)
    result = check(file, "--ca", hub_ca)
    assert result.exit_code in (NOT_AUTHENTIC, REFUSED) and isinstance(result.exception, SystemExit)
    assert "danificado" in result.output or "NÃO É AUTÊNTICO" in result.output


async def test_whatever_byte_of_a_clip_is_changed_the_answer_is_a_verdict(
    footage: Box, hub_ca: Path, tmp_path: Path
) -> None:
    done = await made(footage, span(2, 3))
    whole = footage.clips.file(done.id).read_bytes()
    with zipfile.ZipFile(footage.clips.file(done.id)) as archive:
        video = next(info for info in archive.infolist() if info.filename.endswith(".mp4"))
    inside = range(video.header_offset + 100, video.header_offset + 100 + video.file_size - 100)
    file = tmp_path / "clip.zip"
    chance = random.Random(7)
    # Beyond the video, which is most of it, every part of the ZIP's own structure.
    places = [chance.choice(inside) for _ in range(10)]
    places += [at for at in range(len(whole)) if at not in inside and chance.random() < 0.01]
    for at in places:
        changed = bytearray(whole)
        changed[at] ^= 0xFF
        file.write_bytes(changed)
        result = check(file, "--ca", hub_ca)
        assert isinstance(result.exception, SystemExit | None), f"byte {at}: {result.exception!r}"
        assert at not in inside or result.exit_code == NOT_AUTHENTIC, f"byte {at} of the video"


def test_a_clip_of_before_its_text_was_signed_is_authentic_with_a_warning(
    footage: Box, clip: Path, hub_ca: Path
) -> None:
    manifest = msgspec.json.decode((clip / "manifest.json").read_bytes())
    del manifest["readme_sha256"]
    statement = msgspec.json.encode(manifest)
    (clip / "manifest.json").write_bytes(statement)
    (clip / "manifest.sig").write_bytes(sign(footage.folder.key, statement))
    result = check(clip, "--ca", hub_ca)
    assert (result.exit_code, "LEIA-ME.txt não foi assinado" in result.output) == (AUTHENTIC, True)


@pytest.mark.parametrize("text", ["", "AA:BB", "zz" * 32, "a" * 63, "a" * 65])
def test_what_is_no_fingerprint_is_refused(clip: Path, text: str) -> None:
    assert check(clip, "--authority-sha256", text).exit_code == (REFUSED if text else UNPROVEN)


def test_a_certificate_and_a_fingerprint_at_once_or_no_certificate_are_refused(hub_ca: Path) -> None:
    with pytest.raises(AuthorityRefused, match="não os dois"):
        named(hub_ca, "aa" * 32)
    hub_ca.write_text("no certificate")
    with pytest.raises(AuthorityRefused, match="não é um certificado"):
        named(hub_ca, None)


def test_the_text_in_the_clip_sends_nobody_to_the_clips_own_authority() -> None:
    assert "--ca autoridade.crt" not in README_TEXT
    assert "--authority-sha256" in README_TEXT and "/authority.crt" in README_TEXT
