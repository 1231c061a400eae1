"""What a camera is answered on the LPR port: 2xx after the commit, or a 4xx that says why."""

import hashlib
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest

from edge_agent.config import Settings
from edge_agent.lpr.api import MAX_BODY_BYTES, MAX_PARTS, create_app
from edge_agent.lpr.services import PlateReads
from edge_agent.store import Store
from edge_agent.sync.desired import DesiredStateKeeper
from edge_agent.sync.outbox import Outbox
from protocol.messages import DesiredCamera, PlateRead
from tests.unit.edge.builders import JPEG, anpr_xml, desired_state

SECRET = "s3cret-of-the-camera"
CAMERA = DesiredCamera(
    id="cam1",
    name="Praça",
    rtsp_url="rtsp://x",
    lpr_secret_sha256=hashlib.sha256(SECRET.encode()).hexdigest(),
)
NO_LPR = DesiredCamera(id="cam2", name="Rua", rtsp_url="rtsp://x")


class Port:
    """The LPR application with one camera, and how often it woke the publisher."""

    def __init__(self, store: Store, folder: Path) -> None:
        desired = DesiredStateKeeper(Settings(store, folder / "secrets.key"))
        desired.receive(desired_state(cameras=[CAMERA, NO_LPR]))
        self.store = store
        self.reads = PlateReads(store, folder / "images")
        self.woken = 0
        app = create_app(self.reads, desired, self._wake)
        transport = httpx.ASGITransport(app)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://box", auth=(CAMERA.id, SECRET))

    def _wake(self, _read: PlateRead) -> None:
        self.woken += 1

    async def push(self, xml: bytes | None = None, **files: bytes) -> httpx.Response:
        parts = {"anpr.xml": anpr_xml() if xml is None else xml, **files}
        return await self.client.post("/lpr/hikvision", files=[(n, (n, b)) for n, b in parts.items()])

    def quarantined(self) -> list[str]:
        with self.store.read() as connection:
            return [reason for (reason,) in connection.execute("SELECT reason FROM quarantine ORDER BY id")]


@pytest.fixture
async def port(store: Store, tmp_path: Path) -> AsyncIterator[Port]:
    opened = Port(store, tmp_path)
    async with opened.client:
        yield opened


async def test_a_push_is_accepted_and_the_hub_hears_at_once(port: Port, outbox: Outbox) -> None:
    answer = await port.push(**{"detectionPicture.jpg": JPEG})
    assert answer.status_code == HTTPStatus.OK
    (stored,) = port.reads.newest(10)
    assert (stored.read.camera, stored.read.plate) == ("cam1", "ABC1D23")
    assert stored.image_path is not None
    assert (outbox.depth(), port.woken) == (1, 1)


async def test_a_repeat_is_answered_as_the_first_and_kept_once(port: Port) -> None:
    assert [(await port.push()).status_code for _ in range(3)] == [200, 200, 200]
    assert len(port.reads.newest(10)) == port.woken == 1


async def test_a_bare_xml_body_is_a_push_too(port: Port) -> None:
    answer = await port.client.post(
        "/lpr/hikvision", content=anpr_xml(), headers={"Content-Type": "application/xml"}
    )
    assert answer.status_code == HTTPStatus.OK
    assert len(port.reads.newest(10)) == 1


@pytest.mark.parametrize("name", ["anpr.xml", "EventNotification.XML", "event"])
async def test_a_firmware_may_name_the_xml_as_it_likes(port: Port, name: str) -> None:
    files = [("picture.jpg", ("picture.jpg", JPEG)), (name, (name, anpr_xml()))]
    assert (await port.client.post("/lpr/hikvision", files=files)).status_code == HTTPStatus.OK
    assert len(port.reads.newest(10)) == 1


async def test_the_xml_may_be_a_form_field_without_a_file_name(port: Port) -> None:
    answer = await port.client.post(
        "/lpr/hikvision",
        data={"anpr.xml": anpr_xml().decode()},
        files=[("detectionPicture.jpg", ("detectionPicture.jpg", JPEG))],
    )
    assert answer.status_code == HTTPStatus.OK


async def test_a_vehicle_without_plate_is_accepted_and_not_kept(port: Port) -> None:
    answer = await port.push(anpr_xml(plate="unknown"))
    assert answer.status_code == HTTPStatus.OK
    assert port.reads.newest(10) == []
    assert port.woken == 0


@pytest.mark.parametrize("xml", [b"", b"<html/>", b"no xml at all"])
async def test_a_malformed_push_is_refused_and_kept_in_quarantine(port: Port, xml: bytes) -> None:
    answer = await port.push(xml)
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith("anpr.xml")
    assert port.quarantined() == [answer.json()["detail"]]


@pytest.mark.parametrize(
    "auth",
    [("cam1", "wrong"), ("cam1", ""), ("cam2", ""), ("cam2", SECRET), ("nobody", SECRET), ("cam1", "sënha")],
)
async def test_a_wrong_camera_or_secret_is_refused_before_the_body_is_read(
    port: Port, auth: tuple[str, str]
) -> None:
    port.client.auth = httpx.BasicAuth(*auth)
    answer = await port.push(b"")
    assert answer.status_code == HTTPStatus.UNAUTHORIZED
    assert answer.headers["www-authenticate"].startswith("Basic")
    assert port.quarantined() == []


async def test_no_credentials_at_all_are_refused(port: Port) -> None:
    port.client.auth = httpx.Auth()
    assert (await port.push()).status_code == HTTPStatus.UNAUTHORIZED


@pytest.mark.parametrize("header", ["Basic", "Basic %%%", "Basic bm9jb2xvbg==", "Bearer x", "Basic /////w=="])
async def test_broken_credentials_are_refused(port: Port, header: str) -> None:
    port.client.auth = httpx.Auth()
    answer = await port.client.post("/lpr/hikvision", content=b"x", headers={"Authorization": header})
    assert answer.status_code == HTTPStatus.UNAUTHORIZED


async def test_a_push_that_is_too_large_is_refused_by_its_announced_length(port: Port) -> None:
    answer = await port.push(**{"detectionPicture.jpg": b"x" * MAX_BODY_BYTES})
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


async def test_a_push_of_unknown_length_is_refused(port: Port) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield anpr_xml()

    answer = await port.client.post("/lpr/hikvision", content=body())
    assert answer.status_code == HTTPStatus.LENGTH_REQUIRED


async def test_a_push_of_too_many_parts_is_refused(port: Port) -> None:
    answer = await port.push(**{f"{number}.jpg": b"x" for number in range(MAX_PARTS + 1)})
    assert answer.status_code == HTTPStatus.BAD_REQUEST


async def test_a_multipart_body_that_is_none_is_refused(port: Port) -> None:
    answer = await port.client.post(
        "/lpr/hikvision", content=b"--wrong", headers={"Content-Type": "multipart/form-data; boundary=right"}
    )
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    missing = await port.client.post(
        "/lpr/hikvision", content=b"x", headers={"Content-Type": "multipart/form-data"}
    )
    assert missing.status_code == HTTPStatus.BAD_REQUEST
