"""A prefeitura answers people about their data in time, and its people accept the rules before they go on."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from demo.system import DemoSystem
from tests.accessibility import grave_violations
from tests.e2e.test_main_job import api, log_in

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1366, "height": 768}


def show(page: Page, part: str) -> None:
    page.get_by_role("group", name="Mostrar").get_by_role("button", name=part).click()


def keep(page: Page, screenshots: Path, name: str) -> None:
    """What the page shows on a desk and on a telephone, without serious findings on either."""
    for suffix, size in (("", DESKTOP), ("-phone", PHONE)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert grave_violations(page) == []
        page.screenshot(path=screenshots / f"hub-privacy-{name}{suffix}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], f"{name}: too wide"
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]


@pytest.mark.req("S14.1", "S15.1")
def test_a_gestor_answers_a_person_in_time_and_shows_how_data_are_treated(
    system: DemoSystem, page: Page, screenshots: Path
) -> None:
    log_in(page, system.hub_url, "gestor", system.password)
    page.get_by_role("link", name="Privacidade").click()
    page.get_by_role("button", name="Registrar pedido").click()
    dialog = page.get_by_role("dialog", name="Registrar pedido de titular")
    dialog.get_by_label("O que a pessoa pede").select_option("erasure")
    dialog.get_by_label("Titular").fill("Maria da Silva")
    dialog.get_by_label("Protocolo").fill("Protocolo 77/2026")
    dialog.get_by_label("Placa", exact=True).fill("MSV1A23")
    page.screenshot(path=screenshots / "hub-privacy-new-request.png")
    dialog.get_by_role("button", name="Registrar", exact=True).click()

    expect(page.get_by_role("heading", name="Protocolo 77/2026")).to_be_visible()
    expect(page.get_by_text("vence em 15 dias")).to_be_visible()
    page.on("dialog", lambda question: question.accept())
    page.get_by_role("button", name="Começar a análise").click()
    with page.expect_download() as report:
        page.get_by_role("button", name="Relatório em PDF").click()
    assert report.value.path().read_bytes().startswith(b"%PDF")
    page.get_by_role("button", name="Dar por atendido").click()
    expect(page.get_by_role("alert")).to_contain_text("Elimine os dados da placa antes")
    page.get_by_role("button", name="Eliminar os dados da placa").click()
    steps = page.get_by_role("region", name="Andamento")
    expect(steps).to_contain_text("Dados da placa eliminados: 0 leituras")
    keep(page, screenshots, "request")
    page.get_by_role("button", name="Dar por atendido").click()
    expect(steps).to_contain_text("Pedido atendido")

    page.get_by_role("link", name="Pedidos de titulares").click()
    page.get_by_label("Mostrar pedidos").select_option("encerrados")
    expect(page).to_have_url(re.compile("mostrar=encerrados"))
    listed = page.get_by_role("table", name="Pedidos de titulares")
    expect(listed.get_by_role("row").filter(has_text="Protocolo 77/2026")).to_contain_text("Atendido")
    keep(page, screenshots, "requests")

    show(page, "Eliminações")
    expect(page.get_by_role("table", name="Eliminações")).to_contain_text("Protocolo 77/2026")
    keep(page, screenshots, "erasures")

    show(page, "Guardas judiciais")
    page.get_by_role("button", name="Pôr em guarda").click()
    dialog = page.get_by_role("dialog", name="Pôr leituras em guarda")
    dialog.get_by_label("Placa").fill("MSV1A24")
    dialog.get_by_label("Processo ou inquérito").fill("Processo 1234-56")
    dialog.get_by_label("Leituras desde", exact=True).fill("01/11/2026 00:00")
    dialog.get_by_role("button", name="Pôr em guarda").click()
    holds = page.get_by_role("table", name="Guardas judiciais")
    expect(holds).to_contain_text("Processo 1234-56")
    keep(page, screenshots, "holds")
    page.get_by_role("button", name="Liberar MSV1A24, Processo 1234-56").click()
    expect(page.get_by_text("Nenhuma guarda judicial")).to_be_visible()

    show(page, "Acessos a dados")
    accesses = page.get_by_role("table", name="Acessos a dados pessoais")
    expect(accesses).to_contain_text("Abriu um pedido de titular (LGPD)")
    keep(page, screenshots, "accesses")

    show(page, "ROPA e RIPD")
    expect(page.get_by_role("heading", name="Registro das operações de tratamento")).to_be_visible()
    expect(page.get_by_role("table", name="Medidas de segurança")).to_contain_text("íntegra")
    keep(page, screenshots, "ropa")
    page.get_by_label("Relatório", exact=True).select_option("ripd")
    expect(page.get_by_role("region", name="Pendências")).to_be_visible()
    with page.expect_download() as printed:
        page.get_by_role("button", name="Baixar PDF").click()
    assert printed.value.suggested_filename.startswith("ripd-")
    assert printed.value.path().read_bytes().startswith(b"%PDF")
    keep(page, screenshots, "ripd")


@pytest.mark.req("S14.1")
def test_whoever_is_let_in_reads_and_accepts_what_was_published(
    system: DemoSystem, page: Page, browser: Browser, screenshots: Path
) -> None:
    log_in(page, system.hub_url, "admin", system.password)
    expect(page.get_by_role("link", name="Privacidade")).to_be_visible()
    page.goto(f"{system.hub_url}/privacidade?aba=documentos")
    expect(page.get_by_text("Nada publicado")).to_be_visible()
    page.on("dialog", lambda question: question.accept())
    page.get_by_role("button", name="Publicar nova versão").click()
    dialog = page.get_by_role("dialog", name="Publicar nova versão")
    dialog.get_by_label("Documento").select_option("privacy")
    dialog.get_by_role("button", name="Partir do modelo").click()
    dialog.get_by_role("button", name="Ver como fica").click()
    expect(dialog.get_by_role("heading", name="Política de privacidade")).to_be_visible()
    page.screenshot(path=screenshots / "hub-privacy-publish.png")
    dialog.get_by_role("button", name="Publicar", exact=True).click()
    expect(page.get_by_role("list", name="Documentos")).to_contain_text("Falta você aceitar")
    keep(page, screenshots, "documents")

    context = browser.new_context(viewport=DESKTOP, locale="pt-BR")  # type: ignore[arg-type]
    guard = context.new_page()
    guard.goto(f"{system.hub_url}/cameras")
    log_in_here(guard, "visualizador", system.password)
    # Login, the page's own code and two answers, one after the other.
    reading = guard.get_by_role("heading", name="Política de privacidade").first
    expect(reading).to_be_visible(timeout=30_000)
    keep(guard, screenshots, "accept")
    accept = guard.get_by_role("button", name="Aceitar")
    expect(accept).to_be_disabled()
    guard.goto(f"{system.hub_url}/cameras")
    expect(accept).to_be_visible(timeout=30_000)
    guard.get_by_label("Li e aceito este documento").check()
    accept.click()
    expect(guard.get_by_role("heading", name="Câmeras")).to_be_visible()
    guard.reload()
    expect(guard.get_by_role("heading", name="Câmeras")).to_be_visible()
    expect(guard.get_by_role("link", name="Privacidade")).to_be_visible()
    guard.goto(f"{system.hub_url}/privacidade?aba=pedidos")
    expect(guard.get_by_role("button", name="Pedidos de titulares")).to_have_count(0)
    expect(guard.get_by_role("list", name="Documentos")).to_contain_text("aceita por você")
    context.close()

    (document,) = api(system).get("/legal-documents").json()
    for username in ("admin", "gestor"):
        body = {"document": document["id"], "sha256": document["sha256"]}
        assert api(system, username).post("/me/acceptances", json=body).is_success
    page.get_by_role("button", name=re.compile("Quem aceitou")).click()
    expect(page.get_by_role("table", name="Aceites")).to_contain_text("visualizador")


def log_in_here(page: Page, username: str, password: str) -> None:
    page.get_by_label("Usuário").fill(username)
    page.get_by_label("Senha", exact=True).fill(password)
    page.get_by_role("button", name="Entrar").click()
