"""The box's plate port under load (`make bench-lpr-edge`): pushes as cameras send them, as Markdown.

The server is a box's own parts in a process of its own, on a real database and disk; the cameras
are keep-alive connections of another process on the same machine, each with one push at a time
and its answer read before the next. The latency of the paced rows counts from the moment a push
was due, so waiting for a busy camera is in it.
"""

import asyncio
import hashlib
import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from statistics import quantiles
from typing import Annotated

import psutil
import typer
from PIL import Image

from demo.ports import accepts_connections, free_port
from edge_agent.agent import _serve
from edge_agent.box import Box
from edge_agent.config import DataFolder, Identity
from edge_agent.lpr import api
from edge_agent.lpr.intake import Intake
from protocol.messages import DesiredCamera, DesiredState, WatchlistEntry

SECRET = "bench"  # noqa: S105 - of a box that lives for ten seconds
BOUNDARY = "bench-boundary"
#: Entries of the watchlist that every read is held against.
WATCHED = 10_000
IMAGE_BYTES = 60_000

app = typer.Typer(add_completion=False)


@dataclass(frozen=True)
class Figures:
    pushes: int
    failed: int
    per_s: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    server_cpu: float  # cores


# --- the box ----------------------------------------------------------------------


@app.command()
def serve(folder: Path, port: int, cameras: int) -> None:
    """A box's plate port until the process is ended."""
    DataFolder(folder).prepare().save_identity(Identity("bench", "box", "127.0.0.1", 1), b"", "", "")
    box = Box.open(folder)
    box.desired.receive(_state(cameras))
    assert box.desired.current is not None
    box.reads.watch(box.desired.current.watchlist)
    intake = Intake(box.reads, lambda kept: box.events.publish("plate", {"id": kept.read.id}))
    listener = socket.create_server(("127.0.0.1", port))
    asyncio.run(_serve(api.create_app(intake, box.desired, box.metrics.time_push), listener))


def _state(cameras: int) -> DesiredState:
    secret = hashlib.sha256(SECRET.encode()).hexdigest()
    return DesiredState(
        revision=1,
        city="bench",
        city_name="Bench",
        timezone="America/Sao_Paulo",
        retention_days=30,
        cameras=[DesiredCamera(f"cam{n}", f"Câmera {n}", "rtsp://x", secret) for n in range(cameras)],
        users=[],
        watchlist=[WatchlistEntry(f"w{n}", f"QQQ{n:04}", "stolen") for n in range(WATCHED)],
    )


# --- the cameras ------------------------------------------------------------------


