"""What a camera is answered on the LPR port: 2xx after the commit, or a 4xx that says why."""

import asyncio
import hashlib
import urllib.request
from collections.abc import AsyncIterator
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from edge_agent.config import Settings
from edge_agent.lpr.api import MAX_BODY_BYTES, create_app
from edge_agent.lpr.intake import Intake
from edge_agent.lpr.push import MAX_PARTS
from edge_agent.lpr.search import PlateQuery, PlateSearch, StoredRead
from edge_agent.lpr.services import Kept, PlateReads
from edge_agent.store import Store
from edge_agent.sync.desired import DesiredStateKeeper
from edge_agent.sync.outbox import Outbox
from protocol import plate_cameras
from protocol.messages import DesiredCamera, LprSource
from protocol.plate_cameras import DIGEST_REALM
from tests.unit.edge.builders import JPEG, NOON, anpr_xml, desired_state
from tests.unit.edge.pushes import AXIS, OPENALPR, PASSAGE, PLATE_RECOGNIZER, TOLLGATE

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
        self.desired = desired
        self.plates = PlateSearch(store, folder / "images")
        app = create_app(Intake(self.reads, self._wake), desired)
        transport = httpx.ASGITransport(app)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://box", auth=(CAMERA.id, SECRET))

    def _wake(self, _kept: Kept) -> None:
        self.woken += 1

    def newest(self) -> list[StoredRead]:
        return self.plates.find(PlateQuery())

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
    (stored,) = port.newest()
    assert (stored.read.camera, stored.read.plate) == ("cam1", "ABC1D23")
    assert stored.image_path is not None
    assert (outbox.depth(), port.woken) == (1, 1)


async def test_a_repeat_is_answered_as_the_first_and_kept_once(port: Port) -> None:
    assert [(await port.push()).status_code for _ in range(3)] == [200, 200, 200]
    assert len(port.newest()) == port.woken == 1


async def test_a_bare_xml_body_is_a_push_too(port: Port) -> None:
    answer = await port.client.post(
        "/lpr/hikvision", content=anpr_xml(), headers={"Content-Type": "application/xml"}
    )
    assert answer.status_code == HTTPStatus.OK
    assert len(port.newest()) == 1


@pytest.mark.parametrize("name", ["anpr.xml", "EventNotification.XML", "event"])
async def test_a_firmware_may_name_the_xml_as_it_likes(port: Port, name: str) -> None:
    files = [("picture.jpg", ("picture.jpg", JPEG)), (name, (name, anpr_xml()))]
    assert (await port.client.post("/lpr/hikvision", files=files)).status_code == HTTPStatus.OK
    assert len(port.newest()) == 1


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
    assert port.newest() == []
    assert port.woken == 0


async def test_a_push_whose_plate_is_nowhere_is_accepted_and_kept_for_the_technician(port: Port) -> None:
    """A firmware may call the field otherwise; one that leaves it out must not repeat the push for ever."""
    answer = await port.push(anpr_xml().replace(b"licensePlate", b"plateNo"))
    assert (answer.status_code, answer.text) == (HTTPStatus.OK, "no plate")
    assert port.quarantined() == ["no plate where the vendor's form has it"]
    await port.push(anpr_xml(plate=""))
    assert len(port.quarantined()) == 1, "a camera that says that it read none is understood"


async def test_the_other_reading_counts_where_the_first_says_that_there_is_none(port: Port) -> None:
    other = "<originalLicensePlate>ABC1D23</originalLicensePlate>"
    await port.push(anpr_xml(plate="unknown", anpr=other))
    assert [read.read.plate for read in port.newest()] == ["ABC1D23"]


async def test_a_slash_too_many_in_the_address_loses_no_read(port: Port) -> None:
    answer = await port.client.post(
        "/lpr/hikvision/", content=anpr_xml(), headers={"Content-Type": "application/xml"}
    )
    assert answer.status_code == HTTPStatus.OK
    assert len(port.newest()) == 1


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
    assert 'Basic realm="gtv-lpr"' in answer.headers.get_list("www-authenticate")
    assert port.quarantined() == []


