"""Plates are personal data: masked where the city says so, erased at request, kept under legal hold."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from central_hub.accounts.models import User
from central_hub.audit.models import AuditEntry
from central_hub.cities import services as cities
from central_hub.ingest import services as ingest
from central_hub.lpr import tasks
from central_hub.lpr.models import Export, Plate, PlateRead
from protocol.messages import encode
from protocol.topics import NodeAddress, Stream
from tests.integration.hub.box import Box, batch, plate_read
from tests.integration.hub.conftest import Login, World

API = "/api/v1"
NOW = datetime.now(UTC)


@pytest.fixture
def reads(world: World) -> World:
    texts = ["ABC1D23", "ABC1323", "XYZ9876"]
    days = dict(enumerate(texts, start=1))
    for city, camera in (("vale-verde", world.camera), ("serra-azul", world.other_camera)):
        node = cities.find_node(NodeAddress(city, "caixa-01"))
        assert node is not None
        events = {
            seq: plate_read(camera.pk, plate, captured_at=NOW - timedelta(days=seq))
            for seq, plate in days.items()
        }
        ingest.store_batch(node, Stream.LPR, "topic", encode(batch(events)))
    return world


def policy(client: Any, days: int = 90, viewers: bool = True) -> Any:
    body = {"retention_days": days, "viewers_see_plates": viewers}
    return client.put(f"{API}/cities/vale-verde/plate-policy", body, format="json")


@pytest.mark.req("S14.1")
def test_a_visualizador_sees_masked_plates_where_the_city_says_so(reads: World, login: Login) -> None:
    PlateRead.objects.update(image_stored_at=NOW)
    viewer, gestor = login(reads.viewer), login(reads.gestor)
    assert viewer.get(f"{API}/plate-reads").json()["results"][0]["image_url"]
    assert policy(gestor, viewers=False).status_code == 200
    found = viewer.get(f"{API}/plate-reads", {"plate": "ABC1D23", "purpose": "BO 55/2026"}).json()["results"]
    assert {read["plate"] for read in found} == {"AB•••••"}
    assert {read["image_url"] for read in found} == {None}, "the picture shows the plate"
    paths = [
        "plate-path?plate=ABC1D23&purpose=x",
        "plate-companions?plate=ABC1D23&purpose=x",
        "plate-statistics",
    ]
    for path in [*paths, "watchlist", "watchlist-hits", "plate-reads/csv?purpose=x"]:
        assert viewer.get(f"{API}/{path}").status_code == 403, path
    seen = viewer.get(f"{API}/plate-reads").json()["results"][0]
    look = {"captured_at": seen["captured_at"], "purpose": "ronda"}
    assert viewer.get(f"{API}/plate-reads/{seen['id']}", look).status_code == 403
    order = {"format": "csv", "purpose": "x"}
    assert viewer.post(f"{API}/plate-exports", order, format="json").status_code == 403
    assert gestor.get(f"{API}/plate-reads").json()["results"][0]["plate"] == "ABC1D23"


@pytest.mark.req("S14.1")
@pytest.mark.parametrize("query", ["plate=ABC1*", "plate=AB%3F1D23", "plate=ABC1D23&match=similar"])
def test_wildcards_do_not_tell_what_the_mask_hides(reads: World, login: Login, query: str) -> None:
    viewer = login(reads.viewer)
    assert viewer.get(f"{API}/plate-reads?purpose=x&{query}").status_code == 200
    policy(login(reads.gestor), viewers=False)
    answer = viewer.get(f"{API}/plate-reads?purpose=x&{query}")
    assert answer.status_code == 403 and "placas inteiras" in answer.json()["detail"]
    assert login(reads.gestor).get(f"{API}/plate-reads?purpose=x&{query}").status_code == 200


def test_only_who_governs_the_city_changes_its_policy(reads: World, login: Login) -> None:
    assert policy(login(reads.viewer)).status_code == 403
    assert policy(login(reads.other_gestor)).status_code == 404
    assert policy(login(reads.gestor), days=0).status_code == 400
    changed = policy(login(reads.gestor), days=90).json()
    assert (changed["retention_days"], changed["viewers_see_plates"]) == (90, True)
    assert login(reads.viewer).get(f"{API}/cities/vale-verde/plate-policy").json()["retention_days"] == 90
    assert AuditEntry.objects.get(action="plate-policy-changed").details["retention_days"] == 90


@pytest.mark.req("S14.1")
def test_an_erasure_takes_both_spellings_of_one_city_and_leaves_a_proof(reads: World, login: Login) -> None:
    body = {"plate": "abc-1d23", "reference": "Pedido 7/2026"}
    for number, plate in enumerate(("ABC 1D23", "ABC1323", "XYZ9876")):
        saved = {"name": str(number), "plate": plate}
        assert login(reads.viewer).post(f"{API}/plate-searches", saved, format="json").status_code == 201
    answer = login(reads.gestor).post(f"{API}/plate-erasures", body, format="json")
    assert answer.status_code == 200, answer.content
    assert [saved["name"] for saved in login(reads.viewer).get(f"{API}/plate-searches").json()] == ["2"]
    erasure = answer.json()
    assert (erasure["removed"], erasure["held"]) == (2, 0)
    left = PlateRead.objects.order_by("plate").values_list("city__code", "plate")
    assert sorted(left) == [
        ("serra-azul", "ABC1323"),
        ("serra-azul", "ABC1D23"),
        ("serra-azul", "XYZ9876"),
        ("vale-verde", "XYZ9876"),
    ]
    assert sorted(Plate.objects.filter(city=reads.city).values_list("plate", flat=True)) == ["XYZ9876"]
    proof = AuditEntry.objects.get(action="plate-erased")
    assert proof.target == erasure["digest"] and "ABC1" not in str(proof.details) + proof.target
    assert proof.details == {"reference": "Pedido 7/2026", "removed": 2, "held": 0, "boxes": 1, "exports": 0}


@pytest.mark.req("S14.1")
def test_finished_exports_that_may_hold_the_plate_go_with_it(reads: World, login: Login) -> None:
    def ready(who: User, **filters: str) -> str:
        order = {"format": "csv", "purpose": "x", **filters}
        made = login(who).post(f"{API}/plate-exports", order, format="json").json()
        tasks.run_exports()
        return str(made["id"])

    gone = [ready(reads.gestor), ready(reads.admin), ready(reads.admin, city="vale-verde")]
    kept = [ready(reads.other_gestor), ready(reads.admin, city="serra-azul")]
    body = {"plate": "ABC1D23", "reference": "Pedido 7/2026"}
    assert login(reads.gestor).post(f"{API}/plate-erasures", body, format="json").status_code == 200
    assert AuditEntry.objects.get(action="plate-erased").details["exports"] == len(gone)
    owners = {str(export.pk): export.owner for export in Export.objects.all()}
    assert sorted(owners) == sorted(kept)
    for export_id, owner in owners.items():
        assert login(owner).post(f"{API}/plate-exports/{export_id}/download").status_code == 200
    assert login(reads.gestor).post(f"{API}/plate-exports/{gone[0]}/download").status_code == 404


@pytest.mark.req("S10.1", "S14.1")
def test_the_boxes_keep_and_show_plates_as_the_city_says(reads: World, login: Login, box: Box) -> None:
    assert policy(login(reads.gestor), days=3, viewers=False).status_code == 200
    told = box.wait_for(Stream.DESIRED, lambda state: state.plates.retention_days is not None)
    assert (told.plates.retention_days, told.plates.viewers_see_plates) == (3, False)


@pytest.mark.req("S14.1")
def test_a_legal_hold_withstands_erasure_until_it_is_released(reads: World, login: Login) -> None:
    client = login(reads.gestor)
    hold = {"plate": "ABC1D23", "since": (NOW - timedelta(days=30)).isoformat(), "reference": "Processo 1"}
    placed = client.post(f"{API}/legal-holds", hold, format="json")
    assert placed.status_code == 201, placed.content
    body = {"plate": "ABC1D23", "reference": "Pedido 7/2026"}
    first = client.post(f"{API}/plate-erasures", body, format="json").json()
    assert (first["removed"], first["held"]) == (0, 2), "a hold is the vehicle's, in both spellings"
    assert login(reads.viewer).get(f"{API}/legal-holds").json() == []
    assert login(reads.viewer).delete(f"{API}/legal-holds/{placed.json()['id']}").status_code == 403
    assert client.delete(f"{API}/legal-holds/{placed.json()['id']}").status_code == 204
    assert client.get(f"{API}/legal-holds").json() == []
    assert client.post(f"{API}/plate-erasures", body, format="json").json()["removed"] == 2


@pytest.mark.parametrize("plate", ["", "ABC*", "ABC?D23"])
def test_only_a_whole_plate_is_erased_or_held(reads: World, login: Login, plate: str) -> None:
    body = {"plate": plate, "reference": "x", "since": NOW.isoformat()}
    for path in ("plate-erasures", "legal-holds"):
        assert login(reads.gestor).post(f"{API}/{path}", body, format="json").status_code == 400
    assert PlateRead.objects.count() == 6


@pytest.mark.req("S14.1")
def test_an_export_made_before_the_city_masked_plates_is_not_given_out_after(
    reads: World, login: Login
) -> None:
    viewer = login(reads.viewer)
    export = viewer.post(f"{API}/plate-exports", {"format": "csv", "purpose": "ronda"}, format="json").json()
    tasks.run_exports()
    assert viewer.post(f"{API}/plate-exports/{export['id']}/download").status_code == 200
    policy(login(reads.gestor), viewers=False)
    assert viewer.post(f"{API}/plate-exports/{export['id']}/download").status_code == 403


@pytest.mark.req("S1.3", "S14.1")
@pytest.mark.parametrize("path", ["plate-path", "plate-companions", "plate-statistics"])
def test_every_question_takes_a_purpose_and_is_noted_in_the_askers_city(
    reads: World, login: Login, path: str
) -> None:
    asked = {"plate": "ABC1D23", "purpose": "BO 55/2026"}
    assert login(reads.gestor).get(f"{API}/{path}", asked).status_code == 200
    entry = AuditEntry.objects.get(details__purpose="BO 55/2026")
    assert (entry.actor, entry.city_code) == ("gestora", "vale-verde")


@pytest.mark.req("S1.3")
def test_a_searchs_purpose_is_noted(reads: World, login: Login) -> None:
    login(reads.gestor).get(f"{API}/plate-reads", {"plate": "ABC*", "purpose": "BO 55/2026"})
    assert AuditEntry.objects.get(action="plate-search").details["purpose"] == "BO 55/2026"
