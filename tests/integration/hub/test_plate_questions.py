"""What nobody can mean, asked all the same: an answer that says so, and never a fault of the server."""

from datetime import UTC, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from central_hub.api import encode_cursor
from central_hub.cities import services as cities
from central_hub.ingest import services as ingest
from protocol.messages import encode
from protocol.topics import NodeAddress, Stream
from tests.integration.hub.box import batch, plate_read
from tests.integration.hub.conftest import Login, World

API = "/api/v1"
FAR = [
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-14:00",
]
READS = ["plate-reads", "plate-path", "plate-companions", "plate-statistics"]

QUESTIONS: list[tuple[str, dict[str, Any]]] = [
    *(
        (path, {"plate": "ABC1D23", "purpose": "ronda", end: at})
        for path in READS
        for end in ("since", "until")
        for at in FAR
    ),
    *(("plate-reads", {"cursor": encode_cursor([at, id_])}) for at in FAR for id_ in (-1, 1, 2**63, 10**30)),
    ("plate-reads", {"cursor": encode_cursor([1, 2])}),
    ("plate-reads", {"cursor": "%%%"}),
    ("watchlist-hits", {"cursor": encode_cursor(10**30)}),
    ("plate-reads/99999999999999999999999", {"captured_at": FAR[0], "purpose": "ronda"}),
    *(("plate-statistics", {"min_confidence": text}) for text in ("nan", "inf", "-0.1")),
    *(
        ("plate-reads", {"plate": text, "purpose": "ronda"})
        for text in ("%", "_", "é", "A\0", "A*" * 20, "?" * 32, "?" * 33)
    ),
    *(("plate-reads", {name: "a\0b"}) for name in ("direction", "vendor", "city", "purpose")),
    ("plate-reads", {"since": "2026-11-25T00:00:00Z", "until": "2026-11-01T00:00:00Z"}),
    ("plate-statistics", {"since": "2020-01-01T00:00:00Z"}),
    ("plate-reads/csv", {"purpose": "ronda", "since": FAR[1]}),
]


def answers(client: APIClient) -> list[str]:
    """Those that are no answer to a person."""
    wrong = []
    for path, query in QUESTIONS:
        answer = client.get(f"{API}/{path}", query)
        if answer.status_code not in (200, 400, 404):
            wrong.append(f"{path} {query}: {answer.status_code}")
    return wrong


@pytest.mark.req("S11.1", "S13.2")
def test_whatever_is_asked_gets_an_answer(world: World, login: Login) -> None:
    assert answers(login(world.gestor)) == []
    assert answers(login(world.admin)) == []


@pytest.mark.req("S13.2")
@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("watchlist", {"pattern": "***", "kind": "stolen", "reason": "x"}, "pattern"),
        ("watchlist", {"pattern": "A" * 17, "kind": "stolen", "reason": "x"}, "pattern"),
        ("watchlist", {"pattern": "ABC1D23", "kind": "stolen", "reason": "\0"}, "reason"),
        (
            "watchlist",
            {
                "pattern": "ABC1D23",
                "kind": "stolen",
                "reason": "x",
                "valid_from": FAR[2],
                "valid_until": FAR[0],
            },
            "valid_until",
        ),
        ("plate-searches", {"name": "x", "min_confidence": "NaN"}, "min_confidence"),
        ("plate-exports", {"format": "csv", "purpose": "x", "since": FAR[1]}, "since"),
        ("legal-holds", {"plate": "ABC1D23", "reference": "x", "since": FAR[1]}, "since"),
        (
            "privacy-requests",
            {
                "kind": "access",
                "plate": "ABC1D23",
                "requester": "x",
                "reference": "x",
                "received_on": "0001-01-01",
            },
            "received_on",
        ),
    ],
)
def test_what_nobody_can_mean_is_not_kept(
    world: World, login: Login, path: str, body: dict[str, Any], field: str
) -> None:
    answer = login(world.gestor).post(f"{API}/{path}", body, format="json")
    assert answer.status_code == 400 and list(answer.json()["errors"]) == [field], answer.content


@pytest.mark.req("S10.1")
def test_a_read_of_a_camera_without_a_battery_is_found_with_what_its_clock_said(
    world: World, login: Login
) -> None:
    node = cities.find_node(NodeAddress("vale-verde", "caixa-01"))
    assert node is not None
    events = {
        seq: plate_read(world.camera.pk, plate, camera_at=datetime(year, 1, 1, tzinfo=UTC), clock_off=True)
        for seq, (plate, year) in enumerate([("CLK1A70", 1970), ("CLK9A99", 9999)], start=1)
    }
    ingest.store_batch(node, Stream.LPR, "topic", encode(batch(events)))
    found = (
        login(world.gestor).get(f"{API}/plate-reads", {"plate": "CLK*", "purpose": "ronda"}).json()["results"]
    )
    assert {read["plate"]: read["camera_at"] for read in found} == {
        "CLK1A70": "1970-01-01T00:00:00Z",
        "CLK9A99": None,
    }
