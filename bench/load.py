"""What processes use: CPU, memory, bytes written; and what their recordings hold."""

import itertools
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import av
import psutil

MEDIA_SUFFIXES = (".mp4", ".mkv")


@dataclass(frozen=True)
class Usage:
    cpu_s: float
    written_bytes: int


@dataclass(frozen=True)
class Footage:
    """What was recorded: `lost` counts pictures missing between the first and the last of each camera."""

    cameras: int
    pictures: int
    lost: int
    media_bytes: int
    file_bytes: int


def tree(roots: Iterable[int]) -> list[psutil.Process]:
    found = []
    for root in roots:
        try:
            process = psutil.Process(root)
            found += [process, *process.children(recursive=True)]
        except psutil.NoSuchProcess:
            continue
    return found


def usage(processes: Iterable[psutil.Process]) -> Usage:
    """User and system time, and what was handed to the disk (page cache included)."""
    cpu_s, written = 0.0, 0
    for process in processes:
        try:
            cpu_s += _run_time_s(process.pid)
            written += process.io_counters().write_bytes
        except (psutil.Error, OSError):
            continue
    return Usage(cpu_s, written)


def _run_time_s(pid: int) -> float:
    """To the nanosecond, from the scheduler: utime and stime of a small process are cut off at 10 ms."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


def memory_bytes(processes: Iterable[psutil.Process]) -> int:
    """Proportional set size: memory shared between processes is counted once."""
    total = 0
    for process in processes:
        try:
            total += process.memory_full_info().pss
        except psutil.Error:
            continue
    return total


def wait_for_cameras(folder: Path, count: int, within_s: float) -> float:
    """Seconds until every camera has a file with content. Raises TimeoutError with how many had."""
    began = time.monotonic()
    while (there := len(_cameras_with_media(folder))) < count:
        if time.monotonic() - began > within_s:
            raise TimeoutError(f"{there} of {count} cameras were recorded after {within_s:g} s")
        time.sleep(0.25)
    return time.monotonic() - began


def footage(folder: Path, fps: float) -> Footage:
    cameras = _cameras_with_media(folder)
    pictures = lost = media = size = 0
    for files in cameras.values():
        times: list[float] = []
        for file in sorted(files):
            size += file.stat().st_size
            counted, found = _read(file)
            media += counted
            times += found
        pictures += len(times)
        lost += _missing(sorted(times), fps)
    return Footage(len(cameras), pictures, lost, media, size)


def _cameras_with_media(folder: Path) -> dict[str, list[Path]]:
    cameras: dict[str, list[Path]] = {}
    for file in folder.rglob("*"):
        if file.suffix in MEDIA_SUFFIXES and file.stat().st_size > 2000:
            cameras.setdefault(file.relative_to(folder).parts[0], []).append(file)
    return cameras


def _read(file: Path) -> tuple[int, list[float]]:
    """Bytes of media, and the pictures' times in seconds."""
    media, times = 0, []
    try:
        with av.open(file) as container:
            for packet in container.demux(video=0):
                if packet.dts is not None and packet.time_base is not None:
                    media += packet.size
                    times.append(float(packet.dts * packet.time_base))
    except av.FFmpegError:  # cut off in its last fragment
        pass
    return media, times


def _missing(times: list[float], fps: float) -> int:
    steps = (later - earlier for earlier, later in itertools.pairwise(times))
    return sum(max(0, round(step * fps) - 1) for step in steps)
