"""Who looked at a read and why, and what a person is told who asks what is held of a plate (LGPD)."""

import base64
import csv
import hashlib
import io
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from central_hub.audit.models import AuditEntry
from central_hub.cities import services as cities
from central_hub.ingest import services as ingest
from central_hub.lpr import access, access_report
from central_hub.lpr.models import AccessRequest, PlateRead
from central_hub.lpr.tables import HEADER
from protocol.messages import PlateCandidate, encode
from protocol.topics import NodeAddress, Stream
from tests.integration.hub.box import batch, plate_read
from tests.integration.hub.conftest import Login, World

API = "/api/v1"
REQUESTS = f"{API}/plate-access-requests"
NOW = datetime.now(UTC)


@pytest.fixture
def reads(world: World) -> World:
    """Of each city two reads of one vehicle, in both spellings, and one of another."""
    for city, camera in (("vale-verde", world.camera), ("serra-azul", world.other_camera)):
        node = cities.find_node(NodeAddress(city, "caixa-01"))
        assert node is not None
        events = {
            seq: plate_read(
                camera.pk,
                plate,
                captured_at=NOW - timedelta(days=seq),
                candidates=[PlateCandidate("ABCID23", 0.4)],
            )
            for seq, plate in enumerate(["ABC1D23", "ABC1323", "XYZ9876"], start=1)
        }
        ingest.store_batch(node, Stream.LPR, "topic", encode(batch(events)))
    return world


def asked(client: Any, **fields: Any) -> Any:
    body = {"plate": "abc-1d23", "requester": "Maria da Silva", "reference": "Protocolo 9/2026", **fields}
    return client.post(REQUESTS, body, format="json")


def report(client: Any, request_id: int, format_: str = "csv") -> Any:
    return client.post(f"{REQUESTS}/{request_id}/report", {"format": format_}, format="json")


# --- one read --------------------------------------------------------------------


@pytest.mark.req("S1.3", "S14.1")
def test_looking_at_a_read_needs_a_purpose_and_is_noted_with_it(reads: World, login: Login) -> None:
    client = login(reads.viewer)
    found = client.get(f"{API}/plate-reads", {"plate": "ABC1D23", "purpose": "BO 55/2026"}).json()["results"]
    read = next(one for one in found if one["plate"] == "ABC1D23")
    address = f"{API}/plate-reads/{read['id']}"
    for purpose in ("", "  ", "x"):
        answer = client.get(address, {"captured_at": read["captured_at"], "purpose": purpose})
        assert answer.status_code == 400 and list(answer.json()["errors"]) == ["purpose"]
    assert not AuditEntry.objects.filter(action="plate-read-viewed").exists()
    for _ in range(2):
        seen = client.get(address, {"captured_at": read["captured_at"], "purpose": "BO 55/2026"}).json()
    assert seen["plate"] == "ABC1D23" and seen["candidates"] == [{"plate": "ABCID23", "confidence": 0.4}]
    entries = AuditEntry.objects.filter(action="plate-read-viewed")
    assert [(entry.actor, entry.city_code, entry.details["purpose"]) for entry in entries] == [
        ("vigilante", "vale-verde", "BO 55/2026")
    ] * 2, "every look, not one for a while"


def test_a_read_of_another_city_or_of_another_time_is_not_there(reads: World, login: Login) -> None:
    theirs = PlateRead.objects.filter(city=reads.other_city)[0]
    for at in (theirs.captured_at, NOW):
        query = {"captured_at": at.isoformat(), "purpose": "BO 55/2026"}
        assert login(reads.gestor).get(f"{API}/plate-reads/{theirs.pk}", query).status_code == 404


# --- requests ----------------------------------------------------------------------


