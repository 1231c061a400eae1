"""Exports: CSV of any size as a stream, files made by a job, and who asked for them and why."""

import csv
import hashlib
import io
import subprocess
import sys
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.utils import timezone
from PIL import Image

from central_hub import objects
from central_hub.audit.models import AuditEntry
from central_hub.cities import services as cities
from central_hub.ingest import services as ingest
from central_hub.lpr import exports, report, tasks
from central_hub.lpr.images import key_of
from central_hub.lpr.models import Export, PlateRead
from protocol import messages
from protocol.messages import encode
from protocol.topics import NodeAddress, Stream
from tests.integration.hub.box import batch, plate_read
from tests.integration.hub.conftest import Login, World, access_token

URL = "/api/v1/plate-exports"
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def reads(world: World) -> World:
    """Seven reads a minute apart; one of another city."""
    store({seq: read_at(world, seq) for seq in range(1, 8)})
    store({1: plate_read(world.other_camera.pk, "SEG9R3D")}, "serra-azul")
    return world


def read_at(world: World, seq: int, **fields: Any) -> messages.PlateRead:
    return plate_read(world.camera.pk, f"ABC{seq}D00", captured_at=NOON + timedelta(minutes=seq), **fields)


def store(events: dict[int, Any], city: str = "vale-verde") -> None:
    node = cities.find_node(NodeAddress(city, "caixa-01"))
    assert node is not None
    ingest.store_batch(node, Stream.LPR, "topic", encode(batch(events)))


def order(client: Any, format_: str, **query: Any) -> dict[str, Any]:
    answer = client.post(URL, {"format": format_, "purpose": "IP 55/2026", **query}, format="json")
    assert answer.status_code == 202, answer.content
    return dict(answer.json())


def download(client: Any, export_id: str) -> httpx.Response:
    answer = client.post(f"{URL}/{export_id}/download")
    assert answer.status_code == 200, answer.content
    return httpx.get(answer.json()["url"])


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


@pytest.mark.req("S11.2")
def test_a_csv_is_streamed_whole_in_pieces(reads: World, web: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 3)
    token = access_token(reads.gestor)
    pieces = []
    with httpx.stream(
        "GET",
        f"http://{web}/api/v1/plate-reads/csv",
        params={"order": "oldest", "purpose": "IP 55/2026"},
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    ) as answer:
        assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/csv")
        pieces += list(answer.iter_text())
    table = rows("".join(pieces))
    assert [row["placa"] for row in table] == [f"ABC{n}D00" for n in range(1, 8)]
    assert table[0]["data_hora"] == "2026-11-20T09:01:00.000-03:00", "in the city's time"
    entry = AuditEntry.objects.get(action="plate-export")
    assert entry.actor == "gestora" and entry.details["purpose"] == "IP 55/2026"


def test_a_csv_needs_a_purpose_and_a_pattern_that_can_be_searched(reads: World, login: Login) -> None:
    client = login(reads.gestor)
    assert client.get("/api/v1/plate-reads/csv").status_code == 400
    assert client.get("/api/v1/plate-reads/csv", {"purpose": "x", "plate": "A%"}).status_code == 400
    assert not AuditEntry.objects.filter(action="plate-export").exists()


def test_a_cell_that_a_spreadsheet_would_calculate_is_text(reads: World, login: Login) -> None:
    cities.change_camera(None, reads.camera, name='=HYPERLINK("http://evil")')
    client = login(reads.gestor)
    export = order(client, "csv")
    tasks.run_exports()
    assert rows(download(client, export["id"]).text)[0]["camera"].startswith("'=")


@pytest.mark.req("S11.2")
def test_an_export_is_made_by_the_job_for_its_owner_alone(
    reads: World, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 3)
    client = login(reads.gestor)
    export = order(client, "csv", plate="ABC?D00", since=(NOON + timedelta(minutes=3)).isoformat())
    assert export["state"] == "queued"
    assert client.post(f"{URL}/{export['id']}/download").status_code == 409
    assert tasks.run_exports() == 1
    done = client.get(f"{URL}/{export['id']}").json()
    assert (done["state"], done["rows_done"]) == ("done", 5)
    file = download(client, export["id"])
    assert 'filename="placas-' in file.headers["Content-Disposition"]
    assert len(rows(file.text)) == 5 and hashlib.sha256(file.content).hexdigest() == done["sha256"]
    assert login(reads.viewer).get(f"{URL}/{export['id']}").status_code == 404
    assert login(reads.viewer).get(URL).json() == []
    assert AuditEntry.objects.filter(action="plate-export-downloaded", target=export["id"]).count() == 1


SINCE = "2020-11-20T12:00:00Z"


