"""What stands between the hub and who means it ill: headers, cookies, origins, sizes, rates, addresses."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from django.core.cache import cache
from django.test import Client
from rest_framework.test import APIClient

from central_hub.bodies import MAX_BODY_BYTES
from central_hub.cities import csv_rows, domain
from central_hub.kernel import InvalidInput
from tests.integration.hub.conftest import PASSWORD, Login, World, access_token

pytestmark = pytest.mark.req("S13.2")

LOGIN = "/api/v1/auth/login"
CAMERAS = "/api/v1/cameras"


# --- how an installation is set up ----------------------------------------------

PRINT = """
import json
from central_hub import settings as s
names = ("HTTPS SECURE_HSTS_SECONDS SECURE_HSTS_INCLUDE_SUBDOMAINS SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE"
         " SESSION_COOKIE_SAMESITE CSRF_COOKIE_SAMESITE SECURE_CONTENT_TYPE_NOSNIFF X_FRAME_OPTIONS DEBUG"
         " GTV_REQUIRE_SECOND_FACTOR GTV_WEBHOOK_PRIVATE GTV_ALLOW_LOOPBACK_CAMERAS").split()
print(json.dumps({name: getattr(s, name) for name in names}))
"""
SECRETS = ("GTV_SECRET_KEY", "GTV_DATABASE_URL", "GTV_S3_ACCESS_KEY", "GTV_S3_SECRET_KEY", "GTV_RELAY_SECRET")


def settings_of(**environment: str) -> "subprocess.CompletedProcess[str]":
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GTV_")}
    return subprocess.run(
        [sys.executable, "-c", PRINT], env={**clean, **environment}, capture_output=True, text=True
    )


def test_an_installation_is_safe_unless_it_is_told_otherwise() -> None:
    given = dict.fromkeys(SECRETS, "postgresql:///x")
    shown = json.loads(settings_of(**given, GTV_PUBLIC_URL="https://hub.example.org").stdout)
    assert shown == {
        "HTTPS": True, "SECURE_HSTS_SECONDS": 31_536_000, "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True, "SESSION_COOKIE_SAMESITE": "Strict",
        "CSRF_COOKIE_SAMESITE": "Strict", "SECURE_CONTENT_TYPE_NOSNIFF": True, "X_FRAME_OPTIONS": "DENY",
        "DEBUG": False, "GTV_REQUIRE_SECOND_FACTOR": True, "GTV_WEBHOOK_PRIVATE": False,
        "GTV_ALLOW_LOOPBACK_CAMERAS": False,
    }  # fmt: skip


@pytest.mark.parametrize("missing", SECRETS)
def test_without_a_secret_of_its_own_no_hub_starts(missing: str) -> None:
    given = {name: "postgresql:///x" for name in SECRETS if name != missing}
    refused = settings_of(**given)
    assert refused.returncode != 0 and f"{missing} is not set" in refused.stderr


# --- what a browser is told -----------------------------------------------------


def test_a_browser_that_came_by_https_is_told_to_come_by_nothing_else(
    world: World, settings: SimpleNamespace
) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000
    told = Client().get("/healthz", HTTP_X_FORWARDED_PROTO="https")
    assert told["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_the_refresh_cookie_goes_by_https_only_and_to_its_own_addresses(
    world: World, settings: SimpleNamespace
) -> None:
    settings.HTTPS = True
    answer = APIClient().post(LOGIN, {"username": "gestora", "password": PASSWORD}, format="json")
    cookie = answer.cookies["gtv_refresh"]
    assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Strict"
    assert cookie["path"] == "/api/v1/auth"


@pytest.mark.parametrize("method", ["get", "post", "options"])
def test_no_page_of_another_origin_may_read_an_answer(world: World, login: Login, method: str) -> None:
    preflight = {"HTTP_ORIGIN": "https://evil.example", "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "POST"}
    answer = getattr(login(world.gestor), method)(CAMERAS, **preflight)
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


def test_a_form_of_another_page_changes_nothing_in_the_admin(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.admin)
    page = f"/admin/accounts/user/{world.viewer.pk}/change/"
    assert client.post(page, {"name": "x"}).status_code == 403


def test_a_cookie_alone_is_no_login_to_the_api(world: World) -> None:
    client = Client()
    client.force_login(world.admin)
    assert client.get("/api/v1/cities").status_code == 401


# --- how much, and how often ----------------------------------------------------


def test_a_body_is_bounded_whether_or_not_it_says_how_long_it_is(world: World, web: str) -> None:
    headers = {"Authorization": f"Bearer {access_token(world.gestor)}", "Content-Type": "application/json"}
    name = "x" * MAX_BODY_BYTES
    whole = json.dumps({"name": name, "rtsp_url": "rtsp://h/"}).encode()

    def in_pieces() -> Iterator[bytes]:
        for start in range(0, len(whole), 65_536):
            yield whole[start : start + 65_536]

    for content in (whole, in_pieces()):
        answer = httpx.post(f"http://{web}{CAMERAS}", content=content, headers=headers, timeout=30)
        assert answer.status_code == 413
        assert answer.json()["type"] == "urn:gtv:problem:too-large"


def test_the_largest_spreadsheet_is_no_body_too_large(world: World, web: str) -> None:
    rows = "nome;rtsp\r\n" + "".join(f"c{n};rtsp://10.0.0.1/{n}{'x' * 970}\r\n" for n in range(1990))
    assert csv_rows.MAX_BYTES * 0.97 < len(rows) < csv_rows.MAX_BYTES < MAX_BODY_BYTES
    headers = {"Authorization": f"Bearer {access_token(world.gestor)}", "Content-Type": "text/csv"}
    address = f"http://{web}{CAMERAS}/import?city=vale-verde"
    answer = httpx.post(address, content=rows.encode(), headers=headers, timeout=60)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    "body", ["[" * 100_000, '{"name":' * 50_000, '{"name": "a\\u0000b"}', '{"name": NaN}']
)
def test_a_body_that_is_a_trap_is_a_bad_request(world: World, login: Login, body: str) -> None:
    client = login(world.gestor)
    client.raise_request_exception = False
    answer = client.post(CAMERAS, body, content_type="application/json")
    assert answer.status_code == 400 and answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["cities/a%00b/plate-policy", "users/99999999999999999999/sessions"])
def test_an_address_that_no_database_takes_is_not_found(world: World, login: Login, path: str) -> None:
    client = login(world.gestor)
    client.raise_request_exception = False
    assert client.get(f"/api/v1/{path}").status_code in (400, 404)


def test_a_person_who_asks_without_end_is_told_to_wait_and_others_are_not(
    world: World, login: Login, settings: SimpleNamespace
) -> None:
    rates = {**settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "person": "5/min"}
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}
    client = login(world.gestor)
    answers = [client.get("/api/v1/me") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert login(world.gestor).get("/api/v1/me").status_code == 429, "another login is no way round it"
    assert login(world.viewer).get("/api/v1/me").status_code == 200


@pytest.mark.parametrize(
    ("scope", "address", "body", "refused"),
    [
        ("login", LOGIN, {"username": "ninguém", "password": "x"}, 401),
        ("enrolment", "/api/v1/enrolment", {"token": "x", "csr_pem": "x"}, 400),
    ],
)
def test_one_address_tries_no_more_passwords_or_tokens_than_the_machine_bears(
    world: World, settings: SimpleNamespace, scope: str, address: str, body: dict[str, str], refused: int
) -> None:
    rates = {**settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], scope: "3/min"}
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}
    answers = [APIClient().post(address, body, format="json") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [refused] * 3 + [429]


def test_a_cache_that_is_away_keeps_nobody_out(world: World, login: Login, settings: SimpleNamespace) -> None:
    cache.close()
    away = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": away}
    assert login(world.gestor).get("/api/v1/me").status_code == 200
    answer = APIClient().post(LOGIN, {"username": "gestora", "password": PASSWORD}, format="json")
    assert answer.status_code == 200


# --- addresses that people enter ------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "rtsp://127.0.0.1/s", "rtsp://u:p@127.9.9.9:8554/s", "rtsp://[::1]/s", "rtsp://[::ffff:127.0.0.1]/s",
        "rtsp://localhost/s", "rtsp://x.localhost/s", "rtsp://169.254.169.254/latest", "rtsp://[fe80::1]/s",
        "rtsp://224.0.0.1/s", "rtsp://0.0.0.0/s", "rtsp://[::]/s",
    ],
)  # fmt: skip
def test_a_camera_is_neither_the_box_itself_nor_out_of_every_network(
    world: World, login: Login, settings: SimpleNamespace, url: str
) -> None:
    settings.GTV_ALLOW_LOOPBACK_CAMERAS = False
    client = login(world.gestor)
    good = {"name": "x", "rtsp_url": "rtsp://10.0.0.1/s"}
    for body, field in (({"rtsp_url": url}, "rtsp_url"), ({"sub_rtsp_url": url}, "sub_rtsp_url")):
        for answer in (
            client.post(CAMERAS, {**good, **body}, format="json"),
            client.patch(f"{CAMERAS}/{world.camera.pk}", body, format="json"),
        ):
            assert answer.status_code == 400 and list(answer.json()["errors"]) == [field]
            assert "u:p" not in answer.content.decode()
    rows = f"nome;rtsp\r\nx;{url}\r\n".encode()
    imported = client.post(f"{CAMERAS}/import?city=vale-verde", rows, content_type="text/csv").json()
    assert list(imported["rows"][0]["errors"]) == ["rtsp"]


@pytest.mark.parametrize(
    "url",
    ["rtsp://10.0.0.1/s", "rtsp://192.168.1.9/s", "rtsp://[fd00::9]/s", "rtsp://200.1.2.3/s", "rtsp://cam/"],
)
def test_a_camera_is_on_a_network_of_the_city_or_beyond_it(url: str) -> None:
    domain.check_camera_place(url)


def test_the_hub_itself_never_calls_a_camera(world: World, login: Login) -> None:
    client = login(world.gestor)
    with socket.create_server(("127.0.0.1", 0)) as camera:
        camera.setblocking(False)
        url = f"rtsp://127.0.0.1:{camera.getsockname()[1]}/s"
        made = client.post(CAMERAS, {"name": "x", "rtsp_url": url, "node": "caixa-01"}, format="json").json()
        order = {"action": "probe-camera", "camera": made["id"]}
        assert (
            client.post("/api/v1/nodes/vale-verde/caixa-01/commands", order, format="json").status_code == 202
        )
        client.patch(f"{CAMERAS}/{made['id']}", {"sub_rtsp_url": url}, format="json")
        client.get(CAMERAS)
        with pytest.raises(BlockingIOError):
            camera.accept()


def test_a_refused_place_does_not_repeat_the_cameras_password() -> None:
    with pytest.raises(InvalidInput) as refused:
        domain.check_camera_place("rtsp://u:segredo@127.0.0.1/")
    assert "segredo" not in str(refused.value.errors)


# --- what is written down -------------------------------------------------------

THREATS = Path(__file__).parents[3] / "docs" / "security" / "threat-model.md"


def test_every_test_that_the_threat_model_names_exists() -> None:
    root = THREATS.parents[2]
    named = [part for part in THREATS.read_text().split("`") if "::test_" in part]
    assert len(named) > 40
    missing = []
    for name in named:
        file, _, function = name.partition("::")
        path: Any = root / file
        if not path.is_file() or f"def {function}(" not in path.read_text():
            missing.append(name)
    assert not missing
