"""Plates pushed by a simulated camera reach a real HTTP server, in order and despite its failures."""

import asyncio
import base64
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from xml.etree import ElementTree as ET

import httpx
import pytest

from demo.anpr_event import NAMESPACE, AnprEvent
from demo.cameras import CameraSpec, SimulatedCameras
from demo.plate_push import PlatePusher

SPEC = CameraSpec("cam1", "Praça da Matriz", "camera-1", "senha-da-câmera")
BASIC = httpx.BasicAuth(SPEC.camera_id, SPEC.lpr_secret)


@dataclass
class Push:
    path: str
    authorization: str
    parts: dict[str, bytes]


@dataclass
class Box:
    """What the edge box would be: takes pushes, answers with the given statuses, then with 200."""

    statuses: list[int] = field(default_factory=list)
    pushes: list[Push] = field(default_factory=list)
    url: str = ""

    def answer(self, push: Push) -> int:
        self.pushes.append(push)
        return self.statuses.pop(0) if self.statuses else 200


def _handler(box: Box) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
            status = box.answer(Push(self.path, self.headers["Authorization"], _parts(head + body)))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _parts(raw: bytes) -> dict[str, bytes]:
    message = BytesParser().parsebytes(raw)
    parts = [part for part in message.get_payload() if isinstance(part, Message)]
    return {str(part.get_filename()): bytes(part.get_payload(decode=True)) for part in parts}


@pytest.fixture
def box() -> Iterator[Box]:
    taking = Box()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(taking)) as server:
        taking.url = f"http://127.0.0.1:{server.server_port}/lpr/hikvision"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield taking
        server.shutdown()
        thread.join()


async def until(condition: Callable[[], bool], within_s: float = 15) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        await asyncio.sleep(0.02)


def event(name: str) -> AnprEvent:
    return AnprEvent(name, f"<xml>{name}</xml>".encode(), b"plate", b"street")


async def push_all(box: Box, names: str, expected: int) -> list[bytes]:
    pusher = PlatePusher(box.url, SPEC.camera_id, BASIC)
    pushing = asyncio.create_task(pusher.run())
    for name in names:
        pusher.offer(event(name))
    await until(lambda: len(box.pushes) >= expected)
    pushing.cancel()
    await asyncio.gather(pushing, return_exceptions=True)
    return [push.parts["anpr.xml"] for push in box.pushes]


async def test_a_busy_box_gets_the_same_event_again_before_the_next_one(box: Box) -> None:
    box.statuses = [503, 500, 200]
    sent = await push_all(box, "ab", expected=4)
    assert sent == [b"<xml>a</xml>"] * 3 + [b"<xml>b</xml>"]


async def test_a_refused_event_is_not_sent_again(box: Box) -> None:
    box.statuses = [401, 400]
    assert await push_all(box, "abc", expected=3) == [b"<xml>a</xml>", b"<xml>b</xml>", b"<xml>c</xml>"]


async def test_events_wait_for_a_box_that_is_not_there_yet(box: Box) -> None:
    absent = PlatePusher("http://127.0.0.1:9/lpr/hikvision", SPEC.camera_id, BASIC, queue_length=2)
    pushing = asyncio.create_task(absent.run())
    for name in "abc":  # a full queue loses its oldest event
        absent.offer(event(name))
    await asyncio.sleep(0.2)
    absent._url = box.url  # the box comes up
    await until(lambda: len(box.pushes) == 2)
    pushing.cancel()
    await asyncio.gather(pushing, return_exceptions=True)
    assert [push.parts["anpr.xml"] for push in box.pushes] == [b"<xml>b</xml>", b"<xml>c</xml>"]


async def test_a_running_camera_pushes_what_it_sees(box: Box) -> None:
    with SimulatedCameras([SPEC], lpr_url=box.url):
        await until(lambda: bool(box.pushes))
    push = box.pushes[0]
    user, _, secret = base64.b64decode(push.authorization.removeprefix("Basic ")).decode().partition(":")
    assert (push.path, user, secret) == ("/lpr/hikvision", SPEC.camera_id, SPEC.lpr_secret)
    assert set(push.parts) == {"anpr.xml", "licensePlatePicture.jpg", "detectionPicture.jpg"}
    alert = ET.fromstring(push.parts["anpr.xml"])
    assert len(alert.findtext(f"{{{NAMESPACE}}}ANPR/{{{NAMESPACE}}}licensePlate") or "") == 7
    assert all(push.parts[name].startswith(b"\xff\xd8") for name in push.parts if name.endswith(".jpg"))
