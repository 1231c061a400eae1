"""The box's benchmark (`make bench-edge`): recorders side by side on one source, index, fsync; as Markdown.

CPU is user and system time of the recorder's processes over the window, after all cameras are being recorded;
the source runs in a process of its own, on the same machine.
"""

import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import av
import typer

from bench import fsync, index
from bench.engines import Engine, Ours, available
from bench.load import footage, memory_bytes, tree, usage, wait_for_cameras
from demo.media_files import Media, make_media
from demo.ports import accepts_connections, free_port

FULL = Media(width=1280, height=720, fps=25, gop=50, seconds=10, bitrate_bps=2_000_000, grain=24)
SMALL = Media(width=320, height=180, fps=5, gop=10, seconds=10, bitrate_bps=100_000, grain=12)
BASE_CAMERAS = 2  # one for each of two workers: what the programs cost before cameras count
SETTLE_S = 5.0


@dataclass(frozen=True)
class Figures:
    engine: str
    cameras: int
    started_s: float
    cpu_per_camera: float  # share of one core
    memory_mb: float
    lost: int
    pictures: int
    written_per_received: float
    disk_per_received: float


@contextmanager
def source(file: Path, count: int) -> Iterator[tuple[int, int]]:
    """Port and process id."""
    port = free_port()
    argv = [sys.executable, "-m", "bench.source", str(file), str(count), str(port)]
    with subprocess.Popen(argv) as process:
        try:
            while not accepts_connections(port):
                time.sleep(0.1)
            yield port, process.pid
        finally:
            process.terminate()


def run(engine: type[Engine], media: Media, file: Path, count: int, window_s: float, work: Path) -> Figures:
    folder = work / f"{engine.__name__}-{count}"
    with source(file, count) as (port, source_pid):
        running = engine(folder, count, port)
        try:
            started_s = wait_for_cameras(running.media, count, within_s=60 + count * 0.3)
            time.sleep(SETTLE_S)
            processes, feeding = tree(running.pids), tree([source_pid])
            before, fed, began = usage(processes), usage(feeding), time.monotonic()
            time.sleep(window_s)
            after, took_s = usage(processes), time.monotonic() - began
            memory = memory_bytes(processes)
            source_cpu = (usage(feeding).cpu_s - fed.cpu_s) / took_s
        finally:
            running.stop()
    recorded = footage(running.media, media.fps)
    shutil.rmtree(folder)
    received = took_s * count * file_bitrate(file) / 8
    figures = Figures(
        engine.name,
        count,
        started_s,
        (after.cpu_s - before.cpu_s) / took_s / count,
        memory / 1e6,
        recorded.lost,
        recorded.pictures,
        recorded.file_bytes / max(1, recorded.media_bytes),
        (after.written_bytes - before.written_bytes) / received,
    )
    print(f"{figures} source {source_cpu:.2f} cores", file=sys.stderr)
    return figures


def file_bitrate(file: Path) -> float:
    with av.open(file) as container:
        packets = [packet for packet in container.demux(video=0) if packet.dts is not None]
        seconds = float((packets[-1].dts - packets[0].dts) * packets[0].time_base)  # type: ignore[operator]
        return sum(packet.size for packet in packets) * 8 / seconds * (len(packets) - 1) / len(packets)


def table(runs: list[Figures]) -> Iterator[str]:
    base = {figures.engine: figures for figures in runs if figures.cameras == BASE_CAMERAS}
    yield (
        "| recorder | cameras | all recorded after | CPU per camera | memory | per camera above the base |"
        + (" pictures lost | file bytes per media byte | disk bytes per received byte |")
    )
    yield "|---|---|---|---|---|---|---|---|---|"
    for f in runs:
        if f.cameras == BASE_CAMERAS:
            growth = "(base)"
        else:
            zero = base[f.engine]
            growth = f"{(f.memory_mb - zero.memory_mb) / (f.cameras - zero.cameras):.2f} MB"
        yield (
            f"| {f.engine} | {f.cameras} | {f.started_s:.1f} s | {f.cpu_per_camera * 100:.2f} % of a core |"
            f" {f.memory_mb:.0f} MB | {growth} | {f.lost} of {f.pictures} |"
            f" {f.written_per_received:.4f} | {f.disk_per_received:.3f} |"
        )


def fsync_table(folder: Path) -> Iterator[str]:
    yield "| fdatasync | fragments/s | CPU per fragment | slowest |"
    yield "|---|---|---|---|"
    for f in fsync.measure(folder):
        cpu, slowest = f.cpu_ms_per_fragment, f.slowest_ms
        yield f"| {f.policy} | {f.fragments_per_s:.0f} | {cpu:.2f} ms | {slowest:.0f} ms |"


def index_table(figures: index.IndexFigures) -> Iterator[str]:
    yield "| what | p50 | p95 |"
    yield "|---|---|---|"
    yield f"| timeline of 30 days | {figures.timeline_ms[0]:.2f} ms | {figures.timeline_ms[1]:.2f} ms |"
    yield f"| seek, the index's part | {figures.seek_ms[0]:.2f} ms | {figures.seek_ms[1]:.2f} ms |"
    yield ""
    yield (
        f"{figures.cameras} cameras x {index.DAYS} days; file by file for {figures.full} of them "
        f"({figures.rows:,} rows, {figures.size_bytes / 1e6:.0f} MB, filled in {figures.filled_s:.0f} s)."
    )


def versions() -> str:
    ffmpeg = subprocess.run(["ffmpeg", "-version"], capture_output=True, text=True, check=False).stdout
    parts = [platform.platform(), f"Python {platform.python_version()}", f"PyAV {av.__version__}"]
    parts += [" ".join(ffmpeg.split()[:3])]
    if binary := shutil.which("mediamtx"):
        version = subprocess.run([binary, "--version"], capture_output=True, text=True, check=False).stdout
        parts += [f"MediaMTX {version.strip()}"]
    return ", ".join(parts)


def main(
    counts: Annotated[str, typer.Option(help="Numbers of 720p cameras.")] = "8,32,100,200",
    small: Annotated[int, typer.Option(help="Number of small cameras; 0 leaves them out.")] = 1000,
    window_s: Annotated[float, typer.Option(help="Seconds measured per step.")] = 20.0,
    index_full: Annotated[int, typer.Option(help="Cameras indexed file by file; 0 leaves it out.")] = 50,
    folder: Annotated[Path | None, typer.Option(help="Where to record; a disk like the box's.")] = None,
) -> None:
    """Measure; the table goes to standard output."""
    with tempfile.TemporaryDirectory(dir=folder, prefix="gtv-bench-") as made:
        work = Path(made)
        print(f"{versions()}\n", flush=True)
        file = make_media(work / "full.mov", FULL)
        steps = [BASE_CAMERAS, *map(int, counts.split(","))] if counts else []
        runs = [run(engine, FULL, file, n, window_s, work) for n in steps for engine in available()]
        print("\n".join(table(runs)), flush=True)
        if small:
            file = make_media(work / "small.mov", SMALL)
            steps = [BASE_CAMERAS, small]
            print(
                "\n" + "\n".join(table([run(Ours, SMALL, file, n, window_s, work) for n in steps])),
                flush=True,
            )
        print("\n" + "\n".join(fsync_table(work)), flush=True)
        if index_full:
            (work / "index").mkdir()
            print("\n" + "\n".join(index_table(index.measure(work / "index", 1000, index_full))), flush=True)


if __name__ == "__main__":
    typer.run(main)
