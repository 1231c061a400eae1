"""What officers do with plates at the hub, on the running system: alarm, search, path, export.

Real cameras' pushes, real broker, real PostgreSQL, real object store, real Chromium.
"""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from demo.system import CAMERAS, DemoSystem
from tests.e2e.plate_camera import push_plate
from tests.e2e.test_main_job import api, every_image_arrived, log_in, wait_until

#: The promise is 2 s from the camera's push to the page; a shared machine gets some more.
ALERT_WITHIN_S = 6.0


@pytest.fixture
def hub(system: DemoSystem) -> Iterator[httpx.Client]:
    client = api(system)
    yield client
    client.close()


def reads_of(hub: httpx.Client, plate: str) -> int:
    return len(hub.get("/plate-reads", params={"plate": plate, "purpose": "teste"}).json()["results"])


@pytest.mark.req("S11.1", "S15.1")
def test_a_listed_plate_alarms_on_whatever_page_is_open_until_it_is_seen(
    system: DemoSystem, page: Page, hub: httpx.Client, screenshots: Path
) -> None:
    log_in(page, system.hub_url, "gestor", system.password)
    page.get_by_role("link", name="Monitoradas").click()
    page.get_by_role("button", name="Monitorar placa").click()
    page.get_by_label("Placa", exact=True).fill("ALR1T23")
    page.get_by_label("Motivo").fill("BO 4521/2026")
    page.get_by_role("button", name="Monitorar", exact=True).click()
    expect(page.get_by_test_id("watchlist-entry")).to_contain_text("BO 4521/2026")
    page.get_by_role("link", name="Alertas").click()
    expect(page.get_by_text("Ao vivo", exact=True)).to_be_visible()
    page.get_by_role("link", name="Câmeras").click()

    push_plate(system, "ALR1T23", "cam3")
    alert = page.get_by_test_id("alert")
    expect(alert).to_be_visible(timeout=ALERT_WITHIN_S * 1000)
    for told in ("Roubado ou furtado", "BO 4521/2026", CAMERAS["cam3"], "São Bento do Vale"):
        expect(alert).to_contain_text(told)
    expect(alert).to_contain_text(re.compile("ALR.?1T23"))
    expect(alert.get_by_role("img")).to_be_visible(timeout=30_000)
    page.screenshot(path=screenshots / "hub-alert.png")

    page.reload()
    expect(alert).to_be_visible(timeout=10_000)
    alert.get_by_role("button", name="Marcar como visto").click()
    expect(alert).to_have_count(0)
    page.get_by_role("link", name="Alertas").click()
    row = page.get_by_test_id("hit-row").first
    expect(row).to_contain_text("BO 4521/2026")
    row.get_by_role("link", name="Ver leitura da placa").click()
    page.get_by_role("dialog").get_by_label("Finalidade").fill("BO 4521/2026")
    page.get_by_role("button", name="Ver a leitura").click()
    expect(page.get_by_label("Dados da leitura")).to_contain_text(CAMERAS["cam3"])
    page.keyboard.press("Escape")
    expect(row).to_be_visible()

    (entry,) = hub.get("/watchlist").json()
    hub.delete(f"/watchlist/{entry['id']}").raise_for_status()


@pytest.mark.req("S11.1", "S15.1")
def test_a_search_leads_to_the_read_and_on_to_where_the_vehicle_went(
    system: DemoSystem, page: Page, hub: httpx.Client, screenshots: Path
) -> None:
    stops = ["cam1", "cam3", "cam2"]
    for path in stops:
        push_plate(system, "TRJ1A23", path)
        push_plate(system, "TRJ9Z87", path)
    wait_until(lambda: reads_of(hub, "TRJ1A23") == len(stops), 20, "the reads are in the hub")

    log_in(page, system.hub_url, "gestor", system.password)
    page.get_by_label("Placa", exact=True).fill("trj?a*")
    page.get_by_label("Finalidade").fill("BO 123/2026")
    page.get_by_role("button", name="Buscar", exact=True).click()
    rows = page.get_by_test_id("plate-row")
    expect(rows).to_have_count(len(stops))
    rows.first.click()
    page.get_by_role("link", name="Trajeto do veículo").click()

    expect(page.get_by_test_id("path-map").get_by_test_id("path-stop")).to_have_count(len(stops))
    read = page.get_by_test_id("path-read")
    expect(read).to_have_count(len(stops))
    for number, path in enumerate(stops):
        expect(read.nth(number)).to_contain_text(CAMERAS[path])

    page.get_by_role("button", name="Buscar veículos").click()
    together = page.get_by_role("table", name="Vistos juntos")
    expect(together.get_by_role("link", name=re.compile("TRJ.?9Z87"))).to_be_visible(timeout=10_000)
    page.screenshot(path=screenshots / "hub-vehicle.png", full_page=True)

    read.first.click()
    expect(page.get_by_role("dialog")).to_contain_text(CAMERAS["cam1"])


@pytest.mark.req("S11.2", "S15.1")
def test_an_export_holds_exactly_the_reads_of_the_search(
    system: DemoSystem, page: Page, hub: httpx.Client, tmp_path: Path, screenshots: Path
) -> None:
    plates = [f"EXP{n}A{n}{n}" for n in range(5)]
    for plate in plates:
        push_plate(system, plate)
    wait_until(lambda: reads_of(hub, "EXP*") == len(plates), 20, "the reads are in the hub")
    wait_until(lambda: every_image_arrived(hub, plates), 60, "every image is in the object store")

    log_in(page, f"{system.hub_url}/?placa=EXP*&ordem=antigas", "gestor", system.password)
    page.get_by_label("Finalidade").fill("Ofício 12/2026")
    page.get_by_role("button", name="Buscar", exact=True).click()
    expect(page.get_by_test_id("plate-row")).to_have_count(len(plates))
    page.get_by_role("button", name="Exportar").click()
    why = page.get_by_role("dialog").get_by_label("Finalidade")
    expect(why).to_have_value("Ofício 12/2026")
    page.get_by_role("button", name="Gerar arquivo").click()
    row = page.get_by_test_id("file-row").filter(has_text="Ofício 12/2026")
    expect(row).to_contain_text("Pronta", timeout=30_000)
    page.screenshot(path=screenshots / "hub-exports.png")
    with page.expect_download() as download:
        row.get_by_role("button", name="Baixar").click()
    file = tmp_path / "placas.csv"
    download.value.save_as(file)

    found = hub.get("/plate-reads", params={"plate": "EXP*", "order": "oldest", "purpose": "teste"}).json()[
        "results"
    ]
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig")), delimiter=";"))
    assert [(line["placa"], line["leitura"]) for line in rows] == [
        (read["plate"], str(read["id"])) for read in found
    ]
    assert [line["placa"] for line in rows] == plates