async def test_no_credentials_at_all_are_refused(port: Port) -> None:
    port.client.auth = httpx.Auth()
    assert (await port.push()).status_code == HTTPStatus.UNAUTHORIZED


@pytest.mark.parametrize(
    "header",
    [
        "Basic",
        "Basic %%%",
        "Basic bm9jb2xvbg==",
        "Bearer x",
        "Basic /////w==",
        'Digest username=, realm="x"',
        "Digest =",
    ],
)
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


# --- every vendor ----------------------------------------------------------------


@pytest.mark.req("S10.1")
@pytest.mark.parametrize(
    ("vendor", "sample"),
    [
        ("axis", AXIS),
        ("dahua", TOLLGATE),
        ("intelbras", TOLLGATE),
        ("openalpr", OPENALPR),
        ("platerecognizer", PLATE_RECOGNIZER),
        ("pumatronix", PASSAGE),
        ("generic", {"plate": "ABC1D23"}),
    ],
)
async def test_each_vendors_push_is_taken(port: Port, vendor: str, sample: dict[str, Any]) -> None:
    for _ in range(2):  # devices repeat
        answer = await port.client.post(f"/lpr/{vendor}", json=sample)
        assert answer.status_code == HTTPStatus.OK, answer.text
    (stored,) = port.newest()
    assert stored.read.plate == "ABC1D23"


async def test_a_vendor_that_nobody_knows_is_said(port: Port) -> None:
    answer = await port.client.post("/lpr/acme", json={})
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "hikvision" in answer.json()["detail"]


async def test_a_dahua_camera_is_answered_as_its_firmware_expects(port: Port) -> None:
    for name, body in (
        ("TollgateInfo", TOLLGATE),
        ("KeepAlive", {"Active": "keepAlive"}),
        ("DeviceInfo", {}),
    ):
        answer = await port.client.post(f"/NotificationInfo/{name}", json=body)
        assert (answer.status_code, answer.json()) == (HTTPStatus.OK, {"Result": True})
    assert len(port.newest()) == 1


async def test_times_without_offset_are_the_citys(port: Port) -> None:
    await port.client.post("/NotificationInfo/TollgateInfo", json=TOLLGATE)
    (stored,) = port.newest()
    assert stored.read.camera_at == NOON + timedelta(milliseconds=250)


async def test_a_broken_picture_is_refused_with_the_reason_and_quarantined(port: Port) -> None:
    answer = await port.push(**{"detectionPicture.jpg": JPEG[:-2]})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "JPEG" in answer.json()["detail"]
    assert port.quarantined() == [answer.json()["detail"]]


async def test_a_disk_that_fails_is_no_2xx(port: Port, tmp_path: Path) -> None:
    (tmp_path / "images").write_text("a file where the folder should be")
    with pytest.raises(OSError, match="images"):  # the server answers 500
        await port.push(**{"detectionPicture.jpg": JPEG})
    (tmp_path / "images").unlink()
    assert (await port.push(**{"detectionPicture.jpg": JPEG})).status_code == HTTPStatus.OK
    assert len(port.newest()) == 1


async def test_pushes_that_come_together_are_all_kept(port: Port, outbox: Outbox) -> None:
    pushes = [port.push(anpr_xml(event=f"u{n}", plate=f"AAA{n:04}"), **{"a.jpg": JPEG}) for n in range(100)]
    answers = await asyncio.gather(
        *pushes, *(port.push(anpr_xml(event="u1", plate="AAA0001")) for _ in range(9))
    )
    assert {answer.status_code for answer in answers} == {HTTPStatus.OK}
    assert outbox.depth() == 100


async def test_a_read_that_cannot_be_kept_takes_no_other_with_it(port: Port, monkeypatch: Any) -> None:
    write = PlateReads._write

    def fail(self: PlateReads, rows: Any) -> None:
        if any(row.read.plate == "BAD0000" for row in rows):
            raise OSError("a bad block")
        write(self, rows)

    monkeypatch.setattr(PlateReads, "_write", fail)
    plates = ["AAA0001", "BAD0000", "AAA0002"]
    pushes = [port.push(anpr_xml(event=plate, plate=plate)) for plate in plates]
    answers = await asyncio.gather(*pushes, return_exceptions=True)
    assert [isinstance(answer, OSError) for answer in answers] == [False, True, False]
    assert {stored.read.plate for stored in port.newest()} == {"AAA0001", "AAA0002"}


