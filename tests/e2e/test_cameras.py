"""Who governs a prefeitura adds cameras, by a form and by a spreadsheet, changes them and retires them."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from demo.system import CAMERAS, DemoSystem
from tests.accessibility import grave_violations
from tests.e2e.test_main_job import api, log_in

PATH = next(iter(CAMERAS))
HEADER = "nome;rtsp;placas;latitude;longitude"


@pytest.mark.req("S3.1")
def test_a_camera_is_added_records_is_renamed_and_is_retired(
    system: DemoSystem, page: Page, screenshots: Path
) -> None:
    log_in(page, system.hub_url, "gestor", system.password)
    page.get_by_role("link", name="Câmeras", exact=True).click()
    page.get_by_role("button", name="Cadastrar câmera").click()
    dialog = page.get_by_role("dialog", name="Cadastrar câmera")
    dialog.get_by_label("Nome").fill("Rua Nova")
    dialog.get_by_label("Endereço RTSP").fill(system.rtsp_url(f"{PATH}/sub"))
    dialog.get_by_label("Caixa que grava").select_option("caixa-01")
    dialog.get_by_label("Latitude").fill("-22,6871")
    page.screenshot(path=screenshots / "hub-new-camera.png")
    assert grave_violations(page) == []
    dialog.get_by_role("button", name="Cadastrar", exact=True).click()
    expect(dialog.get_by_text("Informe latitude e longitude, ou nenhuma.")).to_be_visible()
    dialog.get_by_label("Longitude").fill("-45,7322")
    dialog.get_by_role("button", name="Cadastrar", exact=True).click()
    row = page.get_by_role("table", name="Câmeras").get_by_role("row").filter(has_text="Rua Nova")
    expect(row).to_contain_text("H.264 320×180", timeout=60_000)

    row.get_by_role("button", name="Cuidar de Rua Nova").click()
    dialog = page.get_by_role("dialog", name="Rua Nova")
    expect(dialog.get_by_label("Latitude")).to_have_value("-22,6871")
    expect(dialog.get_by_label("Novo endereço RTSP")).to_have_value("")
    dialog.get_by_label("Nome").fill("Rua Velha")
    page.screenshot(path=screenshots / "hub-camera.png")
    dialog.get_by_role("button", name="Salvar").click()
    renamed = page.get_by_role("dialog", name="Rua Velha")
    expect(renamed.get_by_role("status")).to_contain_text("Salvo")
    page.on("dialog", lambda question: question.accept())
    renamed.get_by_role("button", name="Retirar de uso").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    names = {camera["name"] for camera in api(system, "gestor").get("/cameras").json()}
    assert names.isdisjoint({"Rua Nova", "Rua Velha"}) and len(names) >= 4


@pytest.mark.req("S3.1")
def test_a_spreadsheet_is_tried_before_anything_is_added_and_its_good_lines_are_added(
    system: DemoSystem, page: Page, screenshots: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "câmeras.csv"
    known = system.rtsp_url(PATH)
    lines = [
        HEADER,
        "Praça São João;rtsp://10.0.0.31/1;sim;-22,6871;-45,7322",
        f"Outra;{known};não;;",
        ";http://x;;;",
    ]
    sheet.write_bytes("\r\n".join(lines).encode("cp1252"))  # as Excel in Brazil writes it
    log_in(page, system.hub_url, "gestor", system.password)
    page.get_by_role("link", name="Câmeras", exact=True).click()
    page.get_by_role("link", name="Importar planilha").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Baixar o modelo").click()
    assert download.value.path().read_bytes().startswith("\ufeffnome;rtsp".encode())

    page.get_by_label("Arquivo CSV").set_input_files(sheet)
    told = page.get_by_role("region", name="Conferência")
    expect(told.get_by_role("status")).to_contain_text("1 linha boa, 2 com erros. Nada foi cadastrado")
    rows = told.get_by_role("row")
    expect(rows.nth(1)).to_contain_text("Este vídeo já está cadastrado")
    page.screenshot(path=screenshots / "hub-camera-import.png")
    assert grave_violations(page) == []
    names = {camera["name"] for camera in api(system, "gestor").get("/cameras").json()}
    assert "Praça São João" not in names

    told.get_by_role("button", name="Cadastrar a linha boa").click()
    expect(told.get_by_role("status")).to_contain_text("1 câmera cadastrada")
    expect(told.get_by_role("columnheader", name="Senha para enviar placas")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    page.screenshot(path=screenshots / "hub-camera-import-phone.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, "wider than a phone"
    cameras = {camera["name"]: camera["id"] for camera in api(system, "gestor").get("/cameras").json()}
    gone = api(system, "gestor").delete(f"/cameras/{cameras['Praça São João']}")
    assert gone.status_code == 204


def test_who_only_watches_is_offered_no_change_of_cameras(system: DemoSystem, page: Page) -> None:
    log_in(page, system.hub_url, "visualizador", system.password)
    expect(page.get_by_role("navigation", name="Páginas")).to_be_visible()
    page.goto(f"{system.hub_url}/cameras/importar")
    expect(page.get_by_role("heading", name="Placas")).to_be_visible()
    page.get_by_role("link", name="Câmeras", exact=True).click()
    expect(page.get_by_role("table", name="Câmeras")).to_be_visible()
    expect(page.get_by_role("button", name="Cadastrar câmera")).to_have_count(0)
