"""A gestor sets up a plate camera at the hub, types into it what the page says, and sees its reads come."""

from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Page, expect

from demo.system import CAMERAS, INTELBRAS, DemoSystem
from tests.accessibility import grave_violations
from tests.e2e.test_main_job import api, log_in, wait_until

PHONE = {"width": 390, "height": 844}
NAME = "Portão da garagem"


@pytest.mark.req("S6.2", "S10.1", "S15.1")
def test_a_plate_camera_is_set_up_pushes_by_digest_and_is_seen_to_do_so(
    system: DemoSystem, page: Page, screenshots: Path
) -> None:
    hub = api(system)
    rtsp = "rtsp://127.0.0.1:9/nothing"
    camera = hub.post("/cameras", json={"name": NAME, "rtsp_url": rtsp, "node": "caixa-01"}).json()
    try:
        log_in(page, system.hub_url, "gestor", system.password)
        page.get_by_role("link", name="Câmeras").click()
        page.get_by_role("link", name=f"Leitura de placas de {NAME}").click()
        expect(page.get_by_role("heading", name=f"Placas de {NAME}")).to_be_visible()

        page.get_by_label("Fabricante").select_option(label="Intelbras")
        page.get_by_label("Usuário", exact=True).fill("portaria")
        save = page.get_by_role("button", name="Salvar")
        save.click()
        expect(page.get_by_text("Informe também a senha deste usuário.").first).to_be_visible()
        page.get_by_label("Senha", exact=True).fill("s3nha-da-camera")
        page.get_by_label("Endereços de onde ela pode enviar").fill("10.1.2.3/99")
        save.click()
        expect(page.get_by_text("não é um endereço IP nem uma rede").first).to_be_visible()
        page.get_by_label("Endereços de onde ela pode enviar").fill("127.0.0.0/8")
        save.click()
        expect(page.get_by_role("status").filter(has_text="Salvo.")).to_be_visible()
        menu = page.get_by_role("region", name="Na câmera")
        expect(menu).to_contain_text("/NotificationInfo/TollgateInfo")
        expect(menu).to_contain_text("portaria")
        page.get_by_role("button", name="Gerar token").click()
        expect(page.get_by_test_id("plate-token")).to_contain_text("Anote agora")
        page.get_by_label("Endereços de onde ela pode enviar").fill("127.0.0.1")
        save.click()

        def allowed() -> list[str]:
            source = hub.get(f"/cameras/{camera['id']}/lpr-source").json()
            return list(source["allowed_sources"])

        wait_until(lambda: allowed() == ["127.0.0.1"], 20, "one's own token is no reason to refuse the edit")

        box = urlsplit(system.lpr_url).netloc
        push = f"http://{box}/NotificationInfo/TollgateInfo"
        document = {"Picture": {"Plate": {"IsExist": True, "PlateNumber": "DIG1E57", "Confidence": 93}}}
        digest = httpx.DigestAuth("portaria", "s3nha-da-camera")

        def accepted() -> bool:
            return httpx.post(push, json=document, auth=digest).status_code == httpx.codes.OK

        wait_until(accepted, 30, "the box knows the camera")
        assert httpx.post(push, json={"Picture": 1}, auth=digest).status_code == httpx.codes.BAD_REQUEST
        feed = page.get_by_role("region", name="Como está chegando")
        expect(feed).to_contain_text("há ", timeout=40_000)
        expect(feed).to_contain_text("no Picture", timeout=40_000)
        found = hub.get("/plate-reads", params={"plate": "DIG1E57", "purpose": "teste"}).json()["results"]
        assert [read["camera"]["name"] for read in found] == [NAME]

        assert grave_violations(page) == []
        page.screenshot(path=screenshots / "hub-plate-source.png", full_page=True)
        page.set_viewport_size(PHONE)
        assert grave_violations(page) == [], "on a phone"
        page.screenshot(path=screenshots / "hub-plate-source-phone.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], "wider than a phone"
    finally:
        hub.delete(f"/cameras/{camera['id']}").raise_for_status()


@pytest.mark.req("S1.2")
def test_who_does_not_govern_the_city_is_shown_no_settings(system: DemoSystem, page: Page) -> None:
    camera = api(system).get("/cameras").json()[0]
    log_in(page, system.hub_url, "visualizador", system.password)
    page.get_by_role("link", name="Câmeras").click()
    expect(page.get_by_role("cell", name=CAMERAS["cam1"], exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="configurar")).to_have_count(0)
    page.goto(f"{system.hub_url}/cameras/{camera['id']}/placas")
    expect(page.get_by_role("heading", name="Placas", exact=True)).to_be_visible()
    expect(page.get_by_label("Fabricante")).to_have_count(0)


@pytest.mark.req("S10.1", "E2")
def test_a_camera_that_pushes_by_digest_as_intelbras_does_is_read_like_the_others(system: DemoSystem) -> None:
    hub = api(system)
    cameras = {camera["name"]: camera["id"] for camera in hub.get("/cameras").json()}
    query = {"camera": cameras[CAMERAS[INTELBRAS]], "vendor": "dahua"}

    def newest() -> list[dict[str, object]]:
        return list(hub.get("/plate-reads", params=query).json()["results"])

    wait_until(lambda: any(read["image_url"] for read in newest()), 90, "a read of it, with its picture")
    assert {read["direction"] for read in newest()} <= {"Obverse", "Reverse"}
