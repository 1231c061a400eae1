"""Holds the code to its limits: cyclomatic complexity and maintainability index (radon).

Every function at most MAX_COMPLEXITY, their mean under MAX_MEAN_COMPLEXITY; the mean
maintainability index of the functions over MIN_MEAN_INDEX, none below MIN_FUNCTION_INDEX, and no
file below MIN_FILE_INDEX. (The index was fitted to averages over a system's functions, which its
authors call modules: Oman and Hagemeister 1994. Of a whole file it falls with the file's length,
whatever is in it; there it only finds the file that grew too long.)
"""

import ast
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from statistics import mean

from radon.complexity import cc_visit
from radon.metrics import mi_visit

PACKAGES = ("protocol", "passthrough", "edge_agent", "central_hub", "demo", "gtv")
MAX_COMPLEXITY = 10
MAX_MEAN_COMPLEXITY = 5.0
MIN_MEAN_INDEX = 80.0
MIN_FUNCTION_INDEX = 50.0
MIN_FILE_INDEX = 30.0


def sources() -> list[Path]:
    """Every file of the product; Django's generated migrations are not written by us."""
    return [
        file
        for package in PACKAGES
        for file in sorted(Path(package).rglob("*.py"))
        if "migrations" not in file.parts
    ]


def functions(text: str) -> Iterator[tuple[str, int, float]]:
    """Name, line and maintainability index of every function and method."""
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            source = textwrap.dedent("\n".join(lines[node.lineno - 1 : node.end_lineno]))
            yield node.name, node.lineno, mi_visit(source, multi=True)


def complexities_of(file: Path, problems: list[str]) -> Iterator[int]:
    for block in cc_visit(file.read_text()):
        if block.letter == "C":
            continue  # a class's figure is made of its methods', which are listed too
        if block.complexity > MAX_COMPLEXITY:
            problems.append(f"{file}:{block.lineno} {block.name}: complexity {block.complexity}")
        yield block.complexity


def indexes_of(file: Path, problems: list[str]) -> Iterator[float]:
    for name, line, index in functions(file.read_text()):
        if index < MIN_FUNCTION_INDEX:
            problems.append(f"{file}:{line} {name}: maintainability index {index:.0f}")
        yield index


def main() -> int:
    problems: list[str] = []
    files = {file: mi_visit(file.read_text(), multi=True) for file in sources()}
    complexities = [figure for file in files for figure in complexities_of(file, problems)]
    indexes = [figure for file in files for figure in indexes_of(file, problems)]
    problems += [
        f"{file}: maintainability index {index:.0f}"
        for file, index in files.items()
        if index < MIN_FILE_INDEX
    ]
    if mean(complexities) >= MAX_MEAN_COMPLEXITY:
        problems.append(f"mean complexity {mean(complexities):.2f}")
    if mean(indexes) <= MIN_MEAN_INDEX:
        problems.append(f"mean maintainability index {mean(indexes):.1f}")
    for problem in problems:
        print(problem)
    lowest = min(files, key=lambda file: files[file])
    print(
        f"complexity: mean {mean(complexities):.2f}, highest {max(complexities)}; "
        f"maintainability of functions: mean {mean(indexes):.1f}, lowest {min(indexes):.0f}; "
        f"of files: mean {mean(files.values()):.1f}, "
        f"lowest {files[lowest]:.0f} ({lowest})"
    )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
