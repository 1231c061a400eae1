"""Watched plates: from the list to the boxes, from a read to the alarm, to pages and webhooks."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import websockets

from central_hub import webhooks
from central_hub.audit.models import AuditEntry
from central_hub.cities import services as cities
from central_hub.ingest import services as ingest
from central_hub.lpr import alerts, retention
from central_hub.lpr.models import (
    LegalHold,
    PlatePolicy,
    PlateRead,
    WatchlistEntry,
    WatchlistHit,
    Webhook,
    WebhookDelivery,
)
from demo.engines import free_port
from protocol.messages import WatchlistHit as BoxHit
from protocol.messages import encode
from protocol.topics import NodeAddress, Stream
from tests.integration.hub.box import Box, batch, plate_read
from tests.integration.hub.conftest import Login, World, access_token
from tests.integration.hub.receiver import Receiver

URL = "/api/v1/watchlist"
NOW = datetime.now(UTC)


def store(events: dict[int, Any], city: str = "vale-verde") -> None:
    node = cities.find_node(NodeAddress(city, "caixa-01"))
    assert node is not None
    ingest.store_batch(node, Stream.LPR, "topic", encode(batch(events)))


def watch(client: Any, pattern: str, **fields: Any) -> dict[str, Any]:
    body = {"pattern": pattern, "kind": "stolen", "reason": "BO 123/2026", **fields}
    answer = client.post(URL, body, format="json")
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def hits(client: Any) -> list[str]:
    return [hit["plate"] for hit in client.get("/api/v1/watchlist-hits").json()["results"]]


def test_an_entry_goes_to_the_citys_boxes_and_its_removal_too(world: World, login: Login, box: Box) -> None:
    client = login(world.gestor)
    entry = watch(client, "abc-1d23", valid_until=(NOW + timedelta(days=1)).isoformat())
    state = box.wait_for(Stream.DESIRED, lambda state: state.watchlist)
    (sent,) = state.watchlist
    assert (sent.id, sent.pattern, sent.kind, sent.reason) == (
        entry["id"],
        "ABC1D23",
        "stolen",
        "BO 123/2026",
    )
    assert client.delete(f"{URL}/{entry['id']}").status_code == 204
    box.wait_for(Stream.DESIRED, lambda later: later.revision > state.revision and not later.watchlist)
    assert client.get(URL).json() == []
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"watchlist-entry-added", "watchlist-entry-removed"} <= actions


def test_a_read_of_a_watched_plate_is_a_hit_of_its_city_only(world: World, login: Login) -> None:
    client = login(world.gestor)
    watch(client, "ABC1D23")
    watch(client, "XYZ9?7*")
    watch(client, "BRA2E19", tolerant=True)
    watch(client, "AUT1A00", kind="authorised")
    camera = world.camera.pk
    plates = ["ABC1D23", "ABC1323", "XYZ9876", "8RA2E19", "AUT1A00", "ABC1D24"]
    store({seq: plate_read(camera, plate) for seq, plate in enumerate(plates, start=1)})
    assert sorted(hits(client)) == ["8RA2E19", "ABC1323", "ABC1D23", "XYZ9876"]
    store({1: plate_read(world.other_camera.pk, "ABC1D23")}, "serra-azul")
    assert hits(login(world.other_gestor)) == [] and len(hits(login(world.admin))) == 4


def test_a_hit_comes_with_its_read_until_that_is_gone(world: World, login: Login) -> None:
    client = login(world.gestor)
    watch(client, "ABC1D23")
    watch(client, "ABC?D2*", kind="wanted")
    store({1: plate_read(world.camera.pk, "ABC1D23")})
    found = client.get("/api/v1/watchlist-hits").json()["results"]
    (read,) = client.get("/api/v1/plate-reads").json()["results"]
    assert [hit["read"]["id"] for hit in found] == [read["id"], read["id"]]
    assert found[0]["read"]["camera"] == found[0]["camera"] and "image_url" in found[0]["read"]

    PlateRead.objects.all().delete()
    assert [hit["read"] for hit in client.get("/api/v1/watchlist-hits").json()["results"]] == [None, None]


def test_an_entry_is_valid_in_its_time_and_not_after_its_removal(world: World, login: Login) -> None:
    client, camera = login(world.gestor), world.camera.pk
    entry = watch(
        client,
        "ABC1D23",
        valid_from=(NOW - timedelta(hours=2)).isoformat(),
        valid_until=(NOW + timedelta(hours=1)).isoformat(),
    )
    an_hour_ago = NOW - timedelta(hours=1)
    WatchlistEntry.objects.filter(pk=entry["id"]).update(valid_until=an_hour_ago)
    gone = watch(client, "XYZ9876")
    client.delete(f"{URL}/{gone['id']}")
    within, before, after = (NOW - timedelta(hours=hours) for hours in (1.5, 3, 0.5))
    reads = [plate_read(camera, "ABC1D23", captured_at=at) for at in (before, within, after)]
    store(dict(enumerate([*reads, plate_read(camera, "XYZ9876")], start=1)))
    (hit,) = WatchlistHit.objects.all()
    assert hit.captured_at == within


@pytest.mark.req("S14.1")
def test_a_hit_has_its_time_as_its_read_has_unless_a_legal_hold_protects_it(
    world: World, login: Login
) -> None:
    client, camera = login(world.gestor), world.camera.pk
    for plate in ("ABC1D23", "HLD1A00"):
        watch(client, plate)
    PlatePolicy.objects.create(city=world.city, retention_days=2)
    LegalHold.objects.create(
        city=world.city, plate="HLD1A00", since=NOW - timedelta(days=9), reference="1", placed_by="x"
    )
    days = [("ABC1D23", 3), ("HLD1A00", 3), ("ABC1D23", 1)]
    store(
        {
            seq: plate_read(camera, plate, captured_at=NOW - timedelta(days=ago))
            for seq, (plate, ago) in enumerate(days, start=1)
        }
    )
    retention.enforce(NOW)
    left = WatchlistHit.objects.values_list("plate", "captured_at").order_by("plate")
    assert [(plate, (NOW - at).days) for plate, at in left] == [("ABC1D23", 1), ("HLD1A00", 3)]


def test_what_the_box_matched_is_a_hit_even_if_the_entry_is_gone_since(world: World, login: Login) -> None:
    client = login(world.gestor)
    gone = watch(client, "ABC1D23")
    client.delete(f"{URL}/{gone['id']}")
    stranger = watch(login(world.other_gestor), "ABC1D23")
    told = [BoxHit(gone["id"], "stolen"), BoxHit(stranger["id"], "stolen"), BoxHit("no-uuid", "stolen")]
    store({1: plate_read(world.camera.pk, "ABC1D23", hits=told)})
    (hit,) = WatchlistHit.objects.all()
    assert str(hit.entry_id) == gone["id"]


def test_passages_that_arrive_together_are_hits_in_their_order(world: World, login: Login) -> None:
    client, camera = login(world.gestor), world.camera.pk
    watch(client, "ORD*")
    plates = ["ORD1A11", "ORD2A22", "ORD3A33"]
    at = [NOW - timedelta(seconds=seconds) for seconds in (3, 2, 1)]
    reads = [plate_read(camera, plate, captured_at=when) for plate, when in zip(plates, at, strict=True)]
    store(dict(enumerate(reads, start=1)))
    assert hits(client) == plates[::-1], "the newest first"


def test_one_passage_alarms_once(world: World, login: Login) -> None:
    watch(login(world.gestor), "ABC1D23")
    first = plate_read(world.camera.pk, "ABC1D24")
    again = [plate_read(world.camera.pk, "ABC1D23", group=first.id, group_size=n) for n in (2, 3)]
    store({1: first, 2: again[0]})
    store({3: again[1]})
    assert WatchlistHit.objects.count() == 1
    store({4: plate_read(world.camera.pk, "ABC1D23")})
    assert WatchlistHit.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"pattern": "A*"}, "pattern"),
        ({"pattern": "*"}, "pattern"),
        ({"pattern": "A%"}, "pattern"),
        ({"pattern": "A" * 17}, "pattern"),
        ({"kind": "dangerous"}, "kind"),
        ({"reason": ""}, "reason"),
        ({"valid_from": "2126-02-01T00:00:00Z", "valid_until": "2126-01-01T00:00:00Z"}, "valid_until"),
        ({"valid_until": "2026-01-01T00:00:00Z"}, "valid_until"),
    ],
)
def test_an_entry_that_makes_no_sense_is_refused(
    world: World, login: Login, change: dict[str, Any], field: str
) -> None:
    body = {"pattern": "ABC1D23", "kind": "stolen", "reason": "x", **change}
    answer = login(world.gestor).post(URL, body, format="json")
    assert answer.status_code == 400 and field in answer.json()["errors"], answer.content


def test_a_visualizador_sees_the_list_and_does_not_change_it(world: World, login: Login) -> None:
    entry = watch(login(world.gestor), "ABC1D23")
    client = login(world.viewer)
    assert [one["id"] for one in client.get(URL, {"kind": "stolen"}).json()] == [entry["id"]]
    assert client.get(URL, {"kind": "wanted"}).json() == []
    assert client.delete(f"{URL}/{entry['id']}").status_code == 403
    assert (
        client.post(URL, {"pattern": "ABC1D23", "kind": "stolen", "reason": "x"}, format="json").status_code
        == 403
    )


# --- live -----------------------------------------------------------------------


def token(user: Any) -> str:
    return json.dumps({"token": access_token(user)})


def test_a_page_hears_of_its_citys_hits_within_two_seconds(world: World, login: Login, web: str) -> None:
    watch(login(world.gestor), "ABC1D23")
    watch(login(world.other_gestor), "ABC1D23")

    tokens = [token(world.viewer), token(world.admin)]

    async def listen() -> tuple[dict[str, Any], dict[str, Any], float]:
        async with (
            websockets.connect(f"ws://{web}/api/v1/alerts") as mine,
            websockets.connect(f"ws://{web}/api/v1/alerts") as admins,
        ):
            for page, hello in zip((mine, admins), tokens, strict=True):
                await page.send(hello)
                assert json.loads(await asyncio.wait_for(page.recv(), 10)) == {}, "listening"
            began = time.monotonic()
            read = {1: plate_read(world.other_camera.pk, "ABC1D23")}
            await asyncio.to_thread(store, read, "serra-azul")
            await asyncio.to_thread(store, {1: plate_read(world.camera.pk, "ABC1D23")})
            heard = json.loads(await asyncio.wait_for(mine.recv(), 10))
            took_s = time.monotonic() - began
            return heard, json.loads(await asyncio.wait_for(admins.recv(), 10)), took_s

    heard, admins, took_s = asyncio.run(listen())
    assert (heard["city"], heard["plate"], heard["kind"]) == ("vale-verde", "ABC1D23", "stolen")
    assert heard["camera"]["name"] == "Entrada" and heard["reason"] == "BO 123/2026"
    assert admins["city"] == "serra-azul", "the central hears of every city"
    assert took_s < 2


@pytest.mark.parametrize("hello", ['{"token": "x"}', "not JSON", "{}"])
def test_who_is_nobody_hears_nothing(world: World, web: str, hello: str) -> None:
    async def listen() -> int | None:
        async with websockets.connect(f"ws://{web}/api/v1/alerts") as page:
            await page.send(hello)
            with pytest.raises(websockets.ConnectionClosed):
                await asyncio.wait_for(page.recv(), 10)
            return page.close_code

    assert asyncio.run(listen()) == 4401


@pytest.mark.req("S14.1")
@pytest.mark.parametrize("when", ["before", "while"])
def test_who_may_not_see_plates_hears_none(world: World, login: Login, web: str, when: str) -> None:
    gestor, hello = login(world.gestor), token(world.viewer)
    watch(gestor, "ABC1D23")

    def mask() -> None:
        policy = {"retention_days": 90, "viewers_see_plates": False}
        assert gestor.put("/api/v1/cities/vale-verde/plate-policy", policy, format="json").status_code == 200

    async def listen() -> int | None:
        async with websockets.connect(f"ws://{web}/api/v1/alerts") as page:
            await page.send(hello)
            if when == "while":
                assert json.loads(await asyncio.wait_for(page.recv(), 10)) == {}, "listening"
                await asyncio.to_thread(mask)
                await asyncio.to_thread(store, {1: plate_read(world.camera.pk, "ABC1D23")})
            with pytest.raises(websockets.ConnectionClosed):
                await asyncio.wait_for(page.recv(), 10)
            return page.close_code

    if when == "before":
        mask()
    assert asyncio.run(listen()) == 4401


# --- webhooks -------------------------------------------------------------------


@pytest.fixture
def receiver(settings: SimpleNamespace) -> Iterator[Receiver]:
    settings.GTV_WEBHOOK_PRIVATE = True
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def add_hook(client: Any, url: str) -> dict[str, Any]:
    answer = client.post("/api/v1/webhooks", {"url": url}, format="json")
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def test_a_hit_is_posted_signed_and_once(world: World, login: Login, receiver: Receiver) -> None:
    client = login(world.gestor)
    hook = add_hook(client, receiver.url)
    watch(client, "ABC1D23")
    store({1: plate_read(world.camera.pk, "ABC1D23")})
    assert alerts.deliver_due() == 1 and alerts.deliver_due() == 0
    ((headers, body),) = receiver.received
    assert json.loads(body)["plate"] == "ABC1D23"
    timestamp = int(headers["X-GTV-Signature"].split(",")[0].removeprefix("t="))
    assert headers["X-GTV-Signature"] == webhooks.signature(hook["secret"], timestamp, body)
    (listed,) = client.get("/api/v1/webhooks").json()
    assert "secret" not in listed and login(world.viewer).get("/api/v1/webhooks").json() == []


def test_a_receiver_that_fails_is_tried_again_later(world: World, login: Login, receiver: Receiver) -> None:
    client = login(world.gestor)
    add_hook(client, receiver.url)
    watch(client, "ABC1D23")
    receiver.answers = [500, 302]
    store({1: plate_read(world.camera.pk, "ABC1D23")})
    for error in ("answered 500", "answered 302"):
        assert alerts.deliver_due() == 0
        (delivery,) = WebhookDelivery.objects.all()
        assert delivery.last_error == error and delivery.next_at > datetime.now(UTC)
        WebhookDelivery.objects.update(next_at=datetime.now(UTC))
        assert alerts.deliver_due() == 0, "the receiver is left alone for a while"
        Webhook.objects.update(rests_until=datetime.now(UTC))
    assert alerts.deliver_due() == 1
    assert Webhook.objects.get().failures == 0
    (delivery,) = WebhookDelivery.objects.all()
    assert (delivery.attempts, delivery.next_at) == (3, None) and delivery.delivered_at
    assert len(receiver.received) == 3, "a redirect is not followed"


def test_a_receiver_that_does_not_answer_holds_nobody_else_up(
    world: World, login: Login, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "WAITS", [timedelta(minutes=1)])
    client = login(world.gestor)
    add_hook(client, f"http://127.0.0.1:{free_port()}/")
    add_hook(client, receiver.url)
    watch(client, "ABC1D23")
    store({number: plate_read(world.camera.pk, "ABC1D23") for number in range(1, 6)})
    assert alerts.deliver_due() == len(receiver.received) == 5
    (dead,) = Webhook.objects.exclude(failures=0)
    assert dead.failures == 1, "it was tried with one of five"
    (listed, well) = client.get("/api/v1/webhooks").json()
    assert (listed["failures"], well["failures"]) == (1, 0), "and its owners can see it"


@pytest.mark.req("S13.2")
def test_a_webhook_into_our_own_network_is_refused_and_never_called(
    world: World, login: Login, receiver: Receiver, settings: SimpleNamespace
) -> None:
    client = login(world.gestor)
    add_hook(client, receiver.url)
    settings.GTV_WEBHOOK_PRIVATE = False
    answer = client.post("/api/v1/webhooks", {"url": receiver.url}, format="json")
    assert answer.status_code == 400 and "url" in answer.json()["errors"]
    watch(client, "ABC1D23")
    store({1: plate_read(world.camera.pk, "ABC1D23")})
    assert alerts.deliver_due() == 0 and receiver.received == []


def test_redis_away_costs_no_read(world: World, login: Login, settings: SimpleNamespace) -> None:
    watch(login(world.gestor), "ABC1D23")
    settings.GTV_REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    store({1: plate_read(world.camera.pk, "ABC1D23")})
    assert WatchlistHit.objects.count() == 1
