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
from edge_agent.agent import _serve_plates
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
    server_cpu_ms: float  # user and system, a push: what others on the machine hardly change


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
    asyncio.run(_serve_plates(api.create_app(intake, box.desired, box.metrics.time_push), listener))


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


class Pusher(asyncio.Protocol):
    """One camera: a connection and a push whose id, plate and time change.

    It shares the machine with the box, so it does no more than it must: what stays the same in a push
    is made once, and an answer is looked at, not parsed.
    """

    def __init__(self, camera: str, image: bytes) -> None:
        self._random = random.Random(camera)  # noqa: S311 - a load, not a secret
        self._before, self._after = _frame(camera, image)
        self._transport = asyncio.Transport()
        self._loop = asyncio.get_running_loop()
        self._until = self._every_s = self._due = 0.0
        self._answer = b""
        self.latencies: list[float] = []
        self.failed = 0
        self.ended = self._loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_exception(exc or ConnectionError("the box closed the connection"))

    def start(self, until: float, every_s: float) -> None:
        """Push until then; `every_s` is 0 for as fast as the answers come."""
        self._until, self._every_s = until, every_s
        self._due = self._loop.time() + self._random.random() * every_s
        self._loop.call_at(self._due, self._push)

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, end, body = self._answer.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if not end or len(body) < int(length[1] if length else 0):
            return
        self.latencies.append(self._loop.time() - self._due)
        self.failed += not head.startswith(b"HTTP/1.1 200")
        self._answer = b""
        self._due = self._due + self._every_s if self._every_s else self._loop.time()
        if self._due >= self._until:
            self.ended.set_result(None)
            self._transport.close()
        elif self._due <= self._loop.time():
            self._push()
        else:
            self._loop.call_at(self._due, self._push)

    def _push(self) -> None:
        plate = "".join(self._random.choices("ABCDEFGHJKL", k=3)) + f"{self._random.randrange(10**4):04}"
        now = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
        said = {b"#NOW": now, b"#PLATE#": plate, b"#ID": f"{self._random.getrandbits(128):032x}"}
        before = self._before
        for mark, text in said.items():
            before = before.replace(mark.ljust(len(text), b"#"), text.encode())
        self._transport.writelines([before, self._after])


def _frame(camera: str, image: bytes) -> tuple[bytes, bytes]:
    """A push in two pieces: the head and the XML with places for time, plate and id, and the rest."""
    now, plate, event = "#NOW".ljust(19, "#"), "#PLATE#", "#ID".ljust(32, "#")
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?><EventNotificationAlert version="2.0" '
        'xmlns="http://www.isapi.org/ver20/XMLSchema"><ipAddress>10.0.0.2</ipAddress><portNo>80</portNo>'
        f"<protocol>HTTP</protocol><channelID>1</channelID><dateTime>{now}+00:00</dateTime>"
        "<activePostCount>1</activePostCount><eventType>ANPR</eventType><eventState>active</eventState>"
        f"<ANPR><country>28</country><licensePlate>{plate}</licensePlate><line>2</line>"
        "<direction>forward</direction><confidenceLevel>97</confidenceLevel><plateType>unknown</plateType>"
        "<vehicleType>SUVMPV</vehicleType><vehicleInfo><color>white</color><speed>54</speed></vehicleInfo>"
        f"</ANPR><UUID>{event}</UUID></EventNotificationAlert>"
    ).encode()
    text = _part("anpr.xml", "application/xml", xml)
    rest = _part("detectionPicture.jpg", "image/jpeg", image) if image else b""
    rest += f"--{BOUNDARY}--\r\n".encode()
    basic = b64encode(f"{camera}:{SECRET}".encode()).decode()
    head = (
        f"POST /lpr/hikvision HTTP/1.1\r\nHost: box\r\nAuthorization: Basic {basic}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
        f"Content-Length: {len(text) + len(rest)}\r\n\r\n"
    )
    return head.encode() + text, rest


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
    every_s = cameras / per_s if per_s else 0.0
    process = psutil.Process(server)

    async def all_of_them() -> tuple[list[Pusher], float]:
        loop = asyncio.get_running_loop()
        connecting = [
            loop.create_connection(lambda n=number: Pusher(f"cam{n}", image), "127.0.0.1", port)
            for number in range(cameras)
        ]
        pushers = [pusher for _, pusher in await asyncio.gather(*connecting)]
        began = loop.time()
        for pusher in pushers:
            pusher.start(began + seconds, every_s)
        await asyncio.gather(*(pusher.ended for pusher in pushers))
        return pushers, loop.time() - began

    before = sum(process.cpu_times()[:2])
    pushers, took_s = asyncio.run(all_of_them())
    used_s = sum(process.cpu_times()[:2]) - before
    latencies = sorted(latency * 1000 for pusher in pushers for latency in pusher.latencies)
    cut = quantiles(latencies, n=100)
    failed = sum(pusher.failed for pusher in pushers)
    per_push_ms = used_s * 1000 / len(latencies)
    figures = [len(latencies), failed, len(latencies) / took_s, cut[49], cut[94], cut[98], per_push_ms]
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
    typer.echo("| pushes | offered | answered 2xx | p50 | p95 | p99 | the box's CPU a push |")
    typer.echo("|---|---|---|---|---|---|---|")
    for image_bytes in (0, IMAGE_BYTES):
        what = f"XML and a JPEG of {image_bytes // 1000} kB" if image_bytes else "XML alone"
        for per_s in (500.0, 1000.0, 0.0):
            f = measure(per_s, cameras, seconds, image_bytes)
            offered = f"{per_s:.0f}/s" if per_s else f"{cameras} at once"
            typer.echo(
                f"| {what} | {offered} | {f.per_s:.0f}/s ({f.failed} failed) | {f.p50_ms:.1f} ms "
                f"| {f.p95_ms:.1f} ms | {f.p99_ms:.1f} ms | {f.server_cpu_ms:.2f} ms |"
            )


if __name__ == "__main__":
    app()
