"""Terms of use and privacy policy: versions that stay as they are, and are accepted before anything else."""

from types import SimpleNamespace
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import IntegrityError, connection, transaction
from rest_framework.test import APIClient

from central_hub.accounts import terms
from central_hub.accounts.models import Acceptance, LegalDocument
from central_hub.audit.models import AuditEntry
from central_hub.kernel import NotPermitted, Role
from central_hub.lpr import live
from tests.integration.hub.conftest import PASSWORD, Login, World, access_token
from tests.integration.hub.test_logins import log_in, problem_of

API = "/api/v1"
DOCUMENTS = f"{API}/legal-documents"
OWN = f"{API}/me/acceptances"
TEXT = "# Termos\n\nO acesso é pessoal e a serviço."

pytestmark = pytest.mark.req("S14.1")


def publish(client: APIClient, kind: str = "terms", text: str = TEXT) -> Any:
    return client.post(DOCUMENTS, {"kind": kind, "text": text}, format="json")


def accept(client: APIClient, document: dict[str, Any], **instead: Any) -> Any:
    body = {"document": document["id"], "sha256": document["sha256"], **instead}
    return client.post(OWN, body, format="json")


def test_nothing_is_asked_while_nothing_is_published(world: World) -> None:
    client, answer = log_in("gestora")
    assert answer.json()["documents_pending"] is False
    assert client.get(f"{API}/cameras").status_code == 200
    assert client.get(DOCUMENTS).json() == []


def test_after_a_publication_the_next_login_answers_nothing_else_until_it_is_accepted(
    world: World, login: Login
) -> None:
    before = login(world.gestor)
    published = publish(login(world.admin)).json()
    assert (published["version"], published["current"]) == (1, True)
    assert before.get(f"{API}/cameras").status_code == 200, "who is at work is not sent away"

    client, answer = log_in("gestora")
    assert answer.json()["documents_pending"] is True
    for address in (f"{API}/cameras", f"{API}/plate-reads", f"{API}/users"):
        assert problem_of(client.get(address)) == (403, "documents-pending"), address
    english = client.get(f"{API}/cameras", HTTP_ACCEPT_LANGUAGE="en").json()
    assert english["detail"].startswith("Read and accept")
    for address in (f"{API}/me", f"{API}/me/sessions", OWN, DOCUMENTS, f"{DOCUMENTS}/{published['id']}"):
        assert client.get(address).status_code == 200, address
    assert client.get(OWN).json() == {"pending": [published["id"]], "accepted": []}

    wrong = accept(client, published, sha256="00" * 32)
    assert problem_of(wrong) == (400, "invalid-input") and list(wrong.json()["errors"]) == ["sha256"]
    assert accept(client, published).status_code == 200
    assert accept(client, published).status_code == 200, "once more is the same once"
    assert client.get(f"{API}/cameras").status_code == 200
    acceptance = Acceptance.objects.get()
    assert (acceptance.user, acceptance.address, acceptance.device) == (
        world.gestor, "127.0.0.1", "Navegador de teste",
    )  # fmt: skip
    entry = AuditEntry.objects.get(action="document-accepted")
    assert (entry.actor, entry.target, entry.city_code) == ("gestora", "terms v1", "vale-verde")
    assert entry.details == {"sha256": published["sha256"], "address": "127.0.0.1"}
    assert AuditEntry.objects.get(action="document-published").actor == "admin"


def test_a_new_version_is_asked_for_again_and_a_later_one_counts_for_an_earlier(
    world: World, login: Login
) -> None:
    admin = login(world.admin)
    first = publish(admin).json()
    waiting, _ = log_in("gestora")
    second = publish(admin, text=f"{TEXT} E a mudança.").json()
    assert second["version"] == 2
    assert problem_of(waiting.get(f"{API}/cameras")) == (403, "documents-pending"), "the first is still due"
    assert problem_of(accept(waiting, first)) == (409, "superseded")
    assert accept(waiting, second).status_code == 200
    assert waiting.get(f"{API}/cameras").status_code == 200
    policy = publish(admin, "privacy").json()
    client, answer = log_in("gestora")
    assert answer.json()["documents_pending"] is True, "each kind is accepted by itself"
    assert client.get(OWN).json()["pending"] == [policy["id"]]


