"""Clips: what is refused, what is cut, what the box signs, and what a stranger can verify."""

import asyncio
import hashlib
import subprocess
import sys
import threading
import zipfile
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any

import av
import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec.structs import replace
from typer.testing import CliRunner

from edge_agent.box import Box
from edge_agent.clock import to_datetime
from edge_agent.console.ranges import wanted_range
from edge_agent.evidence import maker
from edge_agent.evidence.authorities import Authorities
from edge_agent.evidence.cli import app as cli
from edge_agent.evidence.cutter import cut
from edge_agent.evidence.domain import ClipRefused, ClipSpan, NoSuchClip, check_spans, gaps
from edge_agent.evidence.manifest import Manifest, encode
from edge_agent.evidence.original import compare
from edge_agent.evidence.verify import NotAClip, Outcome, verify
from edge_agent.problems import ProblemError
from edge_agent.recording.domain import Span
from edge_agent.recording.protection import overlapping
from protocol.messages import AuditEvent, decode_event
from protocol.topics import Stream
from tests.unit.edge.builders import FPS, MINUTE, NOON_US, SECOND
from tests.unit.edge.clip_rig import CAMERA, certificate, finished, made, span, store_video, trusting


def shown_pictures(video: bytes, tmp_path: Path) -> tuple[int, float, float]:
    """How many pictures a player shows, the first's and the last's time in the file (seconds)."""
    file = tmp_path / "shown.mp4"
    file.write_bytes(video)
    with av.open(str(file)) as container:
        times = [float(frame.time or 0) for frame in container.decode(video=0)]
    return len(times), times[0], times[-1]


# --- rules ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spans", "why"),
    [
        ([], "de 1 a"),
        ([span(0, 1)] * 17, "de 1 a"),
        ([span(5, 5)], "antes do fim"),
        ([span(0, 60)], "ainda não terminou"),
        ([span(-30_000, 0)], "horas"),
    ],
)
def test_what_cannot_be_a_clip_is_refused_with_the_reason(spans: list[ClipSpan], why: str) -> None:
    with pytest.raises(ClipRefused, match=why):
        check_spans(spans, now_us=NOON_US + 30 * SECOND)


def test_gaps_are_what_no_footage_exists_of() -> None:
    recorded = [Span(NOON_US, NOON_US + 10 * SECOND), Span(NOON_US + 20 * SECOND, NOON_US + 30 * SECOND)]
    assert gaps(span(-5, 40), recorded) == [span(-5, 0), span(10, 20), span(30, 40)]
    assert gaps(span(1, 9), recorded) == []
    assert gaps(span(1, 9), []) == [span(1, 9)]


# --- cutting ----------------------------------------------------------------


@pytest.mark.req("S8.1")
async def test_a_clip_shows_exactly_what_was_asked_for(footage: Box, tmp_path: Path) -> None:
    clip = await made(footage, span(2.5, 6.25))
    assert (clip.state, clip.progress, clip.gaps) == ("done", 1.0, ())
    (file,) = clip.files
    assert (file.start_us, file.end_us) == (NOON_US + 2_500_000, NOON_US + 6_250_000)
    with zipfile.ZipFile(footage.clips.file(clip.id)) as archive:
        pictures, first_s, last_s = shown_pictures(archive.read(file.name), tmp_path)
    assert first_s == 0
    assert pictures == int(3.75 * FPS)
    assert last_s == pytest.approx(3.75 - 1 / FPS, abs=0.01)


async def test_a_gap_makes_two_files_and_is_told(footage: Box) -> None:
    clip = await made(footage, span(8, 22))
    assert [(f.start_us, f.end_us) for f in clip.files] == [
        (NOON_US + 8 * SECOND, NOON_US + 10 * SECOND),
        (NOON_US + 20 * SECOND, NOON_US + 22 * SECOND),
    ]
    assert clip.gaps == (span(10, 20),)


