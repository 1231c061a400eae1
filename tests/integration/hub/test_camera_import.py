"""Cameras from a spreadsheet: tried, added, and refused row by row, within the prefeitura's limits."""

import pytest

from central_hub.audit.models import AuditEntry
from central_hub.cities import domain
from central_hub.cities.models import Camera
from protocol.topics import Stream
from tests.integration.hub.box import Box
from tests.integration.hub.conftest import Login, World
from tests.integration.hub.test_accounts import at_once

ADDRESS = "/api/v1/cameras/import"
FILE = (
    "nome;rtsp;caixa;latitude;longitude;placas\r\n"
    "Praça da Sé;rtsp://u:s3nha@10.0.0.1/1;caixa-01;-22,5;-45,7;sim\r\n"
    "Sem endereço;;;;;\r\n"
    "Rua 2;rtsp://10.0.0.2/1;caixa-99;;;\r\n"
    "Rua 3;rtsp://10.0.0.3/1;;;;\r\n"
    "Rua 3 de novo;rtsp://10.0.0.3/1;;;;\r\n"
).encode("cp1252")


def send(client: object, data: bytes = FILE, **query: str) -> object:
    address = f"{ADDRESS}?{'&'.join(f'{name}={value}' for name, value in query.items())}"
    return client.post(address, data=data, content_type="text/csv")  # type: ignore[attr-defined]


@pytest.mark.req("S3.1")
def test_a_file_is_tried_first_and_then_its_good_rows_are_added(world: World, login: Login, box: Box) -> None:
    gestor = login(world.gestor)
    tried = send(gestor).json()  # type: ignore[attr-defined]
    assert (tried["added"], tried["good"]) == (0, 2) and Camera.objects.filter(city=world.city).count() == 1
    wrong = {row["line"]: sorted(row["errors"]) for row in tried["rows"] if row["errors"]}
    assert wrong == {3: ["rtsp"], 4: ["caixa"], 6: ["rtsp"]}
    assert "s3nha" not in str(tried)

    none = send(gestor, dry_run="false", mode="all-or-nothing").json()  # type: ignore[attr-defined]
    assert none["added"] == 0 and all(row["camera"] is None for row in none["rows"])

    done = send(gestor, dry_run="false").json()  # type: ignore[attr-defined]
    assert done["added"] == 2 and [bool(row["camera"]) for row in done["rows"]] == [
        True,
        False,
        False,
        True,
        False,
    ]
    assert done["rows"][0]["lpr_secret"] and done["rows"][3]["lpr_secret"] is None
    camera = Camera.objects.get(pk=done["rows"][0]["camera"])
    assert (camera.name, camera.node, camera.latitude, camera.lpr) == ("Praça da Sé", world.node, -22.5, True)
    box.wait_for(
        Stream.DESIRED,
        lambda desired: {one.name for one in desired.cameras} == {"Entrada", "Praça da Sé", "Rua 3"},
    )
    assert AuditEntry.objects.get(action="cameras-imported").details == {"added": 2, "refused": 3}

    again = send(gestor, dry_run="false").json()  # type: ignore[attr-defined]
    assert again["added"] == 0, "the same file twice adds nothing twice"


@pytest.mark.req("S2.4")
def test_the_limit_holds_when_files_come_at_once(
    world: World, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(domain, "MAX_CAMERAS", 6)

    def file(number: int) -> bytes:
        rows = "".join(f"c{number}-{row};rtsp://10.0.{number}.{row}/1\n" for row in range(4))
        return f"nome;rtsp\n{rows}".encode()

    answers = at_once(4, lambda number: send(login(world.gestor), file(number), dry_run="false"))
    assert sum(answer.json()["added"] for answer in answers) == 5  # type: ignore[attr-defined]
    assert Camera.objects.filter(city=world.city).count() == 6


def test_who_may_import_and_what_is_no_file(world: World, login: Login) -> None:
    assert send(login(world.viewer)).status_code == 403  # type: ignore[attr-defined]
    assert send(login(world.other_gestor), city="vale-verde").status_code == 404  # type: ignore[attr-defined]
    bad = send(login(world.gestor), b"a;b\n")
    assert (bad.status_code, bad.json()["type"]) == (400, "urn:gtv:problem:csv-header")  # type: ignore[attr-defined]
    assert login(world.gestor).post(ADDRESS, {}, format="json").status_code == 415
    template = login(world.gestor).get("/api/v1/cameras/import-template")
    assert template["Content-Type"].startswith("text/csv") and b"rtsp_menor" in template.content
