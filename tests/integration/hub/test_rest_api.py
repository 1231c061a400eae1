"""The API as a whole: its committed document, its errors, and what surrounds it (web app, headers)."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient
from typer.testing import CliRunner

from central_hub.api import STATUS_OF
from central_hub.cities.models import Camera
from central_hub.cli import app
from central_hub.headers import content_security_policy
from central_hub.kernel import HubError
from central_hub.pki import Authority
from protocol.messages import DesiredState
from protocol.topics import Stream
from tests.integration.hub.box import Box
from tests.integration.hub.conftest import Login, World

DOCUMENT = Path(__file__).parents[3] / "docs" / "api" / "hub.openapi.json"

CAMERA = {"name": "Praça", "rtsp_url": "rtsp://u:p@10.0.0.1/s", "node": "caixa-01", "lpr": True}


def test_the_committed_openapi_document_is_current() -> None:
    printed = CliRunner().invoke(app, ["openapi"])
    assert printed.exit_code == 0, printed.output
    assert json.loads(printed.stdout) == json.loads(DOCUMENT.read_text()), "run: make generate"


@pytest.mark.req("S3.1")
def test_a_gestor_keeps_the_cameras_of_the_own_city(world: World, login: Login) -> None:
    client = login(world.gestor)
    made = client.post("/api/v1/cameras", CAMERA, format="json")
    assert made.status_code == 201, made.content
    camera = made.json()
    assert camera["lpr_secret"] and camera["city"]["code"] == "vale-verde" and camera["state"] == "unknown"
    row = Camera.objects.get(pk=camera["id"])
    assert camera["lpr_secret"] not in row.lpr_secret_sha256, "the secret itself is not stored"

    address = f"/api/v1/cameras/{camera['id']}"
    changed = client.patch(address, {"name": "Praça da Matriz", "lpr": False, "node": None}, format="json")
    assert (changed.json()["name"], changed.json()["lpr"], changed.json()["node"]) == (
        "Praça da Matriz",
        False,
        None,
    )
    again = client.patch(address, {"lpr": True, "node": "caixa-01"}, format="json").json()
    assert again["lpr_secret"] not in (None, camera["lpr_secret"])
    assert {found["name"] for found in client.get("/api/v1/cameras").json()} == {"Entrada", "Praça da Matriz"}
    assert client.delete(address).status_code == 204
    assert {found["name"] for found in client.get("/api/v1/cameras").json()} == {"Entrada"}
    assert client.delete(address).status_code == 404


@pytest.mark.req("S3.1")
def test_how_a_box_pulls_a_camera_is_kept_and_told_to_the_box(world: World, login: Login, box: Box) -> None:
    client = login(world.gestor)
    new = {**CAMERA, "sub_rtsp_url": "rtsp://u:p@10.0.0.1/sub", "transport": "udp"}
    camera = client.post("/api/v1/cameras", new, format="json").json()
    assert (camera["transport"], camera["sub_stream"]) == ("udp", True)

    def told(transport: str, sub_rtsp_url: str) -> object:
        def so(state: DesiredState) -> bool:
            cameras = {one.id: one for one in state.cameras}
            one = cameras.get(camera["id"])
            return one is not None and (one.transport, one.sub_rtsp_url) == (transport, sub_rtsp_url)

        return box.wait_for(Stream.DESIRED, so)

    told("udp", new["sub_rtsp_url"])
    address = f"/api/v1/cameras/{camera['id']}"
    changed = client.patch(address, {"sub_rtsp_url": "", "transport": "tcp"}, format="json").json()
    assert (changed["transport"], changed["sub_stream"], changed["name"]) == ("tcp", False, CAMERA["name"])
    told("tcp", "")


def test_a_cameras_password_is_never_shown(world: World, login: Login) -> None:
    client = login(world.gestor)
    answers = [
        client.post("/api/v1/cameras", CAMERA, format="json"),
        client.get("/api/v1/cameras"),
        client.post("/api/v1/cameras", {**CAMERA, "rtsp_url": "http://u:p@h/"}, format="json"),
        client.post("/api/v1/cameras", {**CAMERA, "sub_rtsp_url": "rtsp://u:p@h/sub"}, format="json"),
        client.get("/api/v1/cameras"),
    ]
    assert [answer.status_code for answer in answers] == [201, 200, 400, 201, 200]
    assert not [answer for answer in answers if "u:p" in answer.content.decode()]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rtsp_url": "http://h/"}, "rtsp_url"),
        ({"rtsp_url": ""}, "rtsp_url"),
        ({"name": ""}, "name"),
        ({"sub_rtsp_url": "http://h/"}, "sub_rtsp_url"),
        ({"transport": "pigeon"}, "transport"),
    ],
)
def test_a_camera_that_cannot_work_is_refused_by_field(
    world: World, login: Login, change: dict[str, str], field: str
) -> None:
    answer = login(world.gestor).post("/api/v1/cameras", {**CAMERA, **change}, format="json")
    assert answer.status_code == 400 and list(answer.json()["errors"]) == [field]


def test_a_camera_needs_a_box_of_its_city_and_an_admin_names_the_city(world: World, login: Login) -> None:
    admin = login(world.admin)
    assert admin.post("/api/v1/cameras", CAMERA, format="json").status_code == 400
    assert admin.post("/api/v1/cameras", {**CAMERA, "city": "serra-azul"}, format="json").status_code == 201
    stray = {**CAMERA, "city": "serra-azul", "node": "caixa-77"}
    assert admin.post("/api/v1/cameras", stray, format="json").status_code == 404
    assert admin.post("/api/v1/cameras", {**CAMERA, "city": "nowhere"}, format="json").status_code == 404


@pytest.mark.req("S2.1")
def test_admins_add_and_change_cities(world: World, login: Login) -> None:
    client = login(world.admin)
    new = {"code": "nova-era", "name": "Nova Era", "plan": "Plano 15 dias"}
    made = client.post("/api/v1/cities", new, format="json")
    made = made.json()
    assert made.pop("etag") and made == {
        "failover_after_minutes": None,
        "code": "nova-era",
        "name": "Nova Era",
        "timezone": "America/Sao_Paulo",
        "plan": {"name": "Plano 15 dias", "retention_days": 15},
    }
    changed = client.patch(
        "/api/v1/cities/nova-era", {"plan": "Plano 30 dias", "timezone": "America/Manaus"}, format="json"
    )
    assert changed.json()["plan"]["retention_days"] == 30
    assert client.post("/api/v1/cities", new, format="json").status_code == 409
    assert client.post("/api/v1/cities", {**new, "code": "Não"}, format="json").status_code == 400
    assert client.post("/api/v1/cities", {**new, "plan": "?"}, format="json").status_code == 404
    bad_zone = client.patch("/api/v1/cities/nova-era", {"timezone": "Mars/Base"}, format="json")
    assert list(bad_zone.json()["errors"]) == ["timezone"]
    assert [plan["retention_days"] for plan in client.get("/api/v1/plans").json()] == [7, 15, 30]


def test_every_kind_of_error_has_its_status() -> None:
    kinds = HubError.__subclasses__()
    assert set(kinds) == set(STATUS_OF) and len({kind.code for kind in kinds}) == len(kinds)


def test_errors_are_problems_in_portuguese(world: World, login: Login) -> None:
    client = login(world.gestor)
    for answer, status in (
        (client.put("/api/v1/cameras"), 405),
        (client.get("/api/v1/nowhere"), 404),
        (client.post("/api/v1/cameras", "{", content_type="application/json"), 400),
        (client.post("/api/v1/cameras", "x", content_type="text/plain"), 415),
    ):
        assert answer.status_code == status
        assert answer["Content-Type"] == "application/problem+json"
        assert {"type", "title", "status", "detail"} <= answer.json().keys()


@pytest.mark.parametrize("preferred", [None, "pt-BR,pt;q=0.9,en;q=0.8", "ja", "*"])
def test_errors_are_in_portuguese_unless_english_is_asked_for(
    world: World, login: Login, preferred: str | None
) -> None:
    client = login(world.gestor)
    asked = {} if preferred is None else {"HTTP_ACCEPT_LANGUAGE": preferred}
    answer = client.post("/api/v1/cameras", {}, format="json", **asked)
    problem = answer.json()
    assert (problem["title"], problem["detail"]) == ("Pedido inválido", "Confira os campos indicados.")
    assert problem["errors"]["name"] == ["Este campo é obrigatório."]
    assert (answer["Content-Language"], "Accept-Language" in answer["Vary"]) == ("pt-br", True)


def test_errors_are_in_english_for_who_asks_for_it(world: World, login: Login) -> None:
    client = login(world.gestor)
    answer = client.post("/api/v1/cameras", {}, format="json", HTTP_ACCEPT_LANGUAGE="en-GB,en;q=0.9")
    problem = answer.json()
    assert (problem["title"], problem["detail"]) == ("Invalid request", "Check the fields named.")
    assert problem["errors"]["name"] == ["This field is required."]
    assert answer["Content-Language"] == "en"


def test_what_the_rules_say_is_in_english_too(world: World, login: Login) -> None:
    english = {"HTTP_ACCEPT_LANGUAGE": "en"}
    client = login(world.gestor)
    bad = client.post("/api/v1/cameras", {**CAMERA, "rtsp_url": "http://h/"}, format="json", **english)
    assert bad.json()["errors"] == {"rtsp_url": ["Give a whole rtsp:// or rtsps:// address."]}
    assert client.get("/api/v1/nowhere", **english).json()["detail"] == "The API has no such address."
    assert client.get("/api/v1/audit", **english).json()["title"] == "Not permitted"
    for _ in range(11):
        locked = APIClient().post(
            "/api/v1/auth/login", {"username": "gestora", "password": "x"}, format="json", **english
        )
    assert locked.json()["detail"] == "Too many failed attempts. Wait 60 seconds and try again."
    assert client.get("/api/v1/nowhere").json()["detail"] == "Este endereço não existe na API."


def test_a_database_that_is_away_is_a_503(world: World, login: Login) -> None:
    client = login(world.gestor)
    connection.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(connection.settings_dict, "PORT", "1")
        patch.setitem(connection.settings_dict, "OPTIONS", {"connect_timeout": 1})
        assert client.get("/api/v1/me").status_code == 503
        assert Client().get("/healthz").status_code == 503
    connection.close()


def test_health(world: World) -> None:
    assert Client().get("/healthz").content == b"ok\n"


@pytest.mark.req("S8.2")
def test_the_authoritys_certificate_is_published_with_its_fingerprint(
    world: World, settings: Any, tmp_path: Path
) -> None:
    settings.GTV_PKI_DIR = tmp_path / "pki"
    assert Client().get("/authority.crt").status_code == 503
    Authority(tmp_path / "pki").ensure("broker.example")
    text = Client().get("/authority.crt").content
    certificate = x509.load_pem_x509_certificate(text)
    assert certificate == x509.load_pem_x509_certificate((tmp_path / "pki" / "ca.crt").read_bytes())
    assert certificate.fingerprint(hashes.SHA256()).hex(":").upper() in text.decode()


def test_the_web_app_answers_every_other_path(world: World, settings: Any, tmp_path: Path) -> None:
    settings.SPA_DIR = tmp_path
    missing = Client().get("/placas")
    assert missing.status_code == 503 and "npm run build" in missing.content.decode()
    (tmp_path / "index.html").write_text("<title>GT-Vision</title>")
    for path in ("/", "/placas", "/reproducao/qualquer-coisa"):
        assert Client().get(path).content == b"<title>GT-Vision</title>"
    assert Client().get("/assets/gone.js").status_code == 404
    assert Client().get("/static/nothing.css").status_code == 404
    assert Client().post("/placas").status_code in (403, 405)


@pytest.mark.req("S13.2")
def test_pages_may_load_from_the_relay_and_the_object_store_and_nowhere_else(
    world: World, settings: Any
) -> None:
    settings.GTV_RELAY_URL = "https://relay.example"
    settings.GTV_S3_ENDPOINT, settings.GTV_S3_SECURE = "s3.example", True
    rules = dict(rule.split(" ", 1) for rule in content_security_policy().split("; "))
    for name in ("connect-src", "media-src", "img-src"):
        assert {"https://relay.example", "https://s3.example"} <= set(rules[name].split())
    assert "blob:" in rules["media-src"] and "blob:" in rules["worker-src"]
    assert rules["script-src"] == "'self'" and rules["frame-ancestors"] == "'none'"
    headers = Client().get("/healthz").headers
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin" and "Content-Security-Policy" in headers


def test_the_admin_shows_and_changes_nothing_it_should_not(world: World) -> None:
    client = Client()
    client.force_login(world.admin)
    for page in (
        "accounts/user", "cities/city", "cities/plan", "cities/edgenode", "cities/camera", "fleet/nodestate",
        "fleet/enrolmenttoken", "fleet/command", "streaming/relaysession", "audit/auditentry",
        "ingest/deadletter",
    ):  # fmt: skip
        assert client.get(f"/admin/{page}/").status_code == 200, page
        assert client.get(f"/admin/{page}/add/").status_code == 403, page
    camera = client.get(f"/admin/cities/camera/{world.camera.pk}/change/")
    assert camera.status_code == 200 and b"s3cret-of-the-camera" not in camera.content
    user = client.get(f"/admin/accounts/user/{world.viewer.pk}/change/")
    assert user.status_code == 200
    client.force_login(world.gestor)
    assert client.get("/admin/").status_code == 302, "the admin is for admins"
