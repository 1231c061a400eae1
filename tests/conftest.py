"""What all tests share: a loud word about those that need a program which is not here."""

import pytest


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
