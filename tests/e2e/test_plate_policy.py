"""A gestor decides how long plate reads are kept, and is told what a shorter time deletes before it does."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from demo.system import CITY, DemoSystem
from tests.accessibility import grave_violations
from tests.e2e.plate_camera import push_plate
from tests.e2e.test_main_job import api, log_in, wait_until

PHONE = {"width": 390, "height": 844}
POLICY = f"/cities/{CITY}/plate-policy"


@pytest.mark.req("S14.1", "S15.1")
def test_a_shorter_retention_is_told_before_it_is_applied(
    system: DemoSystem, page: Page, screenshots: Path
) -> None:
    hub = api(system)
    before = hub.get(POLICY).json()
    push_plate(system, "PLC1A23")
    query = {"plate": "PLC1A23", "purpose": "teste"}
    wait_until(lambda: bool(hub.get("/plate-reads", params=query).json()["results"]), 20, "a read is there")
    try:
        log_in(page, system.hub_url, "gestor", system.password)
        page.get_by_role("link", name="Guarda de placas").click()
        days = page.get_by_label("Dias")
        expect(days).to_have_value(str(before["retention_days"]))
        save = page.get_by_role("button", name="Salvar")
        days.fill("30")
        expect(page.get_by_role("alert").first).to_contain_text("Serão apagadas, com suas imagens")
        expect(page.get_by_text("por enquanto nada é apagado")).to_be_visible()
        expect(save).to_be_disabled()
        page.get_by_label("Entendo que essas leituras serão apagadas").check()
        days.fill("7")
        expect(save).to_be_disabled()
        assert hub.get(POLICY).json()["retention_days"] == before["retention_days"]
        assert grave_violations(page) == []
        page.screenshot(path=screenshots / "hub-plate-policy.png")
        page.set_viewport_size(PHONE)
        assert grave_violations(page) == [], "on a phone"
        page.screenshot(path=screenshots / "hub-plate-policy-phone.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], "wider than a phone"

        page.get_by_label("Entendo que essas leituras serão apagadas").check()
        page.get_by_label("Veem placas mascaradas").check()
        save.click()
        expect(page.get_by_role("status").filter(has_text="Salvo")).to_be_visible()
        now = hub.get(POLICY).json()
        assert (now["retention_days"], now["viewers_see_plates"]) == (7, False)

        longer = {**before, "retention_days": 365}
        hub.put(POLICY, json=longer).raise_for_status()
        page.get_by_label("Veem placas inteiras").check()
        save.click()
        expect(page.get_by_role("alert").filter(has_text="alterado")).to_be_visible()
        assert hub.get(POLICY).json()["retention_days"] == 365, "nobody's change is made on top of one unseen"
    finally:
        hub.put(POLICY, json=before).raise_for_status()
