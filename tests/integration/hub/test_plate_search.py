"""Plate search: what a pattern finds, in which order, page by page; and that every search is noted."""

import string
from datetime import UTC, datetime, timedelta
from typing import Any

import hypothesis
import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from central_hub.audit.models import AuditEntry
from central_hub.cities import services as cities
from central_hub.ingest import services as ingest
from central_hub.lpr import search
from central_hub.lpr.matching import tokens_of
from central_hub.lpr.models import PlateRead
from protocol.messages import encode
from protocol.topics import NodeAddress, Stream
from tests.integration.hub.box import batch, plate_read
from tests.integration.hub.conftest import Login, World

URL = "/api/v1/plate-reads"
WHY = {"purpose": "BO 55/2026"}
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def reads(world: World) -> World:
    """Six reads a minute apart, oldest first; two have the same instant."""
    plates = ["ABC1D23", "ABC1X99", "XYZ9876", "abc-1d23", "BRA2E19", "QQQ0Q00"]
    minutes = [0, 1, 2, 3, 4, 4]
    store(
        world,
        {
            seq: plate_read(world.camera.pk, plate, captured_at=NOON + timedelta(minutes=minute), lane=seq)
            for seq, (plate, minute) in enumerate(zip(plates, minutes, strict=True), start=1)
        },
    )
    return world


def store(world: World, events: dict[int, Any]) -> None:
    node = cities.find_node(NodeAddress("vale-verde", "caixa-01"))
    assert node is not None
    ingest.store_batch(node, Stream.LPR, "topic", encode(batch(events)))


def plates(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [read["plate"] for read in answer.json()["results"]]


@pytest.mark.req("S11.1")
@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("ABC1D23", ["ABC1D23", "ABC1D23"]),
        ("abc 1d-23", ["ABC1D23", "ABC1D23"]),
        ("ABC1?23", ["ABC1D23", "ABC1D23"]),
        ("ABC1*", ["ABC1D23", "ABC1X99", "ABC1D23"]),
        ("*9*", ["BRA2E19", "XYZ9876", "ABC1X99"]),
        ("???????", ["QQQ0Q00", "BRA2E19", "ABC1D23", "XYZ9876", "ABC1X99", "ABC1D23"]),
        ("ABC?", []),
        ("", ["QQQ0Q00", "BRA2E19", "ABC1D23", "XYZ9876", "ABC1X99", "ABC1D23"]),
    ],
)
def test_patterns_find_plates_newest_first(
    reads: World, login: Login, pattern: str, found: list[str]
) -> None:
    assert plates(login(reads.gestor).get(URL, {"plate": pattern, **WHY})) == found


@pytest.mark.req("S11.1")
@pytest.mark.parametrize("few", [0, 1, 2000])
@pytest.mark.parametrize(
    ("pattern", "match", "found"),
    [
        ("ABC1323", "exact", ["ABC1D23"]),  # the old spelling of the same plate
        ("A8CID2E", "similar", []),
        ("A8CIO23", "similar", ["A8C1D23", "ABC1D23"]),
        ("*D23", "exact", ["A8C1D23", "ABC1D23"]),
        ("*C1?2*", "exact", ["A8C1D23", "ABC1D23"]),
        ("?BC*", "exact", ["ABC1D23"]),
        ("?BC*", "similar", ["A8C1D23", "ABC1D23"]),
        ("??Z9*6", "exact", ["XYZ9876"]),
        ("??29*G", "similar", ["XYZ9876"]),
        ("AB*", "similar", ["A8C1D23", "ABC1D23"]),
        ("*1*2*", "similar", ["A8C1D23", "ABC1D23"]),
        ("*7*", "exact", ["XYZ9876"]),
        ("ZZZ*", "exact", []),
    ],
)
def test_each_kind_of_pattern_finds_the_same_by_every_way(
    world: World,
    login: Login,
    monkeypatch: pytest.MonkeyPatch,
    few: int,
    pattern: str,
    match: str,
    found: list[str],
) -> None:
    """By the dictionary (few plates), or by going through the reads (more than `few`)."""
    monkeypatch.setattr(search, "FEW", few)
    texts = ["ABC1D23", "XYZ9876", "BRA2E19", "A8C1D23"]
    store(
        world,
        {
            seq: plate_read(world.camera.pk, plate, captured_at=NOON + timedelta(minutes=seq))
            for seq, plate in enumerate(texts, start=1)
        },
    )
    assert plates(login(world.gestor).get(URL, {"plate": pattern, "match": match, **WHY})) == found
    assert plates(login(world.admin).get(URL, {"plate": pattern, "match": match, **WHY})) == found
    assert plates(login(world.other_gestor).get(URL, {"plate": pattern, "match": match, **WHY})) == []