class Pusher:
    """One camera: a connection and a push whose id, plate and time change."""

    def __init__(self, camera: str, port: int, image: bytes) -> None:
        self._port = port
        self._random = random.Random(camera)  # noqa: S311 - a load, not a secret
        self._camera = camera
        self._image = image
        self.latencies: list[float] = []
        self.failed = 0

    async def run(self, until: float, every_s: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        due = time.perf_counter() + self._random.random() * every_s
        while due < until:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            due = due if every_s else time.perf_counter()
            writer.write(self._request())
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", head)
            await reader.readexactly(int(length[1]) if length else 0)
            self.latencies.append(time.perf_counter() - due)
            self.failed += not head.startswith(b"HTTP/1.1 200")
            due = due + every_s if every_s else time.perf_counter()
        writer.close()

    def _request(self) -> bytes:
        plate = "".join(self._random.choices("ABCDEFGHJKL", k=3)) + f"{self._random.randrange(10**4):04}"
        now = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
        xml = (
            '<?xml version="1.0" encoding="UTF-8"?><EventNotificationAlert version="2.0" '
            'xmlns="http://www.isapi.org/ver20/XMLSchema"><ipAddress>10.0.0.2</ipAddress><portNo>80</portNo>'
            f"<protocol>HTTP</protocol><channelID>1</channelID><dateTime>{now}+00:00</dateTime>"
            "<activePostCount>1</activePostCount><eventType>ANPR</eventType><eventState>active</eventState>"
            f"<ANPR><country>28</country><licensePlate>{plate}</licensePlate><line>2</line>"
            "<direction>forward</direction><confidenceLevel>97</confidenceLevel><plateType>unknown</plateType>"
            "<vehicleType>SUVMPV</vehicleType><vehicleInfo><color>white</color><speed>54</speed></vehicleInfo>"
            f"</ANPR><UUID>{self._random.getrandbits(128):032x}</UUID></EventNotificationAlert>"
        ).encode()
        body = _part("anpr.xml", "application/xml", xml)
        if self._image:
            body += _part("detectionPicture.jpg", "image/jpeg", self._image)
        body += f"--{BOUNDARY}--\r\n".encode()
        basic = b64encode(f"{self._camera}:{SECRET}".encode()).decode()
        head = (
            f"POST /lpr/hikvision HTTP/1.1\r\nHost: box\r\nAuthorization: Basic {basic}\r\n"
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def _part(name: str, kind: str, data: bytes) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
    return f"{head}Content-Type: {kind}\r\n\r\n".encode() + data + b"\r\n"


def picture(size_bytes: int) -> bytes:
    """A JPEG of about this size."""
    side = 64
    while True:
        file = BytesIO()
        Image.frombytes("RGB", (side, side), os.urandom(side * side * 3)).save(file, "JPEG", quality=85)
        if file.tell() >= size_bytes:
            return file.getvalue()
        side += 8


@app.command()
def push(port: int, cameras: int, per_s: float, seconds: float, image_bytes: int, server: int) -> None:
    """Push at this rate (0: as fast as the answers come), and print the figures as JSON."""
    image = picture(image_bytes) if image_bytes else b""
    pushers = [Pusher(f"cam{number}", port, image) for number in range(cameras)]
    every_s = cameras / per_s if per_s else 0.0
    process = psutil.Process(server)

    async def all_of_them() -> float:
        began = time.perf_counter()
        await asyncio.gather(*(pusher.run(began + seconds, every_s) for pusher in pushers))
        return time.perf_counter() - began

    before = sum(process.cpu_times()[:2])
    took_s = asyncio.run(all_of_them())
    used_s = sum(process.cpu_times()[:2]) - before
    latencies = sorted(latency * 1000 for pusher in pushers for latency in pusher.latencies)
    cut = quantiles(latencies, n=100)
    failed = sum(pusher.failed for pusher in pushers)
    figures = [len(latencies), failed, len(latencies) / took_s, cut[49], cut[94], cut[98], used_s / took_s]
    typer.echo(json.dumps(figures))


# --- the benchmark ------------------------------------------------------------------


def measure(per_s: float, cameras: int, seconds: float, image_bytes: int) -> Figures:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="bench-lpr-") as folder:
        argv = [sys.executable, "-m", "bench.lpr_edge"]
        with subprocess.Popen([*argv, "serve", folder, str(port), str(cameras)]) as server:
            try:
                while not accepts_connections(port):
                    time.sleep(0.1)
                load = [str(one) for one in (port, cameras, per_s, seconds, image_bytes, server.pid)]
                pushed = subprocess.run([*argv, "push", *load], check=True, capture_output=True, text=True)
            finally:
                server.terminate()
        _count(Path(folder), figures := Figures(*json.loads(pushed.stdout)))
    return figures


def _count(folder: Path, figures: Figures) -> None:
    """Every 2xx is in the outbox, once."""
    box = Box.open(folder)
    depth = box.outbox.depth()
    box.store.close()
    assert depth == figures.pushes - figures.failed, f"{depth} kept of {figures}"


@app.command()
def main(
    seconds: Annotated[float, typer.Option(help="Length of each row")] = 10.0,
    cameras: Annotated[int, typer.Option(help="Connections at once")] = 50,
) -> None:
    """The table."""
    typer.echo("| pushes | offered | answered 2xx | p50 | p95 | p99 | CPU of the box |")
    typer.echo("|---|---|---|---|---|---|---|")
    for image_bytes in (0, IMAGE_BYTES):
        what = f"XML and a JPEG of {image_bytes // 1000} kB" if image_bytes else "XML alone"
        for per_s in (500.0, 1000.0, 0.0):
            f = measure(per_s, cameras, seconds, image_bytes)
            offered = f"{per_s:.0f}/s" if per_s else f"{cameras} at once"
            typer.echo(
                f"| {what} | {offered} | {f.per_s:.0f}/s ({f.failed} failed) | {f.p50_ms:.1f} ms "
                f"| {f.p95_ms:.1f} ms | {f.p99_ms:.1f} ms | {f.server_cpu:.2f} cores |"
            )


if __name__ == "__main__":
    app()
