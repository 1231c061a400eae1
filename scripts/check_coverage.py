"""Holds the tests to their limits, from the data files of the unit and integration runs.

- the domain and application code, over MIN_LOGIC: pure code by the unit tests
  alone, the hub's use cases (which are their transactions) with PostgreSQL;
- everything, over MIN_ALL, by unit and integration tests together.
"""

import sys
from fnmatch import fnmatch
from pathlib import Path

from coverage import Coverage

MIN_LOGIC = 90.0
MIN_ALL = 80.0

#: Decided without a service: by the unit tests alone.
UNIT_LOGIC = (
    "*/domain.py",
    "*/central_hub/kernel.py",
    "*/edge_agent/*/services.py",
    "*/edge_agent/cameras/local.py",
    "*/edge_agent/evidence/manifest.py",
    "*/edge_agent/evidence/verify.py",
    "*/edge_agent/live/desk.py",
    "*/edge_agent/live/tokens.py",
    "*/edge_agent/mediamtx/reconcile.py",
    "*/edge_agent/playback/hls.py",
    "*/edge_agent/recording/coverage.py",
    "*/edge_agent/recording/index.py",
    "*/edge_agent/recording/protection.py",
    "*/edge_agent/recording/retention.py",
    "*/edge_agent/sync/outbox.py",
    "*/edge_agent/sync/publisher.py",
    "*/edge_agent/sync/desired.py",
    "*/protocol/*.py",
)
#: The hub's application layer: each use case is a transaction in PostgreSQL.
HUB_LOGIC = ("*/central_hub/*/services.py",)


def measured(*data_files: str) -> dict[str, tuple[int, int]]:
    """Statements and missed statements by file, over the given data files."""
    coverage = Coverage(data_file=None)
    coverage.combine([file for file in data_files if Path(file).exists()], keep=True)
    figures = {}
    for file in coverage.get_data().measured_files():
        _, statements, _, missing, _ = coverage.analysis2(file)
        figures[file] = (len(statements), len(missing))
    return figures


def percent(figures: dict[str, tuple[int, int]], patterns: tuple[str, ...] = ("*",)) -> float:
    chosen = [f for file, f in figures.items() if any(fnmatch(file, pattern) for pattern in patterns)]
    statements = sum(count for count, _ in chosen)
    return 100.0 * (1 - sum(missed for _, missed in chosen) / statements) if statements else 0.0


def main() -> int:
    unit = measured(".coverage.unit")
    together = measured(".coverage.unit", ".coverage.integration")
    figures = {
        "domain and edge application, unit tests alone": (percent(unit, UNIT_LOGIC), MIN_LOGIC),
        "hub application, with PostgreSQL": (percent(together, HUB_LOGIC), MIN_LOGIC),
        "all code, unit and integration tests": (percent(together), MIN_ALL),
    }
    for name, (reached, wanted) in figures.items():
        print(f"coverage of {name}: {reached:.1f} % (over {wanted:.0f} % wanted)")
    return 0 if all(reached > wanted for reached, wanted in figures.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
