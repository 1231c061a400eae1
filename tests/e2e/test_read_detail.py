"""One read in full at the hub: looked at for a purpose, shared by its address, and left as it was found."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from demo.system import CAMERAS, CITY, DemoSystem
from tests.accessibility import grave_violations
from tests.e2e.plate_camera import push_plate
from tests.e2e.test_main_job import api, every_image_arrived, log_in, wait_until
from tests.e2e.video import position_s

PHONE = {"width": 390, "height": 844}


def looks_at(system: DemoSystem, read_id: str) -> list[str]:
    """The purposes of the looks that the audit trail has of a read."""
    query = {"action": "plate-read-viewed", "target": read_id}
    entries = api(system, "admin").get("/audit", params=query).json()["results"]
    return [entry["details"]["purpose"] for entry in entries]


@pytest.mark.req("S11.1", "S15.1")
def test_a_read_is_looked_at_for_a_purpose_played_shared_and_closed_to_the_same_results(
    system: DemoSystem, page: Page, browser: Browser, screenshots: Path
) -> None:
    push_plate(system, "DET1A23", "cam2")
    push_plate(system, "DET1B23", "cam3")
    wait_until(lambda: every_image_arrived(api(system), ["DET1A23", "DET1B23"]), 60, "both pictures arrived")
    log_in(page, f"{system.hub_url}/?placa=DET*", "gestor", system.password)
    page.get_by_label("Finalidade").fill("BO 77/2026")
    page.get_by_role("button", name="Buscar", exact=True).click()
    rows = page.get_by_test_id("plate-row")
    expect(rows).to_have_count(2)
    results = page.url

    rows.filter(has_text=re.compile("DET.?1A23")).focus()
    page.keyboard.press("Enter")
    detail = page.get_by_role("dialog", name="Placa DET1A23")
    facts = detail.get_by_label("Dados da leitura")
    for told in (CAMERAS["cam2"], "Aproximando", "97 %", "Hikvision", "Sem desvio conhecido", "SHA-256"):
        expect(facts).to_contain_text(told)
    expect(detail.get_by_role("img", name="Veículo de placa DET1A23")).to_be_visible()
    read_id = re.search(r"read=(\d+)", page.url)
    assert read_id is not None, "a colleague cannot open what is open here"
    assert looks_at(system, read_id[1]) == ["BO 77/2026"]
    assert grave_violations(page) == []
    page.screenshot(path=screenshots / "hub-read.png")
    address = page.url

    detail.get_by_role("button", name="Ver a gravação").focus()
    page.keyboard.press("Enter")
    video = page.get_by_test_id("player-video")
    wait_until(lambda: position_s(video) > 0, 20, "the recorded moment plays")
    page.keyboard.press("Escape")
    expect(facts).to_be_visible()
    page.go_back()
    page.go_back()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).to_have_url(results)
    expect(rows).to_have_count(2)
    assert looks_at(system, read_id[1]) == ["BO 77/2026"], "back and forth is one look"

    with browser.new_context(locale="pt-BR", viewport=PHONE) as context:
        other = context.new_page()
        log_in(other, system.hub_url, "visualizador", system.password)
        expect(other.get_by_role("link", name="Placas")).to_be_visible()
        other.goto(address)
        other.get_by_role("dialog").get_by_label("Finalidade").fill("Ronda da noite")
        other.get_by_role("button", name="Ver a leitura").click()
        expect(other.get_by_label("Dados da leitura")).to_contain_text(CAMERAS["cam2"])
        assert looks_at(system, read_id[1]) == ["Ronda da noite", "BO 77/2026"]
        assert grave_violations(other) == [], "on a phone"
        other.screenshot(path=screenshots / "hub-read-phone.png")
        assert other.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], "wider than a phone"

    page.goto(address)
    page.get_by_role("link", name="Placas que andam junto").click()
    expect(page.get_by_role("heading", name="Veículo DET1A23")).to_be_visible()
    expect(page.get_by_text("Nenhum outro veículo foi visto junto assim.")).to_be_in_viewport()


@pytest.mark.req("S11.1", "S15.1")
def test_who_may_not_see_plates_is_told_so_and_still_sees_when_and_where(
    system: DemoSystem, page: Page, screenshots: Path
) -> None:
    push_plate(system, "MSK1A23", "cam1")
    hub = api(system)
    policy = hub.get(f"/cities/{CITY}/plate-policy").json()
    masking = {**policy, "viewers_see_plates": False}
    hub.put(f"/cities/{CITY}/plate-policy", json=masking).raise_for_status()
    try:
        log_in(page, system.hub_url, "visualizador", system.password)
        page.get_by_test_id("plate-row").filter(has_text=CAMERAS["cam1"]).first.click()
        detail = page.get_by_role("dialog")
        expect(detail).to_contain_text("não permite que visualizadores vejam placas inteiras")
        expect(detail).to_contain_text(CAMERAS["cam1"])
        expect(detail.get_by_role("link", name="Trajeto do veículo")).to_have_count(0)
        expect(detail.get_by_role("img")).to_have_count(0)
        assert grave_violations(page) == []
        page.screenshot(path=screenshots / "hub-read-masked.png")
        page.reload()
        expect(detail).to_contain_text(CAMERAS["cam1"])
        detail.get_by_role("button", name="Ver a gravação").click()
        video = page.get_by_test_id("player-video")
        wait_until(lambda: position_s(video) > 0, 20, "the recorded moment plays")
        expect(page.get_by_role("link", name="Trajeto deste veículo")).to_have_count(0)
    finally:
        hub.put(f"/cities/{CITY}/plate-policy", json=policy).raise_for_status()
