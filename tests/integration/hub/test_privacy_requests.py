"""What a person may ask about the own data, how it is answered in time, and what that leaves (LGPD)."""

import base64
import csv
import hashlib
import io
import threading
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from central_hub.audit.models import AuditEntry
from central_hub.cities import services as cities
from central_hub.ingest import services as ingest
from central_hub.kernel import Role
from central_hub.lpr import access_report
from central_hub.lpr.models import PlateRead
from central_hub.lpr.tables import HEADER
from central_hub.privacy import tasks
from central_hub.privacy.models import SubjectRequest
from protocol.messages import encode
from protocol.topics import NodeAddress, Stream
from tests.integration.hub.box import batch, plate_read
from tests.integration.hub.conftest import Login, World
from tests.integration.hub.receiver import Receiver
from tests.integration.hub.test_logins import problem_of

API = "/api/v1"
REQUESTS = f"{API}/privacy-requests"
NOW = datetime.now(UTC)

pytestmark = pytest.mark.req("S14.1")


@pytest.fixture
def reads(world: World) -> World:
    """Of each city two reads of one vehicle, in both spellings, and one of another."""
    for city, camera in (("vale-verde", world.camera), ("serra-azul", world.other_camera)):
        node = cities.find_node(NodeAddress(city, "caixa-01"))
        assert node is not None
        events = {
            seq: plate_read(camera.pk, plate, captured_at=NOW - timedelta(days=seq))
            for seq, plate in enumerate(["ABC1D23", "ABC1323", "XYZ9876"], start=1)
        }
        ingest.store_batch(node, Stream.LPR, "topic", encode(batch(events)))
    return world


def asked(client: Any, **fields: Any) -> Any:
    body = {
        "kind": "access", "plate": "abc-1d23", "requester": "Maria da Silva",
        "reference": "Protocolo 9/2026", **fields,
    }  # fmt: skip
    return client.post(REQUESTS, body, format="json")


def listed(client: Any, **query: Any) -> list[dict[str, Any]]:
    answer = client.get(REQUESTS, query)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def report(client: Any, request_id: int, format_: str = "csv") -> Any:
    return client.post(f"{REQUESTS}/{request_id}/report", {"format": format_}, format="json")


def in_analysis(client: Any, **fields: Any) -> str:
    """The address of a request that somebody has taken up."""
    address = f"{REQUESTS}/{asked(client, **fields).json()['id']}"
    assert client.post(f"{address}/analysis").json()["state"] == "analysis"
    return address


def fulfil(client: Any, address: str, answer: str = "") -> Any:
    return client.post(f"{address}/fulfilment", {"answer": answer}, format="json")


# --- opening and listing -------------------------------------------------------------


def test_a_request_has_a_deadline_and_is_listed_by_it(reads: World, login: Login) -> None:
    client = login(reads.gestor)
    today = timezone.now().astimezone(cities.zone_of(reads.city)).date()
    fresh = asked(client)
    assert fresh.status_code == 201, fresh.content
    assert fresh.json()["due_on"] == str(today + timedelta(days=15))
    assert (fresh.json()["days_left"], fresh.json()["overdue"], fresh.json()["state"]) == (
        15,
        False,
        "received",
    )
    late = asked(client, received_on=str(today - timedelta(days=20))).json()
    assert (late["days_left"], late["overdue"]) == (-5, True)
    soon = asked(client, received_on=str(today - timedelta(days=13)), kind="erasure").json()
    assert [one["id"] for one in listed(client)] == [late["id"], soon["id"], fresh.json()["id"]]
    assert [one["id"] for one in listed(client, overdue=True)] == [late["id"]]
    assert [one["id"] for one in listed(client, kind="erasure")] == [soon["id"]]
    assert listed(client, open=False) == [] == listed(client, city="serra-azul")
    assert client.get(f"{REQUESTS}/summary").json() == {"open": 3, "soon": 1, "overdue": 1}
    first = client.get(REQUESTS, {"limit": 2}).json()
    rest = client.get(REQUESTS, {"limit": 2, "cursor": first["next"]}).json()
    assert [one["id"] for one in rest["results"]] == [fresh.json()["id"]] and rest["next"] is None
    opened = AuditEntry.objects.filter(action="privacy-request-opened")
    assert opened.count() == 3 and "ABC1D23" not in str(list(opened.values("details", "target")))


