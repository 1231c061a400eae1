"""Holds the code to its limits: cyclomatic complexity and maintainability index (radon).

Every function at most MAX_COMPLEXITY, their mean under MAX_MEAN_COMPLEXITY; the
mean maintainability index of the files over MIN_MEAN_INDEX, and no file below
MIN_FILE_INDEX. (The index falls with a file's length whatever is in it, so the
mean is the measure of the whole, and the floor finds the file that grew too long.)
"""

import sys
from pathlib import Path
from statistics import mean

from radon.complexity import cc_visit
from radon.metrics import mi_visit

PACKAGES = ("protocol", "edge_agent", "central_hub", "demo", "gtv")
MAX_COMPLEXITY = 10
MAX_MEAN_COMPLEXITY = 5.0
MIN_MEAN_INDEX = 70.0
MIN_FILE_INDEX = 30.0


def sources() -> list[Path]:
    """Every file of the product; Django's generated migrations are not written by us."""
    return [
        file
        for package in PACKAGES
        for file in sorted(Path(package).rglob("*.py"))
        if "migrations" not in file.parts
    ]


def main() -> int:
    problems: list[str] = []
    complexities: list[int] = []
    indexes: dict[Path, float] = {}
    for file in sources():
        text = file.read_text()
        for block in cc_visit(text):
            if block.letter == "C":
                continue  # a class's figure is made of its methods', which are listed too
            complexities.append(block.complexity)
            if block.complexity > MAX_COMPLEXITY:
                problems.append(f"{file}:{block.lineno} {block.name}: complexity {block.complexity}")
        indexes[file] = mi_visit(text, multi=True)
        if indexes[file] < MIN_FILE_INDEX:
            problems.append(f"{file}: maintainability index {indexes[file]:.0f}")
    if mean(complexities) >= MAX_MEAN_COMPLEXITY:
        problems.append(f"mean complexity {mean(complexities):.2f}")
    if mean(indexes.values()) <= MIN_MEAN_INDEX:
        problems.append(f"mean maintainability index {mean(indexes.values()):.1f}")
    for problem in problems:
        print(problem)
    lowest = min(indexes, key=lambda file: indexes[file])
    print(
        f"complexity: mean {mean(complexities):.2f}, highest {max(complexities)}; "
        f"maintainability: mean {mean(indexes.values()):.1f}, lowest {indexes[lowest]:.0f} ({lowest})"
    )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