@pytest.mark.req("S11.2")
def test_a_pdf_shows_the_pictures_and_says_what_it_is(reads: World, login: Login) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (640, 360), "red").save(picture, "JPEG")
    for number, read in enumerate(PlateRead.objects.filter(city=reads.city).select_related("city")):
        content = picture.getvalue() if number else b"no picture at all"
        assert httpx.put(
            objects.presigned_put(key_of(read), timedelta(minutes=1)), content=content
        ).is_success
    PlateRead.objects.filter(city=reads.city).exclude(seq=7).update(image_stored_at=NOON)
    client = login(reads.gestor)
    PlateRead.objects.filter(plate="ABC1D00").update(
        direction="approach", lane=2, speed_kmh=41.6, vehicle_color="white", camera_clock="ontem"
    )
    export = order(
        client,
        "pdf",
        plate="ABC*",
        match="similar",
        order="oldest",
        since=SINCE,
        purpose="IP 55/2026 – “furto” no Škoda, Zürich, Dvořák 白",
    )
    tasks.run_exports()
    assert client.get(f"{URL}/{export['id']}").json()["state"] == "done"
    text = pdf_text(download(client, export["id"]).content)
    for said in (
        "gestora",
        "IP 55/2026",
        "ABC*",
        "ABC1D00",
        "Entrada",
        "SHA-256",
        "Sem imagem",
        "Imagem ileg",
        "\x96 \x93furto\x94 no \x8akoda, Zürich, Dvorák ?",  # in the built-in fonts' encoding
        "1 de ) Tj (2)",
        "Também parecidas: sim",
        "De: 20/11/2020 09:00:00 -03",
        "Ordem: as mais antigas primeiro",
        "aproximando · faixa 2 · 42 km/h",
        "branco",
        "horário corrigido: a câmera dizia ontem",
    ):
        assert said in text, f"{said} is not in the PDF"
    assert "SEG9R3D" not in text


def pdf_text(pdf: bytes) -> str:
    """The text of a PDF's pages, as far as the test needs it."""
    assert pdf.startswith(b"%PDF-")
    text = ""
    for part in pdf.split(b"stream\n")[1:]:
        try:
            text += zlib.decompress(part.split(b"\nendstream")[0]).decode("latin-1")
        except zlib.error:
            continue
    return text.replace("\\(", "(").replace("\\)", ")")


def test_a_pdf_of_too_many_reads_says_so(reads: World, login: Login, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MAX_PDF_ROWS", 3)
    client = login(reads.gestor)
    export = order(client, "pdf")
    tasks.run_exports()
    failed = client.get(f"{URL}/{export['id']}").json()
    assert failed["state"] == "failed" and "3 leituras" in failed["error"]


def test_an_export_whose_job_died_is_taken_over(reads: World, login: Login) -> None:
    export = order(login(reads.gestor), "csv")
    Export.objects.update(state="running", busy_until=timezone.now() + timedelta(minutes=1))
    assert tasks.run_exports() == 0
    Export.objects.update(busy_until=timezone.now() - timedelta(seconds=1))
    assert tasks.run_exports() == 1
    assert Export.objects.get(pk=export["id"]).state == "done"


def test_a_job_that_is_long_at_its_pictures_is_not_taken_over(
    reads: World, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    free, leases = timezone.now() - timedelta(seconds=1), []

    def slow_store(read: PlateRead) -> None:
        leases.append(Export.objects.get().busy_until)
        Export.objects.update(busy_until=free)  # as much time goes by as a lease has

    monkeypatch.setattr(exports, "RENEWED_EVERY", 1)
    monkeypatch.setattr(exports, "_picture", slow_store)
    order(login(reads.gestor), "pdf", plate="ABC*")
    tasks.run_exports()
    assert len(leases) == 7 and all(lease > timezone.now() for lease in leases)


def test_a_large_picture_is_put_on_paper_in_the_size_of_the_paper(reads: World, tmp_path: Path) -> None:
    picture = io.BytesIO()
    Image.effect_noise((1920, 1080), 80).convert("RGB").save(picture, "JPEG", quality=95)
    (read,) = PlateRead.objects.filter(plate="ABC1D00").select_related("camera", "city")
    title = report.Title("gestora", NOON, "IP 55/2026", {}, "x")
    count = report.write_pdf(tmp_path / "a.pdf", title, ((read, picture.getvalue()) for _ in range(3)))
    assert count == 3 and (tmp_path / "a.pdf").stat().st_size < len(picture.getvalue()) / 8


@pytest.mark.req("S14.1")
def test_an_export_goes_after_its_days_and_when_its_owner_deletes_it(reads: World, login: Login) -> None:
    client = login(reads.gestor)
    first, second = order(client, "csv"), order(client, "csv")
    tasks.run_exports()
    addresses = [client.post(f"{URL}/{one['id']}/download").json()["url"] for one in (first, second)]
    Export.objects.filter(pk=first["id"]).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert tasks.expire_exports() == 1
    assert client.delete(f"{URL}/{second['id']}").status_code == 204
    assert [httpx.get(address).status_code for address in addresses] == [404, 404]
    assert client.get(URL).json() == []


def test_a_process_that_orders_an_export_starts_the_hubs_own_job() -> None:
    """Not one of Celery's default application, which looks for a queue at a broker that nobody runs."""
    asked = (
        "import django; django.setup(); from central_hub.lpr import tasks; print(tasks.run_exports.app.main)"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "central_hub"