def test_a_request_is_about_a_plate_or_says_what_it_is_about(reads: World, login: Login) -> None:
    client = login(reads.gestor)
    today = timezone.now().astimezone(cities.zone_of(reads.city)).date()
    ahead = asked(client, received_on=str(today + timedelta(days=1)))
    assert list(ahead.json()["errors"]) == ["received_on"]
    for plate in ("ABC*", "ABC?D23"):
        assert list(asked(client, plate=plate).json()["errors"]) == ["plate"]
    assert list(asked(client, plate="").json()["errors"]) == ["description"]
    assert list(asked(client, kind="correction").json()["errors"]) == ["description"]
    told = asked(client, plate="", description="Quais imagens minhas existem na praça?").json()
    assert (told["plate"], told["plate_digest"]) == ("", "")
    assert problem_of(report(client, told["id"])) == (409, "no-plate")


# --- the report ------------------------------------------------------------------------


def test_the_report_says_what_is_held_who_looked_how_long_and_why(reads: World, login: Login) -> None:
    policy = {"retention_days": 90, "viewers_see_plates": True}
    login(reads.gestor).put(f"{API}/cities/vale-verde/plate-policy", policy, format="json")
    client, admin, stranger = login(reads.gestor), login(reads.admin), login(reads.other_gestor)
    for who, plate, purpose in (
        (client, "ABC1D23", "BO 55/2026"),
        (client, "AB?1*", "=1+1"),
        (client, "XYZ9876", "outro veículo"),
        (admin, "abc-1323", "ofício da central"),
        (stranger, "ABC1D23", "busca na outra cidade"),
    ):
        who.get(f"{API}/plate-reads", {"plate": plate, "purpose": purpose})
    first = asked(client).json()
    answer = report(client, first["id"])
    assert answer.status_code == 200, answer.content
    text = answer.content.decode("utf-8-sig")
    table = list(csv.reader(io.StringIO(text), delimiter=";"))
    told = {row[0]: row[1] for row in table if len(row) == 2}
    assert told["Placa"] == "ABC1D23 / ABC1323" and told["Titular"] == "Maria da Silva"
    assert told["Guarda"].startswith("90 dias")
    assert "13.709/2018" in told["Base legal"]
    at = table.index(["Acessos"])
    held = [row[0] for row in table[:at] if len(row) == len(HEADER)][1:]
    assert held == ["ABC1323", "ABC1D23"], "this city's, in both spellings, oldest first"
    looks = [(row[1], row[3], row[4]) for row in table[at + 2 :] if len(row) == 5]
    assert looks == [
        ("gestora", "ABC1D23", "BO 55/2026"),
        ("gestora", "AB?1*", "'=1+1"),
        ("admin", "abc-1323", "ofício da central"),
    ], "whoever searched here for it, and nothing that was searched for another plate or elsewhere"
    digest = hashlib.sha256(answer.content).digest()
    assert answer["Content-Digest"] == f"sha-256=:{base64.b64encode(digest).decode()}:"
    proof = AuditEntry.objects.get(action="privacy-request-report")
    counted = {"format": "csv", "sha256": digest.hex(), "reads": 2, "looks": 3}
    assert proof.details == counted | {"plate_digest": first["plate_digest"]}
    assert client.get(f"{REQUESTS}/{first['id']}").json()["report_sha256"] == digest.hex()


def test_the_report_on_paper_has_the_digest_of_the_file(reads: World, login: Login) -> None:
    client = login(reads.gestor)
    first = asked(client).json()
    text = report(client, first["id"]).content.decode("utf-8-sig")
    digest = text.strip().rpartition(";")[2]
    paper = report(client, first["id"], "pdf")
    assert paper.content.startswith(b"%PDF") and paper.status_code == 200
    streams = paper.content.split(b"stream\n")[1::2]
    printed = b"".join(zlib.decompress(one) for one in streams if one[:1] == b"x")
    assert digest.encode() in printed and b"Maria da Silva" in printed and b"ABC1323" in printed


def test_a_report_too_long_for_paper_is_a_csv(
    reads: World, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_report, "MAX_PDF_LINES", 1)
    client = login(reads.gestor)
    first = asked(client).json()
    assert report(client, first["id"], "pdf").status_code == 409
    assert report(client, first["id"]).status_code == 200


# --- to the end ------------------------------------------------------------------------


