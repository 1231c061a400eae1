"""Who looked at a read and why (LGPD)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from central_hub.audit.models import AuditEntry
from central_hub.cities import services as cities
from central_hub.ingest import services as ingest
from central_hub.lpr import access
from central_hub.lpr.models import PlateRead
from protocol.messages import PlateCandidate, encode
from protocol.topics import NodeAddress, Stream
from tests.integration.hub.box import batch, plate_read
from tests.integration.hub.conftest import Login, World

API = "/api/v1"
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