def test_a_version_is_published_by_an_administrator_and_is_never_the_same_twice(
    world: World, login: Login
) -> None:
    for user in (world.gestor, world.viewer, world.user("auditora", Role.AUDITOR, None)):
        assert publish(login(user)).status_code == 403
    admin = login(world.admin)
    assert publish(admin, text="curto").status_code == 400
    assert publish(admin).status_code == 201
    assert problem_of(publish(admin, text=f"  {TEXT}\r\n")) == (409, "same-text")
    kinds = {one["kind"]: one["text"] for one in admin.get(f"{DOCUMENTS}/templates").json()}
    assert publish(admin, "privacy", kinds["privacy"]).status_code == 201
    assert "Lei 13.709/2018" in kinds["terms"] and "encarregado" in kinds["privacy"]


def test_the_database_refuses_to_change_what_was_published_or_accepted(world: World, login: Login) -> None:
    document = publish(login(world.admin)).json()
    client, _ = log_in("gestora")
    accept(client, document)
    for table in ("accounts_legaldocument", "accounts_acceptance"):
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
    assert LegalDocument.objects.get().text == TEXT


def test_anybody_reads_the_documents_and_who_may_read_the_trail_sees_who_accepted(
    world: World, login: Login
) -> None:
    document = publish(login(world.admin)).json()
    stranger = APIClient()
    assert stranger.get(f"{DOCUMENTS}/{document['id']}").json()["text"] == TEXT
    assert "published_by" not in stranger.get(DOCUMENTS).json()[0]
    client, _ = log_in("gestora")
    accept(client, document)
    auditor = login(world.user("auditora", Role.AUDITOR, None))
    accept(auditor, document)
    address = f"{DOCUMENTS}/{document['id']}/acceptances"
    page = auditor.get(address, {"limit": 1}).json()
    assert [one["username"] for one in page["results"]] == ["auditora"]
    rest = auditor.get(address, {"limit": 1, "cursor": page["next"]}).json()
    assert [(one["username"], one["city"]) for one in rest["results"]] == [("gestora", "Vale Verde")]
    assert rest["next"] is None
    assert client.get(address).status_code == 403
    assert terms.state_of_acceptance(world.city.pk)[1:] == (2, 1)


def test_the_second_factor_and_the_documents_are_both_asked_for(
    world: World, settings: SimpleNamespace, login: Login
) -> None:
    document = publish(login(world.admin)).json()
    settings.GTV_REQUIRE_SECOND_FACTOR = True
    client, answer = log_in("admin")
    assert (answer.json()["second_factor_missing"], answer.json()["documents_pending"]) == (True, True)
    assert problem_of(client.get(f"{API}/me")) == (403, "second-factor-missing")
    assert accept(client, document).status_code == 200, "in whichever order"


async def test_news_of_plates_wait_for_the_login_to_be_complete(world: World, login: Login) -> None:
    admin = await sync_to_async(login)(world.admin)
    before = await sync_to_async(access_token)(world.gestor)
    await sync_to_async(publish)(admin)
    after = await sync_to_async(access_token)(world.gestor)
    assert (await sync_to_async(live._identify)(before)).city == "vale-verde"
    with pytest.raises(NotPermitted):
        await sync_to_async(live._identify)(after)


def test_djangos_admin_lets_nobody_in_who_has_not_accepted(world: World, login: Login) -> None:
    from django.test import Client

    document = publish(login(world.admin)).json()
    given = {"username": "admin", "password": PASSWORD}
    refused = Client().post("/admin/login/", given)
    assert refused.status_code == 200 and "aceite" in refused.content.decode()
    client, _ = log_in("admin")
    accept(client, document)
    assert Client().post("/admin/login/", given).status_code == 302