def test_a_request_goes_through_analysis_and_is_fulfilled_once_with_a_report(
    reads: World, login: Login
) -> None:
    client = login(reads.gestor)
    address = f"{REQUESTS}/{asked(client).json()['id']}"
    assert problem_of(fulfil(client, address)) == (409, "not-in-analysis")
    assert client.post(f"{address}/analysis").status_code == 200
    assert problem_of(client.post(f"{address}/analysis")) == (409, "already-in-analysis")
    assert problem_of(fulfil(client, address)) == (409, "no-report")
    sha256 = hashlib.sha256(client.post(f"{address}/report", {"format": "csv"}, format="json").content)
    done = fulfil(client, address).json()
    assert (done["state"], done["closed_by"], done["overdue"]) == ("fulfilled", "gestora", False)
    assert [step["step"] for step in done["steps"]] == ["opened", "analysis", "report", "fulfilled"]
    assert problem_of(fulfil(client, address)) == (409, "request-closed")
    proof = AuditEntry.objects.get(action="privacy-request-fulfilled")
    assert proof.details["sha256"] == sha256.hexdigest() and proof.city_code == "vale-verde"
    assert listed(client) == [] and [one["id"] for one in listed(client, open=False)] == [done["id"]]


def test_a_request_is_refused_with_its_legal_basis(reads: World, login: Login) -> None:
    client = login(reads.gestor)
    address = in_analysis(client, kind="sharing", plate="", description="Com quem foram compartilhadas?")
    given = {"basis": "public-security", "answer": "Há investigação em curso, por ofício da autoridade."}
    for wrong, field in (({"basis": "x"}, "basis"), ({"answer": "não"}, "answer")):
        refused = client.post(f"{address}/refusal", {**given, **wrong}, format="json")
        assert list(refused.json()["errors"]) == [field]
    closed = client.post(f"{address}/refusal", given, format="json").json()
    assert (closed["state"], closed["refusal_basis"]) == ("refused", "public-security")
    assert "art. 4º, III" in closed["refusal_basis_text"] and closed["answer"] == given["answer"]
    assert problem_of(client.post(f"{address}/refusal", given, format="json")) == (409, "request-closed")
    assert AuditEntry.objects.get(action="privacy-request-refused").details == {"basis": "public-security"}


def test_an_erasure_request_runs_the_erasure_and_leaves_what_a_hold_protects(
    reads: World, login: Login
) -> None:
    client = login(reads.gestor)
    hold = {
        "plate": "ABC1D23", "since": str(NOW - timedelta(days=1, hours=1)), "until": str(NOW),
        "reference": "Processo 7",
    }  # fmt: skip
    assert client.post(f"{API}/legal-holds", hold, format="json").status_code == 201
    address = in_analysis(client, kind="erasure")
    assert problem_of(fulfil(client, address)) == (409, "not-erased")
    erased = client.post(f"{address}/erasure").json()
    assert erased["steps"][-1]["details"] == {"removed": 1, "held": 1, "boxes": 1}
    assert erased["plate"] == "" and erased["erased_at"] is not None
    kept = PlateRead.objects.filter(city=reads.city, plate__startswith="ABC")
    assert [read.plate for read in kept] == ["ABC1D23"], "the one that the proceeding needs"
    assert problem_of(client.post(f"{address}/erasure")) == (409, "plate-erased")
    done = fulfil(client, address, "Eliminado o que a guarda judicial não protege.").json()
    assert done["state"] == "fulfilled"
    proof = AuditEntry.objects.get(action="plate-erased")
    assert proof.target == done["plate_digest"]
    access = asked(client, kind="access").json()
    assert problem_of(client.post(f"{REQUESTS}/{access['id']}/erasure")) == (409, "other-kind")


def test_an_erasure_made_elsewhere_counts_for_the_request_and_empties_the_plate_of_all(
    reads: World, login: Login
) -> None:
    client = login(reads.gestor)
    access = asked(client).json()
    address = in_analysis(client, kind="erasure")
    body = {"plate": "ABC1323", "reference": "P 9"}
    erased = client.post(f"{API}/plate-erasures", body, format="json").json()
    request = client.get(address).json()
    assert [step["step"] for step in request["steps"]] == ["opened", "analysis", "erased"]
    assert fulfil(client, address).status_code == 200
    for kept in SubjectRequest.objects.all():
        assert (kept.plate, kept.plate_digest) == ("", erased["digest"])
    assert problem_of(report(client, access["id"])) == (409, "plate-erased")