# --- who pushes ------------------------------------------------------------------


def known_by(port: Port, source: LprSource) -> None:
    camera = msgspec.structs.replace(CAMERA, lpr=source)
    port.desired.receive(desired_state(port.desired.revision + 1, cameras=[camera, NO_LPR]))


def ha1(algorithm: str) -> str:
    return hashlib.new(algorithm, f"{CAMERA.id}:{DIGEST_REALM}:{SECRET}".encode()).hexdigest()


@pytest.mark.parametrize("source", [LprSource(ha1_md5=ha1("md5")), LprSource(ha1_sha256=ha1("sha256"))])
async def test_a_camera_may_show_its_secret_by_digest(port: Port, source: LprSource) -> None:
    known_by(port, source)
    wanted = "MD5" if source.ha1_md5 else "SHA-256"
    port.client.auth = httpx.Auth()
    challenged = await port.client.post("/NotificationInfo/TollgateInfo?a=1", json=TOLLGATE)
    challenge = next(
        text for text in challenged.headers.get_list("www-authenticate") if f"algorithm={wanted}," in text
    )
    for count in (1, 2):
        header = digest_header(challenge, "/NotificationInfo/TollgateInfo?a=1", count, SECRET)
        answer = await port.client.post(
            "/NotificationInfo/TollgateInfo?a=1", json=TOLLGATE, headers={"Authorization": header}
        )
        assert answer.status_code == HTTPStatus.OK
        overheard = await port.client.post(
            "/NotificationInfo/TollgateInfo?a=1", json=TOLLGATE, headers={"Authorization": header}
        )
        assert overheard.status_code == HTTPStatus.UNAUTHORIZED
        assert "stale=true" in overheard.headers["www-authenticate"]


async def test_an_ordinary_digest_client_is_understood(port: Port) -> None:
    known_by(port, LprSource(ha1_sha256=ha1("sha256")))
    port.client.auth = httpx.DigestAuth(CAMERA.id, SECRET)
    assert [(await port.push()).status_code for _ in range(3)] == [200, 200, 200]


@pytest.mark.parametrize(
    ("path", "secret", "nonce"),
    [("/lpr/dahua", "wrong", ""), ("/elsewhere", SECRET, ""), ("/lpr/dahua", SECRET, "00" * 32)],
    ids=["secret", "uri", "nonce"],
)
async def test_a_digest_that_does_not_fit_is_refused(port: Port, path: str, secret: str, nonce: str) -> None:
    known_by(port, LprSource(ha1_md5=ha1("md5")))
    port.client.auth = httpx.Auth()
    challenge = (await port.client.post("/lpr/dahua")).headers.get_list("www-authenticate")[1]
    header = digest_header(challenge, path, 1, secret, nonce)
    answer = await port.client.post("/lpr/dahua", json=TOLLGATE, headers={"Authorization": header})
    assert answer.status_code == HTTPStatus.UNAUTHORIZED
    assert port.newest() == []


def digest_header(challenge: str, uri: str, count: int, secret: str, nonce: str = "") -> str:
    """What a camera answers to a challenge (RFC 7616, 3.4)."""
    items = urllib.request.parse_http_list(challenge.partition(" ")[2])
    given = urllib.request.parse_keqv_list(items)
    name = {"MD5": "md5", "SHA-256": "sha256"}[given["algorithm"]]

    def hashed(text: str) -> str:
        return hashlib.new(name, text.encode()).hexdigest()

    nonce = nonce or given["nonce"]
    own = hashed(f"{CAMERA.id}:{given['realm']}:{secret}")
    response = hashed(f"{own}:{nonce}:{count:08x}:c:auth:{hashed(f'POST:{uri}')}")
    return (
        f'Digest username="{CAMERA.id}", realm="{given["realm"]}", nonce="{nonce}", uri="{uri}", '
        f'algorithm={given["algorithm"]}, qop=auth, nc={count:08x}, cnonce="c", response="{response}"'
    )


