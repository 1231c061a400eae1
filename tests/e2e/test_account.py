"""The second factor, as a person sets it up and uses it in the browser."""

import base64
import re

import pytest
from django_otp.oath import totp
from playwright.sync_api import Page, expect

from demo.system import DemoSystem
from tests.e2e.test_main_job import log_in


def code_of(key: str, *, steps_ahead: int = 0) -> str:
    """What the authenticator app shows; a code is good once, so the second is of the next half minute."""
    secret = base64.b32decode(key + "=" * (-len(key) % 8))
    return f"{totp(secret, t0=-30 * steps_ahead):06}"


@pytest.mark.req("S1.1")
def test_a_person_sets_up_a_second_factor_and_logs_in_with_it(system: DemoSystem, page: Page) -> None:
    log_in(page, system.hub_url, "visualizador", system.password)
    page.get_by_role("button", name=re.compile("Visualizador")).click()
    page.get_by_role("menuitem", name="Minha conta").click()
    factor = page.get_by_role("region", name="Segundo fator")
    factor.get_by_label("Sua senha").fill(system.password)
    factor.get_by_role("button", name="Cadastrar aplicativo").click()
    expect(factor.get_by_role("img", name="Código QR")).to_be_visible()
    key = factor.locator(".font-mono").inner_text()
    factor.get_by_label("Código do aplicativo").fill(code_of(key))
    factor.get_by_role("button", name="Confirmar").click()
    expect(factor.get_by_role("listitem")).to_have_count(10)
    recovery = factor.get_by_role("listitem").first.inner_text()

    def enter(code: str) -> None:
        page.context.clear_cookies()
        log_in(page, system.hub_url, "visualizador", system.password)
        page.get_by_label("Código do aplicativo autenticador").fill(code)
        page.get_by_role("button", name="Entrar").click()

    enter("000000")
    expect(page.get_by_role("alert")).to_contain_text("Código incorreto")
    enter(recovery)
    expect(page.get_by_role("navigation", name="Páginas")).to_be_visible()

    # Others use this person too: leave it as it was.
    page.goto(f"{system.hub_url}/conta")
    factor.get_by_role("button", name="Desativar o segundo fator").click()
    factor.get_by_label("Sua senha").fill(system.password)
    factor.get_by_label("Código do aplicativo").fill(code_of(key, steps_ahead=1))
    factor.get_by_role("button", name="Desativar", exact=True).click()
    expect(factor.get_by_text("Não cadastrado")).to_be_visible()