# --- who, and when it is late ---------------------------------------------------------------


def test_requests_are_for_who_governs_the_city_and_auditors_read_them(reads: World, login: Login) -> None:
    first = asked(login(reads.gestor)).json()
    address = f"{REQUESTS}/{first['id']}"
    for user, status in ((reads.viewer, 403), (reads.other_gestor, 404)):
        client = login(user)
        assert asked(client, city="vale-verde").status_code == status
        assert client.get(address).status_code == status
        for step in ("analysis", "report", "erasure", "fulfilment", "refusal"):
            assert client.post(f"{address}/{step}", {}, format="json").status_code == status, step
    assert login(reads.viewer).get(REQUESTS).status_code == 403
    assert listed(login(reads.other_gestor)) == []
    auditor = login(reads.user("auditora", Role.AUDITOR, None))
    assert [one["id"] for one in listed(auditor)] == [first["id"]]
    assert auditor.get(address).json()["requester"] == "Maria da Silva"
    assert auditor.post(f"{address}/analysis").status_code == 403
    seen = AuditEntry.objects.get(action="privacy-request-viewed")
    assert (seen.actor, seen.target, seen.city_code) == ("auditora", str(first["id"]), "vale-verde")


@pytest.fixture
def receiver(settings: SimpleNamespace) -> Iterator[Receiver]:
    settings.GTV_WEBHOOK_PRIVATE = True
    with Receiver() as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.02,))
        thread.start()
        yield listening
        listening.shutdown()
        thread.join()


def test_a_late_request_is_noted_once_and_told_until_it_has_been_heard(
    reads: World, login: Login, receiver: Receiver, settings: SimpleNamespace
) -> None:
    client = login(reads.gestor)
    today = timezone.now().astimezone(cities.zone_of(reads.city)).date()
    late = asked(client, received_on=str(today - timedelta(days=16))).json()
    asked(client, received_on=str(today - timedelta(days=15)))
    settings.GTV_ALARM_EMAILS = ["central@example.org"]
    settings.GTV_ALARM_WEBHOOK_URL, settings.GTV_ALARM_WEBHOOK_SECRET = "http://127.0.0.1:1/", "s"
    assert tasks.watch_requests() == 0, "nobody is there to hear it"
    settings.GTV_ALARM_WEBHOOK_URL = receiver.url
    assert tasks.watch_requests() == 1
    assert tasks.watch_requests() == 0
    (entry,) = AuditEntry.objects.filter(action="privacy-request-overdue")
    assert (entry.actor, entry.target) == ("sistema", str(late["id"]))
    (message,) = mail.outbox
    assert "Protocolo 9/2026" in message.body and f"/privacidade/pedidos/{late['id']}" in message.body
    for text in (message.body, str(receiver.received)):
        assert "ABC1D23" not in text and "Maria" not in text
    assert len(receiver.received) == 1
    steps = client.get(f"{REQUESTS}/{late['id']}").json()["steps"]
    assert [step["step"] for step in steps] == ["opened", "overdue"]


@pytest.mark.django_db(transaction=True)
def test_requests_of_before_there_were_kinds_keep_their_content(world: World) -> None:
    executor = MigrationExecutor(connection)
    newest = [key for key in executor.loader.graph.leaf_nodes() if key[0] in ("lpr", "privacy")]
    executor.migrate([("privacy", None), ("lpr", "0012_first_passage")])
    try:
        with connection.cursor() as cursor:
            for plate, reference, closed_at in (("ABC1D23", "P 1", None), ("XYZ9876", "P 2", NOW)):
                cursor.execute(
                    "INSERT INTO lpr_accessrequest (plate, plate_digest, requester, reference, received_on,"
                    " due_on, created_by, created_at, report_sha256, answered_by, answered_at, city_id)"
                    " VALUES (%s, 'd', 'Maria', %s, '2026-11-01', '2026-11-16', 'g', now(), '', 'g', %s, %s)",
                    [plate, reference, closed_at, world.city.pk],
                )
    finally:
        MigrationExecutor(connection).migrate(newest)
    kept = SubjectRequest.objects.order_by("reference").values_list("plate", "kind", "state", "closed_by")
    assert list(kept) == [("ABC1D23", "access", "received", "g"), ("XYZ9876", "access", "fulfilled", "g")]
