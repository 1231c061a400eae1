"""What all tests share: the same examples each time, and a loud word about a program that is not here."""

import pytest
from hypothesis import settings

# A change is not refused for an example that it did not bring. New ones are drawn by `make explore`.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=2000, deadline=None)
settings.load_profile("same")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if "mediamtx" in getattr(report, "keywords", {}) or "mediamtx contract" in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.section("MediaMTX NOT TESTED", sep="!", red=True, bold=True)
        terminalreporter.line(
            f"{len(skipped)} tests were SKIPPED: put a mediamtx binary on PATH, "
            "and its contract at ../shared/contracts/mediamtx."
        )