@pytest.mark.req("S14.1")
def test_a_request_has_a_deadline_and_is_listed_by_it(reads: World, login: Login) -> None:
    client = login(reads.gestor)
    today = timezone.now().astimezone(cities.zone_of(reads.city)).date()
    fresh = asked(client)
    assert fresh.status_code == 201, fresh.content
    assert fresh.json()["due_on"] == str(today + timedelta(days=15)) and not fresh.json()["overdue"]
    late = asked(client, received_on=str(today - timedelta(days=20))).json()
    assert late["overdue"] and late["due_on"] == str(today - timedelta(days=5))
    assert [one["id"] for one in client.get(REQUESTS).json()] == [late["id"], fresh.json()["id"]]
    ahead = asked(client, received_on=str(today + timedelta(days=1)))
    assert list(ahead.json()["errors"]) == ["received_on"]
    for plate in ("", "ABC*", "ABC?D23"):
        assert asked(client, plate=plate).status_code == 400
    opened = AuditEntry.objects.filter(action="plate-access-requested")
    assert opened.count() == 2 and "ABC1D23" not in str(list(opened.values("details", "target")))


@pytest.mark.req("S14.1")
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
    proof = AuditEntry.objects.get(action="plate-access-report")
    assert proof.details == {"format": "csv", "sha256": digest.hex(), "reads": 2, "looks": 3}
    assert client.get(REQUESTS).json()[0]["report_sha256"] == digest.hex()


@pytest.mark.req("S14.1")
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


@pytest.mark.req("S14.1")
def test_a_request_is_answered_once_and_with_a_report(reads: World, login: Login) -> None:
    client = login(reads.gestor)
    address = f"{REQUESTS}/{asked(client).json()['id']}"
    assert client.post(f"{address}/answer").status_code == 409, "there is nothing to hand over"
    sha256 = hashlib.sha256(client.post(f"{address}/report", {"format": "csv"}, format="json").content)
    answered = client.post(f"{address}/answer").json()
    assert answered["answered_by"] == "gestora" and not answered["overdue"]
    assert client.post(f"{address}/answer").status_code == 409
    proof = AuditEntry.objects.get(action="plate-access-answered")
    assert proof.details == {"sha256": sha256.hexdigest(), "reference": "Protocolo 9/2026"}


@pytest.mark.req("S14.1")
def test_an_erasure_takes_the_plate_out_of_requests_and_leaves_the_digest(reads: World, login: Login) -> None:
    client = login(reads.gestor)
    first = asked(client).json()
    erased = client.post(
        f"{API}/plate-erasures", {"plate": "ABC1323", "reference": "P 9"}, format="json"
    ).json()
    kept = AccessRequest.objects.get()
    assert (kept.plate, kept.plate_digest) == ("", erased["digest"]) and first["plate_digest"] == erased[
        "digest"
    ]
    assert report(client, first["id"]).status_code == 409


def test_requests_are_for_who_governs_the_city(reads: World, login: Login) -> None:
    first = asked(login(reads.gestor)).json()
    for user, status in ((reads.viewer, 403), (reads.other_gestor, 404)):
        client = login(user)
        assert client.get(REQUESTS).json() == []
        assert asked(client, city="vale-verde").status_code == status
        assert report(client, first["id"]).status_code == status
        assert client.post(f"{REQUESTS}/{first['id']}/answer").status_code == status
    assert [one["id"] for one in login(reads.admin).get(REQUESTS).json()] == [first["id"]]


@pytest.mark.parametrize(
    ("details", "found"),
    [
        ({"filters": {"plate": "abc-1d23"}}, True),
        ({"filters": {"plate": "A8C1D23", "similar": "True"}}, True),
        ({"filters": {"plate": "A8C1D23"}}, False),
        ({"filters": {"plate": "ABC*"}}, True),
        ({"plate": "ABC1323", "purpose": "x"}, True),
        ({"filters": {}}, False),
        ({"filters": {"plate": "ç"}}, False),
        ({}, False),
    ],
)
def test_a_look_concerns_the_plate_that_it_named(details: dict[str, Any], found: bool) -> None:
    fact = access.Fact(NOW, "x", "plate-search", "", "", details)
    assert access.concerns(fact, ["ABC1D23", "ABC1323"]) is found