@given(plate=st.text(string.ascii_uppercase + string.digits, min_size=1, max_size=16))
@hypothesis.settings(max_examples=50, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture])
def test_the_database_makes_the_tokens_that_searches_reckon_with(db: None, plate: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT plate_tokens(%s)", [plate])
        (made,) = cursor.fetchone()
    assert set(made) == tokens_of(plate)


@pytest.mark.req("S11.1")
def test_what_the_camera_said_of_the_vehicle_narrows_the_search(world: World, login: Login) -> None:
    details = {
        "direction": "forward", "vehicle_type": "car", "vehicle_color": "white", "vehicle_make": "fiat",
        "vehicle_model": "uno", "vendor": "axis", "confidence": 0.9,
    }  # fmt: skip
    store(
        world,
        {
            1: plate_read(world.camera.pk, "CAR1A00", **details),
            2: plate_read(world.camera.pk, "OTH1A00", confidence=0.5),
        },
    )
    client = login(world.gestor)
    for name, value in details.items():
        asked = {"min_confidence": 0.8} if name == "confidence" else {name: value}
        if name not in ("confidence", "vendor"):
            assert plates(client.get(URL, {name: str(value).upper()})) == ["CAR1A00"], "however it is spelt"
        assert plates(client.get(URL, asked)) == ["CAR1A00"], name
    assert client.get(URL, {"min_confidence": 2}).status_code == 400
    assert client.get(URL, {"order": "best"}).status_code == 400


def test_reads_of_one_passage_say_that_they_are(world: World, login: Login) -> None:
    first = plate_read(world.camera.pk, "PAS1A00")
    again = plate_read(world.camera.pk, "PAS1A00", group=first.id, group_size=2)
    store(world, {1: first, 2: again, 3: plate_read(world.camera.pk, "OTH1A00")})
    found = login(world.gestor).get(URL).json()["results"]
    assert {read["passage"] for read in found if read["plate"] == "PAS1A00"} == {first.id}
    assert len({read["passage"] for read in found}) == 2


@pytest.mark.req("S11.1")
@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_pages_of_a_pattern_go_on_through_the_months(world: World, login: Login, limit: int) -> None:
    now = datetime.now(UTC)
    ages = {
        f"ABC{seq}D00": timedelta(days=days) for seq, days in enumerate((-40, 0, 35, 70, 150, 400), start=1)
    }
    store(
        world,
        {
            seq: plate_read(world.camera.pk, plate, captured_at=now - age)
            for seq, (plate, age) in enumerate(ages.items(), start=1)
        },
    )
    client, found, cursor = login(world.gestor), [], {}
    while True:
        page = client.get(URL, {"plate": "ABC?D00", "limit": limit, **cursor, **WHY})
        found += plates(page)
        if not page.json()["next"]:
            break
        cursor = {"cursor": page.json()["next"]}
    assert found == list(ages)


@pytest.mark.req("S11.1")
def test_oldest_first_has_pages_too(reads: World, login: Login) -> None:
    client = login(reads.gestor)
    found, cursor = [], {}
    while True:
        page = client.get(URL, {"order": "oldest", "limit": 2, **cursor})
        found += plates(page)
        if not page.json()["next"]:
            break
        cursor = {"cursor": page.json()["next"]}
    assert found == ["ABC1D23", "ABC1X99", "XYZ9876", "ABC1D23", "BRA2E19", "QQQ0Q00"]


def test_a_search_that_would_take_too_long_says_how_to_narrow_it(
    reads: World, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "found_by", lambda *_: PlateRead.objects.extra(where=["pg_sleep(5) IS NULL"]))
    monkeypatch.setattr(search, "SEARCH_WITHIN_S", 0.05)
    answer = login(reads.gestor).get(URL)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:gtv:problem:search-too-wide")


@pytest.mark.parametrize("pattern", ["ABC%", "ABC_D23", "'; --", "AB#C"])
def test_other_characters_are_refused_in_words(reads: World, login: Login, pattern: str) -> None:
    answer = login(reads.gestor).get(URL, {"plate": pattern, **WHY})
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:gtv:problem:invalid-input"
    assert "plate" in answer.json()["errors"]


@pytest.mark.req("S11.1")
def test_pages_follow_one_another_without_repeats_while_new_reads_come(reads: World, login: Login) -> None:
    client = login(reads.gestor)
    first = client.get(URL, {"limit": 1})
    store(reads, {7: plate_read(reads.camera.pk, "NEW0A00", captured_at=NOON + timedelta(hours=1))})
    found, following = plates(first), first.json()["next"]
    while following:
        page = client.get(URL, {"limit": 2, "cursor": following})
        found += plates(page)
        following = page.json()["next"]
    assert found == ["QQQ0Q00", "BRA2E19", "ABC1D23", "XYZ9876", "ABC1X99", "ABC1D23"]


def test_an_invented_cursor_is_refused(reads: World, login: Login) -> None:
    for cursor in ("x", "bm90IGpzb24", "WzEsMl0"):
        assert login(reads.gestor).get(URL, {"cursor": cursor}).status_code == 400


@pytest.mark.req("S11.1")
def test_period_camera_and_city_narrow_the_search(reads: World, login: Login) -> None:
    client = login(reads.admin)
    since, until = (NOON + timedelta(minutes=minute) for minute in (1, 4))
    between = client.get(URL, {"since": since.isoformat(), "until": until.isoformat()})
    assert plates(between) == ["ABC1D23", "XYZ9876", "ABC1X99"]
    assert len(plates(client.get(URL, {"camera": str(reads.camera.pk)}))) == 6
    assert plates(client.get(URL, {"camera": str(reads.other_camera.pk)})) == []
    assert plates(client.get(URL, {"city": "serra-azul"})) == []
    assert client.get(URL, {"since": "yesterday"}).status_code == 400


def test_a_read_is_shown_whole(reads: World, login: Login) -> None:
    (read,) = login(reads.gestor).get(URL, {"plate": "XYZ9876", **WHY}).json()["results"]
    assert read["camera"] == {"id": str(reads.camera.pk), "name": "Entrada"}
    assert read["city"] == {"code": "vale-verde", "name": "Vale Verde"}
    assert (read["captured_at"], read["lane"], read["confidence"]) == ("2026-11-20T12:02:00Z", 3, 0.93)
    assert read["image_url"] is None


@pytest.mark.req("S1.3")
def test_every_search_is_noted_with_its_filters_and_result_count(reads: World, login: Login) -> None:
    login(reads.viewer).get(URL, {"plate": "abc1*", "city": "vale-verde", **WHY})
    entry = AuditEntry.objects.get(action="plate-search")
    assert (entry.actor, entry.target, entry.city_code) == ("vigilante", "abc1*", "vale-verde")
    assert entry.details == {
        "filters": {"plate": "abc1*", "city": "vale-verde"},
        "results": 3,
        "continued": False,
        "purpose": "BO 55/2026",
    }


@pytest.mark.req("S1.3", "S14.1")
@pytest.mark.parametrize(
    "path", ["plate-reads", "plate-path", "plate-statistics", "plate-companions", "plate-reads/csv"]
)
def test_nobody_writes_into_another_citys_part_of_the_trail(reads: World, login: Login, path: str) -> None:
    """Who asked for a plate is told to its owner, by that part."""
    answer = login(reads.other_gestor).get(
        f"/api/v1/{path}", {"plate": "ABC1D23", "city": "vale-verde", **WHY}
    )
    assert answer.status_code == 200
    cities_named = set(AuditEntry.objects.filter(actor="outra-gestora").values_list("city_code", flat=True))
    assert cities_named == {"serra-azul"}


@pytest.mark.req("S11.1")
def test_a_vehicle_is_found_by_the_word_of_any_vendor(world: World, login: Login) -> None:
    store(
        world,
        {
            1: plate_read(world.camera.pk, "HIK1A00", vehicle_color="white", direction="forward"),
            2: plate_read(world.camera.pk, "PUM1A00", vehicle_color="Branco", direction="Approach"),
            3: plate_read(world.camera.pk, "OTH1A00", vehicle_color="beige2", direction="reverse"),
        },
    )
    client = login(world.gestor)
    for asked in ({"vehicle_color": "BRANCA"}, {"direction": "approaching"}):
        assert sorted(plates(client.get(URL, asked))) == ["HIK1A00", "PUM1A00"]
    assert plates(client.get(URL, {"vehicle_color": "Beige2"})) == ["OTH1A00"], "a word that nobody knows"


def test_what_a_camera_says_of_the_time_is_shown_also_where_nobody_understands_it(
    world: World, login: Login
) -> None:
    store(world, {1: plate_read(world.camera.pk, camera_clock="ontem", clock_off=True)})
    (read,) = login(world.gestor).get(URL).json()["results"]
    assert (read["camera_clock"], read["camera_at"]) == ("ontem", None)


@pytest.mark.req("S14.1")
@pytest.mark.parametrize("path", ["plate-reads", "plate-path", "plate-companions", "plate-statistics"])
def test_who_asks_for_a_plate_says_why(reads: World, login: Login, path: str) -> None:
    client = login(reads.gestor)
    for why in ({}, {"purpose": " "}):
        answer = client.get(f"/api/v1/{path}", {"plate": "ABC1D23", **why})
        assert answer.status_code == 400 and "finalidade" in answer.json()["errors"]["purpose"][0]
    assert client.get(f"/api/v1/{path}", {"plate": "ABC1D23", **WHY}).status_code == 200
    assert client.get(URL).status_code == 200, "a street may be watched without"
    watched = AuditEntry.objects.get(action="plate-search", target="")
    assert watched.details["purpose"] == "acompanhamento das passagens"


def test_a_list_that_refreshes_itself_is_one_look_in_the_audit_trail(reads: World, login: Login) -> None:
    client = login(reads.gestor)
    for _ in range(3):
        client.get(URL, {"plate": "ABC*", **WHY})
    client.get(URL, {"plate": "BRA*", **WHY})
    searches = AuditEntry.objects.filter(action="plate-search").values_list("target", flat=True)
    assert sorted(searches) == ["ABC*", "BRA*"]


def test_search_reads_one_page_with_a_fixed_number_of_queries(
    reads: World, login: Login, django_assert_max_num_queries: Any
) -> None:
    client = login(reads.gestor)
    # User, their session, what they have accepted, page in its bounded transaction, and the audit entry with
    # its city and its lock.
    with django_assert_max_num_queries(13):
        client.get(URL)
