"""What making fragments durable costs: the same ones written with fdatasync each, every fifth, and never."""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

FRAGMENT = os.urandom(500_000)  # two seconds at 2 Mbit/s
FILES, ROUNDS = 16, 20


@dataclass(frozen=True)
class FsyncFigures:
    policy: str
    fragments_per_s: float
    cpu_ms_per_fragment: float
    slowest_ms: float


def measure(folder: Path) -> list[FsyncFigures]:
    return [_policy(folder, name, every) for name, every in (("each", 1), ("every fifth", 5), ("none", 0))]


def _policy(folder: Path, name: str, every: int) -> FsyncFigures:
    writing: Callable[[int], float] = lambda number: _write(folder / f"{every}-{number}", every)  # noqa: E731
    began, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(FILES) as threads:
        slowest = max(threads.map(writing, range(FILES)))
    count = FILES * ROUNDS
    took, used = time.perf_counter() - began, time.process_time() - cpu
    return FsyncFigures(name, count / took, used / count * 1000, slowest * 1000)


def _write(path: Path, every: int) -> float:
    """The slowest fragment, in seconds."""
    slowest = 0.0
    with path.open("wb") as file:
        for number in range(1, ROUNDS + 1):
            began = time.perf_counter()
            file.write(FRAGMENT)
            file.flush()
            if every and number % every == 0:
                os.fdatasync(file.fileno())
            slowest = max(slowest, time.perf_counter() - began)
    path.unlink()
    return slowest
