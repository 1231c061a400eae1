"""What axe-core finds wrong on a page for people who see, hear or point otherwise (WCAG 2.2 A and AA)."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_AXE = Path(__file__).parents[1] / "web/node_modules/axe-core/axe.min.js"
_GRAVE = ("serious", "critical")
_RUN = """async () => (await axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  resultTypes: ["violations"],
})).violations"""


def grave_violations(page: Page) -> list[str]:
    """Each serious or critical finding: the rule, what is meant, and where. Empty when all is well."""
    # Evaluated, not added as a script: the pages' content security policy refuses foreign ones.
    page.evaluate(_AXE.read_text())
    found: list[dict[str, Any]] = page.evaluate(_RUN)
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:160]} ({node['failureSummary']})"
        for violation in found
        if violation["impact"] in _GRAVE
        for node in violation["nodes"]
    ]
