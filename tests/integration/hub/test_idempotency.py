"""A request that creates, sent again: after a lost answer, or twice at once."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from central_hub.accounts import idempotency
from central_hub.accounts.models import AnsweredRequest
from central_hub.cities.models import Camera
from central_hub.lpr.models import Webhook
from tests.integration.hub.conftest import Login, World
from tests.integration.hub.test_accounts import at_once

CAMERAS = "/api/v1/cameras"
CAMERA = {"name": "Praça", "rtsp_url": "rtsp://u:p@10.0.0.1/s", "node": "caixa-01", "lpr": True}

#: What answers 201 or 202 and takes no key: what it opens or begins is worth nothing tomorrow.
WITHOUT_KEY = {"beginSecondFactor", "openRelaySession", "openLiveSession", "enrol"}


def post(client: APIClient, key: str, body: dict[str, Any] | None = None, address: str = CAMERAS) -> Any:
    return client.post(address, body or CAMERA, format="json", HTTP_IDEMPOTENCY_KEY=key)


@pytest.fixture
def key() -> str:
    return str(uuid.uuid4())


def test_a_request_sent_again_creates_nothing_more_and_gets_the_same_answer(
    world: World, login: Login, key: str
) -> None:
    client = login(world.gestor)
    first, second = post(client, key), post(login(world.gestor), key)
    assert first.status_code == second.status_code == 201
    assert second.json() == first.json() and second.json()["lpr_secret"]
    assert second["Idempotent-Replayed"] == "true" and "Idempotent-Replayed" not in first
    assert Camera.objects.filter(name="Praça").count() == 1
    assert post(client, str(uuid.uuid4())).json()["id"] != first.json()["id"], (
        "another key is another request"
    )


def test_a_key_is_good_for_one_request(world: World, login: Login, key: str) -> None:
    client = login(world.gestor)
    assert post(client, key).status_code == 201
    other = post(client, key, {**CAMERA, "name": "Outra"})
    assert other.status_code == 422
    assert other.json()["type"] == "urn:gtv:problem:idempotency-key-reused"
    elsewhere = post(client, key, {"url": "https://example.org/"}, "/api/v1/webhooks")
    assert elsewhere.status_code == 422 and not Webhook.objects.exists()
    assert not Camera.objects.filter(name="Outra").exists()


def test_a_key_is_its_callers_own(world: World, login: Login, key: str) -> None:
    assert post(login(world.gestor), key).status_code == 201
    theirs = post(login(world.other_gestor), key)
    assert theirs.status_code == 201 and theirs.json()["city"]["code"] == "serra-azul"


def test_of_equal_requests_that_come_at_once_one_creates(world: World, login: Login, key: str) -> None:
    answers: list[Any] = at_once(6, lambda _: post(login(world.gestor), key))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert Camera.objects.filter(name="Praça").count() == 1


def test_what_was_refused_may_be_sent_again_put_right(world: World, login: Login, key: str) -> None:
    client = login(world.gestor)
    assert post(client, key, {**CAMERA, "rtsp_url": "http://h/"}).status_code == 400
    assert not AnsweredRequest.objects.exists(), "a refusal is not kept: nothing was created"
    assert post(client, key).status_code == 201


def test_an_answer_is_kept_for_a_day(world: World, login: Login, key: str) -> None:
    client = login(world.gestor)
    assert post(client, key).status_code == 201
    AnsweredRequest.objects.update(at=timezone.now() - timedelta(hours=23))
    assert idempotency.forget_old() == 0 and post(client, key)["Idempotent-Replayed"]
    AnsweredRequest.objects.update(at=timezone.now() - timedelta(hours=25))
    assert "Idempotent-Replayed" not in post(client, key), "a day is over, whether or not the job has run"
    AnsweredRequest.objects.update(at=timezone.now() - timedelta(hours=25))
    assert idempotency.forget_old() == 1 and not AnsweredRequest.objects.exists()


def test_the_database_alone_gives_no_secret_away(world: World, login: Login, key: str) -> None:
    secret = post(login(world.gestor), key).json()["lpr_secret"]
    (row,) = AnsweredRequest.objects.all()
    assert secret.encode() not in bytes(row.answer) and key not in row.key_sha256


@pytest.mark.parametrize("key", ["", " ", "a b", "ç", "x" * 201])
def test_a_key_that_is_none_is_refused(world: World, login: Login, key: str) -> None:
    answer = post(login(world.gestor), key)
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:gtv:problem:idempotency-key-invalid"


def test_a_kept_answer_needs_a_login_as_the_first_did(world: World, login: Login, key: str) -> None:
    assert post(login(world.gestor), key).status_code == 201
    assert post(APIClient(), key).status_code == 401


def test_every_operation_that_creates_takes_a_key() -> None:
    document: dict[str, Any] = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    without = set()
    for methods in document["paths"].values():
        operation = methods.get("post")
        if operation is None or not operation["responses"].keys() & {"201", "202"}:
            continue
        if "Idempotency-Key" not in {parameter["name"] for parameter in operation.get("parameters", ())}:
            without.add(operation["operationId"])
    assert without == WITHOUT_KEY