async def test_a_camera_may_have_a_user_name_and_password_of_its_own(port: Port) -> None:
    own = LprSource(
        username="portaria",
        ha1_md5=plate_cameras.ha1("md5", "portaria", "s3nha"),
        ha1_sha256=plate_cameras.ha1("sha256", "portaria", "s3nha"),
    )
    known_by(port, own)
    for auth, status in (
        (httpx.DigestAuth("portaria", "s3nha"), HTTPStatus.OK),
        (httpx.BasicAuth("portaria", "s3nha"), HTTPStatus.OK),
        (httpx.BasicAuth(CAMERA.id, SECRET), HTTPStatus.OK),
        (httpx.DigestAuth("portaria", "wrong"), HTTPStatus.UNAUTHORIZED),
        (httpx.BasicAuth("portaria", "wrong"), HTTPStatus.UNAUTHORIZED),
        (httpx.BasicAuth(CAMERA.id, "s3nha"), HTTPStatus.UNAUTHORIZED),
        (httpx.BasicAuth("", ""), HTTPStatus.UNAUTHORIZED),
    ):
        port.client.auth = auth
        assert (await port.push()).status_code == status, auth


async def test_a_camera_whose_vendor_is_known_needs_no_address_of_its_vendor(port: Port) -> None:
    assert (await port.client.post("/lpr", json={"plate": "ABC1D23"})).status_code == HTTPStatus.NOT_FOUND
    known_by(port, LprSource(vendor="generic"))
    assert (await port.client.post("/lpr", json={"plate": "ABC1D23"})).status_code == HTTPStatus.OK
    known_by(port, LprSource(vendor="intelbras"))
    firmware = await port.client.post("/NotificationInfo/TollgateInfo", json=TOLLGATE)
    assert firmware.status_code == HTTPStatus.OK, "the two vendors are one adapter"


async def test_a_push_in_another_vendors_format_is_refused_and_kept_for_the_technician(port: Port) -> None:
    known_by(port, LprSource(vendor="hikvision"))
    answer = await port.client.post("/lpr/generic", json={"plate": "ABC1D23"})
    assert answer.status_code == HTTPStatus.BAD_REQUEST and "'hikvision'" in answer.json()["detail"]
    assert port.newest() == [] and port.quarantined() == [answer.json()["detail"]]


async def test_a_token_alone_is_enough_in_header_or_address(port: Port) -> None:
    port.client.auth = httpx.Auth()
    for address, headers in (
        ("/lpr/generic", {"Authorization": f"Bearer {SECRET}"}),
        (f"/lpr/generic?token={SECRET}", {}),
    ):
        answer = await port.client.post(address, json={"plate": "ABC1D23"}, headers=headers)
        assert answer.status_code == HTTPStatus.OK
    for address in ("/lpr/generic?token=", "/lpr/generic?token=x", "/lpr/generic"):
        assert (await port.client.post(address, json={})).status_code == HTTPStatus.UNAUTHORIZED


@pytest.mark.parametrize(
    ("sources", "status"),
    [
        (["127.0.0.0/8"], 200),
        (["::1", "127.0.0.1"], 200),
        (["10.0.0.0/8"], 403),
        (["nonsense"], 403),
        ([], 200),
    ],
)
async def test_a_camera_may_be_bound_to_addresses(port: Port, sources: list[str], status: int) -> None:
    known_by(port, LprSource(allowed_sources=sources))
    assert (await port.push()).status_code == status


async def test_an_address_alone_is_enough_only_where_the_hub_says_so(port: Port) -> None:
    port.client.auth = httpx.Auth()
    known_by(port, LprSource(allowed_sources=["127.0.0.1"]))
    assert (await port.push()).status_code == HTTPStatus.UNAUTHORIZED
    by_address = LprSource(allowed_sources=["127.0.0.1"], by_address=True)
    both = [msgspec.structs.replace(camera, lpr=by_address) for camera in (CAMERA, NO_LPR)]
    port.desired.receive(desired_state(3, cameras=[both[0], NO_LPR]))
    assert (await port.push()).status_code == HTTPStatus.OK
    port.desired.receive(desired_state(4, cameras=both))
    assert (await port.push()).status_code == HTTPStatus.UNAUTHORIZED, "which of the two it is, nobody knows"