async def test_a_gap_begins_where_the_file_before_it_ends_whatever_the_index_guessed(
    enrolled: Box, video: Path
) -> None:
    """Of a stream with B-pictures the recorder takes the last picture to be longer than it is."""
    store_video(enrolled, video, NOON_US, last_us=SECOND * 6 // 5)
    store_video(enrolled, video, NOON_US + 20 * SECOND)
    clip = await made(enrolled, span(8, 22))
    first, second = clip.files
    (gap,) = clip.gaps
    assert (gap.start_us, gap.end_us) == (first.end_us, second.start_us)
    assert first.end_us == NOON_US + 10 * SECOND, "as long as its pictures"
    enrolled.store.close()


async def test_the_same_moment_twice_is_two_files(footage: Box) -> None:
    clip = await made(footage, span(1, 9), span(1, 2))
    assert len({file.name for file in clip.files}) == 2


async def test_a_clip_of_nothing_is_refused(footage: Box) -> None:
    with pytest.raises(ClipRefused, match="Não há gravação"):
        footage.clips.order("ana", "nada", [span(100, 200)])


async def test_footage_that_goes_before_its_clip_is_made_fails_in_words(footage: Box) -> None:
    ordered = footage.clips.order("ana", "tarde demais", [span(0, 5)])
    for segment in footage.index.footage(CAMERA, NOON_US, NOON_US + MINUTE):
        (footage.index.folder / segment.path).unlink()
    working = asyncio.create_task(footage.clips.run())
    clip = await finished(footage, ordered.id)
    working.cancel()
    assert clip.state == "failed"
    assert clip.error == "Não foi possível fazer o recorte."
    assert not list(footage.folder.clips.iterdir())


async def test_the_footage_of_a_clip_is_held_until_it_is_deleted(footage: Box) -> None:
    clip = await made(footage, span(2, 4))
    with footage.store.read() as connection:
        assert overlapping(connection, CAMERA, NOON_US, NOON_US + 10 * SECOND)
    footage.clips.delete(clip.id)
    with footage.store.read() as connection:
        assert not overlapping(connection, CAMERA, NOON_US, NOON_US + 10 * SECOND)
    assert not footage.clips.file(clip.id).exists()
    with pytest.raises(NoSuchClip):
        footage.clips.get(clip.id)


async def test_a_clip_that_a_power_cut_interrupted_is_made_at_the_next_start(footage: Box) -> None:
    ordered = footage.clips.order("ana", "interrompido", [span(2, 4)])
    half = footage.folder.clips / f"{ordered.id}.part"
    half.mkdir()
    (half / "01-half.mp4").write_bytes(b"half of a video")
    clip = await made(footage, span(5, 6))  # another order; the interrupted one comes first
    first = footage.clips.get(ordered.id)
    assert (first.state, clip.state) == ("done", "done")
    assert not half.exists()


# --- chain of custody -------------------------------------------------------


async def test_a_clip_is_verified_offline(
    footage: Box, authority: tuple[ec.EllipticCurvePrivateKey, bytes], tmp_path: Path
) -> None:
    clip = await made(footage, span(2, 4), span(21, 22))
    ca = tmp_path / "ca.crt"
    ca.write_bytes(authority[1])
    archive = footage.clips.file(clip.id)
    result = CliRunner().invoke(cli, ["verify", str(archive), "--ca", str(ca)])
    assert result.exit_code == 0, result.output
    assert "AUTÊNTICO" in result.output
    assert "Ocorrência 7" in result.output
    unpacked = tmp_path / "unpacked"
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(unpacked)
    assert verify(unpacked, trusting(authority[1])).outcome is Outcome.AUTHENTIC


def flipped(data: bytes) -> bytes:
    place = len(data) // 2
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


@pytest.mark.parametrize(
    "altered", ["video", "manifest.json", "manifest.sig", "caixa.crt", "autoridade.crt", "LEIA-ME.txt"]
)
async def test_one_altered_bit_anywhere_is_found(
    footage: Box, authority: tuple[ec.EllipticCurvePrivateKey, bytes], tmp_path: Path, altered: str
) -> None:
    clip = await made(footage, span(2, 4))
    unpacked = tmp_path / "unpacked"
    with zipfile.ZipFile(footage.clips.file(clip.id)) as opened:
        opened.extractall(unpacked)
    file = unpacked / (clip.files[0].name if altered == "video" else altered)
    file.write_bytes(flipped(file.read_bytes()))
    assert verify(unpacked, trusting(authority[1])).outcome is Outcome.NOT_AUTHENTIC


@pytest.mark.parametrize("entry", range(6))
async def test_one_altered_bit_in_the_zip_is_found(footage: Box, tmp_path: Path, entry: int) -> None:
    clip = await made(footage, span(2, 4))
    data = bytearray(footage.clips.file(clip.id).read_bytes())
    with zipfile.ZipFile(footage.clips.file(clip.id)) as archive:
        evidence = archive.infolist()
    place = evidence[entry].header_offset + 30 + len(evidence[entry].filename)  # PKWARE APPNOTE, 4.3.7
    data[place + evidence[entry].file_size // 2] ^= 1
    altered = tmp_path / "altered.zip"
    altered.write_bytes(data)
    result = CliRunner().invoke(cli, ["verify", str(altered)])
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)


async def test_a_video_added_under_the_same_name_is_found(footage: Box) -> None:
    clip = await made(footage, span(2, 4))
    file = footage.clips.file(clip.id)
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(clip.files[0].name, b"another video")
    with pytest.raises(NotAClip, match="mesmo nome"):
        verify(file, Authorities())


def test_the_verifier_runs_without_what_only_a_box_has() -> None:
    program = (
        "import sys\n"
        "for name in ('av', 'fastapi', 'sqlite_utils', 'aiortc', 'uvicorn'): sys.modules[name] = None\n"
        "from edge_agent.evidence.cli import app\n"
        "app(['verify', '--help'])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


async def test_a_box_that_stops_in_the_middle_makes_the_clip_at_its_next_start(
    footage: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordered = footage.clips.order("ana", "interrompido", [span(2, 4)])
    copying, go_on = threading.Event(), threading.Event()

    def slow(*arguments: Any) -> Any:
        copying.set()
        go_on.wait(10)
        return cut(*arguments)

    monkeypatch.setattr(maker, "cut", slow)
    working = asyncio.create_task(footage.clips.run())
    await asyncio.to_thread(copying.wait, 10)
    asyncio.get_running_loop().call_soon(working.cancel)
    threading.Timer(0.1, go_on.set).start()
    with suppress(asyncio.CancelledError):
        await working
    assert footage.clips.get(ordered.id).state == "running"
    assert not list(footage.folder.clips.iterdir())
    working = asyncio.create_task(footage.clips.run())
    assert (await finished(footage, ordered.id)).state == "done"
    working.cancel()


async def test_a_database_that_refuses_stops_no_other_part_of_the_box(footage: Box) -> None:
    with footage.store.transaction() as transaction:
        transaction.execute("INSERT INTO clip(id, created_us, data) VALUES ('x', 1, 'no clip')")
    working = asyncio.create_task(footage.clips.run())
    done, _ = await asyncio.wait([working], timeout=0.3)
    assert not done
    working.cancel()


async def test_a_missing_video_and_one_too_many_are_found(
    footage: Box, authority: tuple[ec.EllipticCurvePrivateKey, bytes], tmp_path: Path
) -> None:
    clip = await made(footage, span(2, 4))
    unpacked = tmp_path / "unpacked"
    with zipfile.ZipFile(footage.clips.file(clip.id)) as opened:
        opened.extractall(unpacked)
    (unpacked / clip.files[0].name).rename(unpacked / "other.mp4")
    verdict = verify(unpacked, trusting(authority[1]))
    assert verdict.outcome is Outcome.NOT_AUTHENTIC
    texts = " ".join(finding.text for finding in verdict.findings)
    assert "Falta o vídeo" in texts
    assert "other.mp4 não faz parte" in texts


async def test_another_authority_is_not_believed(footage: Box) -> None:
    clip = await made(footage, span(2, 4))
    key = ec.generate_private_key(ec.SECP256R1())
    stranger = certificate("GT-Vision CA", key, "GT-Vision CA", key)
    assert verify(footage.clips.file(clip.id), trusting(stranger)).outcome is Outcome.NOT_AUTHENTIC


def test_what_is_no_clip_is_said_to_be_none(tmp_path: Path) -> None:
    file = tmp_path / "holiday.zip"
    file.write_bytes(b"no zip")
    result = CliRunner().invoke(cli, ["verify", str(file)])
    assert result.exit_code == 1
    assert "Não é um recorte" in result.output


@pytest.mark.req("S8.2")
async def test_the_manifest_tells_the_source_of_each_video_and_the_clock_at_its_recording(
    enrolled: Box, video: Path
) -> None:
    store_video(enrolled, video, NOON_US, drift_us=120_000)
    store_video(enrolled, video, NOON_US + 10 * SECOND, drift_us=-350_000)
    with enrolled.store.transaction() as transaction:
        transaction.execute(
            "UPDATE segment SET clock_synchronised=1, clock_error_ms=12 WHERE start_us=?", (NOON_US,)
        )
    clip = await made(enrolled, span(2.5, 12))
    manifest = msgspec.json.decode(enrolled.clips.manifest(clip.id), type=Manifest)
    (first,), (second,) = (file.sources for file in manifest.files)
    assert (first.clock_synchronised, first.clock_error_ms) == (True, 12)
    assert second.clock_synchronised is None
    assert (first.drift_us, second.drift_us) == (120_000, -350_000)
    assert [file.drift_us for file in manifest.files] == [120_000, 350_000]
    assert (first.start, first.end) == (
        to_datetime(NOON_US + 2 * SECOND),
        to_datetime(NOON_US + 10 * SECOND),
    )
    data = (enrolled.index.folder / first.path).read_bytes()
    used = data[: first.init_bytes] + data[first.offset : first.offset + first.size_bytes]
    assert hashlib.sha256(used).hexdigest() == first.sha256
    assert second.path != first.path
    enrolled.store.close()


async def test_footage_in_thousands_of_pieces_is_signed_without_their_names(footage: Box) -> None:
    clip = await made(footage, span(2, 4))
    manifest = msgspec.json.decode(footage.clips.manifest(clip.id), type=Manifest)
    (file,) = manifest.files
    many = replace(manifest, files=[replace(file, sources=file.sources * 5000)])
    stated = msgspec.json.decode(encode(many), type=Manifest)
    assert stated == replace(manifest, files=[replace(file, sources=[])])
    (finding,) = compare(stated, footage.index.folder)
    assert (finding.kind, "não diz de que gravação" in finding.text) == ("warning", True)


async def test_a_clip_is_compared_with_the_footage_on_the_box(footage: Box) -> None:
    clip = await made(footage, span(2, 4), span(21, 22))
    argv = ["verify", str(footage.clips.file(clip.id)), "--recordings", str(footage.index.folder)]
    argv += ["--data-dir", str(footage.folder.root)]
    assert "saiu da gravação que está na caixa" in CliRunner().invoke(cli, argv).output
    first, second = footage.index.footage(CAMERA, 0, 2**60)
    (footage.index.folder / second.path).unlink()
    result = CliRunner().invoke(cli, argv)
    assert result.exit_code == 0, "footage ends with its plan; the clip is no less authentic"
    assert "1 de 1 gravações" in result.output
    file = footage.index.folder / first.path
    file.write_bytes(file.read_bytes()[: first.fragments[3].offset] + b"x" * 10_000)
    result = CliRunner().invoke(cli, argv)
    assert result.exit_code == 1
    assert "é outra" in result.output


async def test_footage_that_was_not_used_does_not_matter(footage: Box) -> None:
    clip = await made(footage, span(2, 4))
    segment = footage.index.footage(CAMERA, 0, 2**60)[0]
    file = footage.index.folder / segment.path
    unused = segment.fragments[8].offset
    file.write_bytes(file.read_bytes()[:unused] + b"purged or torn")
    verdict = verify(footage.clips.file(clip.id), Authorities(), footage.index.folder)
    assert verdict.outcome is Outcome.UNPROVEN


async def test_a_manifest_that_names_another_place_reads_nothing_there(footage: Box, tmp_path: Path) -> None:
    clip = await made(footage, span(2, 4))
    manifest = msgspec.json.decode(footage.clips.manifest(clip.id), type=Manifest)
    source = replace(manifest.files[0].sources[0], path="../identity/node.key")
    forged = replace(manifest, files=[replace(manifest.files[0], sources=[source])])
    (finding,) = compare(forged, footage.index.folder)
    assert (finding.kind, "não estão mais" in finding.text) == ("warning", True)


# --- LAN API ------------------------------------------------------------------


def body(start_s: float, end_s: float) -> dict[str, object]:
    asked = span(start_s, end_s)
    return {
        "spans": [
            {
                "camera": CAMERA,
                "start": to_datetime(asked.start_us).isoformat(),
                "end": to_datetime(asked.end_us).isoformat(),
            }
        ],
        "reason": "Ocorrência 7",
    }


@pytest.mark.req("S8.1")
async def test_a_guard_orders_downloads_in_two_goes_and_deletes(
    enrolled: Box, video: Path, guard: httpx.AsyncClient
) -> None:
    store_video(enrolled, video, NOON_US)
    answer = await guard.post("/api/clips", json=body(2, 4))
    assert answer.status_code == HTTPStatus.ACCEPTED, answer.text
    url = f"/api/clips/{answer.json()['id']}"
    assert (await guard.get(f"{url}/download")).status_code == HTTPStatus.CONFLICT
    working = asyncio.create_task(enrolled.clips.run())
    await finished(enrolled, answer.json()["id"])
    working.cancel()
    (listed,) = (await guard.get("/api/clips")).json()["results"]
    assert (listed["state"], listed["requester"], listed["may_delete"]) == ("done", "ana", True)
    whole = (await guard.get(f"{url}/download")).content
    first = await guard.get(f"{url}/download", headers={"Range": "bytes=0-999"})
    rest = await guard.get(f"{url}/download", headers={"Range": "bytes=1000-"})
    assert (first.status_code, first.content + rest.content) == (HTTPStatus.PARTIAL_CONTENT, whole)
    assert (await guard.delete(url)).status_code == HTTPStatus.NO_CONTENT
    assert (await guard.get(url)).status_code == HTTPStatus.NOT_FOUND


async def test_a_clip_that_cannot_be_made_is_refused_in_words(guard: httpx.AsyncClient) -> None:
    answer = await guard.post("/api/clips", json=body(100, 200))
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "Não há gravação" in answer.json()["detail"]


@pytest.mark.req("S8.1")
async def test_one_video_of_a_clip_is_downloaded_alone_and_in_goes(
    enrolled: Box, video: Path, guard: httpx.AsyncClient
) -> None:
    store_video(enrolled, video, NOON_US)
    clip = await made(enrolled, span(2, 4), span(5, 6))
    (listed,) = (await guard.get("/api/clips")).json()["results"]
    url = listed["files"][1]["download_url"]
    whole = await guard.get(url)
    assert (whole.status_code, whole.headers["content-type"]) == (HTTPStatus.OK, "video/mp4")
    assert hashlib.sha256(whole.content).hexdigest() == clip.files[1].sha256
    etag = whole.headers["etag"]
    parts = [
        await guard.get(url, headers={"Range": range_, "If-Range": etag})
        for range_ in ("bytes=0-999", "bytes=1000-", "bytes=-10")
    ]
    assert {part.status_code for part in parts} == {HTTPStatus.PARTIAL_CONTENT}
    assert parts[0].content + parts[1].content == whole.content
    assert parts[2].content == whole.content[-10:]
    assert parts[0].headers["content-range"] == f"bytes 0-999/{len(whole.content)}"
    other = await guard.get(url, headers={"Range": "bytes=5-9", "If-Range": '"another file"'})
    assert other.content == whole.content
    beyond = await guard.get(url, headers={"Range": f"bytes={len(whole.content)}-"})
    assert beyond.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
    assert beyond.headers["content-range"] == f"bytes */{len(whole.content)}"
    assert (await guard.get(f"/api/clips/{clip.id}/files/manifest.json")).status_code == HTTPStatus.NOT_FOUND
    _, seqs = enrolled.outbox.ends(Stream.AUDIT, 0, 1000)
    events = [decode_event(event.data, AuditEvent) for event in enrolled.outbox.load(Stream.AUDIT, seqs)]
    downloads = [(event.actor, event.target) for event in events if event.action == "console.clip.download"]
    assert downloads == [("ana", f"{clip.id} {clip.files[1].name}")], "once, in however many goes"


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("", None),
        ("bytes=0-", (0, 100)),
        ("bytes=90-200", (90, 10)),
        ("bytes=-30", (70, 30)),
        ("bytes=-300", (0, 100)),
        ("bytes=-", None),
        ("bytes=0-1,5-6", None),
        ("lines=1-2", None),
    ],
)
def test_ranges_of_a_download(header: str, wanted: tuple[int, int] | None) -> None:
    assert wanted_range(header, 100) == wanted


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=9-5", "bytes=-0"])
def test_a_range_that_a_file_does_not_have_is_refused(header: str) -> None:
    with pytest.raises(ProblemError):
        wanted_range(header, 100)
