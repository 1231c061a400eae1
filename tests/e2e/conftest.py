"""The demo system, running, and a real Chromium to use it with."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from demo.engines import free_port, require_program
from demo.system import DemoSystem


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test's time counts the start of the whole system, minutes on a machine with other work.

    What is published stays published, and is asked of everybody who is let in later: that goes last.
    """
    items.sort(key=lambda item: item.path == Path(__file__).parent / "test_privacy.py")
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(400))


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSystem]:
    folder = tmp_path_factory.mktemp("demo")
    with DemoSystem(folder, free_port(), free_port(), progress=print) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = require_program("chromium", "chromium")
    arguments = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium's sandbox refuses to run as root
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(chromium), args=arguments)
        yield running
        running.close()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Where a run leaves what it saw, for people."""
    folder = Path(".run/screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def page(browser: Browser, screenshots: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh browser profile; what it showed last is kept, for when the test fails."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="pt-BR")
    opened = context.new_page()
    yield opened
    opened.screenshot(path=screenshots / f"{request.node.name}-last.png")
    context.close()
