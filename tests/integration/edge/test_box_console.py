"""A running box with no internet: the guard's console and the cameras' port, over real sockets."""

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx
import pytest
from websockets import Origin
from websockets.sync.client import connect

from edge_agent.console.auth import COOKIE
from edge_agent.lpr.api import MAX_BODY_BYTES
from tests.integration.edge.rig import (
    LPR_SECRET,
    PASSWORD,
    RTSP_PASSWORD,
    BoxProcess,
    clocks,
    eventually,
    fetch_media,
)
from tests.unit.edge.builders import JPEG, anpr_xml, basic


@pytest.fixture(scope="module")
def guard(box: BoxProcess) -> Iterator[httpx.Client]:
    with box.log_in() as client:
        eventually(
            lambda: client.get("/api/cameras/cam1/live.m3u8").text.count("#EXTINF") >= 3, what="live video"
        )
        yield client


def period(client: httpx.Client) -> dict[str, str]:
    """The last minute."""
    now = datetime.now(UTC)
    return {"start": (now - timedelta(minutes=1)).isoformat(), "end": now.isoformat()}


def test_the_console_works_without_the_hub(guard: httpx.Client) -> None:
    status = guard.get("/api/status").json()
    assert status["online_with_hub"] is False
    assert status["city_name"] == "São Bento"


def test_the_guard_sees_which_camera_works_and_why_another_does_not(guard: httpx.Client) -> None:
    def states() -> dict[str, str]:
        return {c["id"]: c["state"] for c in guard.get("/api/cameras").json()}

    eventually(lambda: states() == {"cam1": "online", "cam2": "offline"}, what="the cameras' states")
    lost = guard.get("/api/cameras").json()[1]
    assert lost["reason"]
    rates = eventually(lambda: [c for c in guard.get("/api/cameras").json() if c["fps"] > 1])
    assert rates[0]["bitrate_bps"] > 10_000


def test_live_video_shows_the_last_seconds(guard: httpx.Client) -> None:
    playlist = guard.get("/api/cameras/cam1/live.m3u8").text
    shown = clocks(fetch_media(guard, "/api/cameras/cam1/live.m3u8", playlist))
    assert shown == sorted(shown)
    assert datetime.now(UTC).timestamp() - shown[-1] < 8.0


def test_a_recorded_period_plays_from_playlist_and_byte_ranges(guard: httpx.Client) -> None:
    asked = period(guard)
    url = "/api/cameras/cam1/playback.m3u8"
    answer = guard.get(url, params=asked)
    assert answer.status_code == HTTPStatus.OK
    shown = clocks(fetch_media(guard, url, answer.text))
    assert len(shown) > 12
    assert shown == sorted(shown), "playback jumped backwards"
    spans = guard.get("/api/cameras/cam1/timeline", params=asked).json()["spans"]
    assert datetime.fromisoformat(spans[0]["start"]).timestamp() == pytest.approx(shown[0], abs=1.0)


def test_a_period_before_the_box_existed_has_no_footage(guard: httpx.Client) -> None:
    old = {"start": "2020-01-01T00:00:00Z", "end": "2020-01-01T01:00:00Z"}
    answer = guard.get("/api/cameras/cam1/playback.m3u8", params=old)
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert guard.get("/api/cameras/cam1/timeline", params=old).json() == {"spans": [], "reads": []}


def test_a_plate_that_a_camera_pushes_is_on_the_console_at_once(box: BoxProcess, guard: httpx.Client) -> None:
    now = datetime.now(UTC).isoformat()
    xml = anpr_xml(plate="GTV1A23", event="console-1", time=now)
    files = [("anpr.xml", ("anpr.xml", xml)), ("detectionPicture.jpg", ("detectionPicture.jpg", JPEG))]
    for _ in range(2):  # the camera repeats itself
        answer = httpx.post(box.lpr_url, files=files, auth=("cam1", LPR_SECRET))
        assert answer.status_code == HTTPStatus.OK
    (found,) = guard.get("/api/plate-reads", params={"plate": "GTV1", "purpose": "teste"}).json()["results"]
    assert guard.get(found["image_url"]).content == JPEG
    marks = guard.get("/api/cameras/cam1/timeline", params=period(guard)).json()["reads"]
    assert found["id"] in [mark["id"] for mark in marks]


def test_an_open_console_hears_of_a_plate_at_once(box: BoxProcess, guard: httpx.Client) -> None:
    cookie = f"{COOKIE}={guard.cookies[COOKIE]}"
    url = box.console_url.replace("http", "ws", 1) + "/api/events"
    with connect(url, additional_headers={"Cookie": cookie}, origin=Origin(box.console_url)) as socket:
        box.push(anpr_xml(plate="GTV2B34", event="console-2")).raise_for_status()
        heard = eventually(
            lambda: [e for e in [json.loads(socket.recv(timeout=10))] if e["type"] == "plate"],
            what="the event",
        )
    assert (heard[0]["plate"], heard[0]["camera"]) == ("GTV2B34", "cam1")


@pytest.mark.parametrize(
    ("auth", "xml", "status"),
    [
        (("cam1", LPR_SECRET), b"<html/>", HTTPStatus.BAD_REQUEST),
        (("cam1", "wrong"), anpr_xml(), HTTPStatus.UNAUTHORIZED),
        (("nobody", LPR_SECRET), anpr_xml(), HTTPStatus.UNAUTHORIZED),
        (("cam1", LPR_SECRET), b"x" * (MAX_BODY_BYTES + 1), HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    ],
    ids=["malformed", "wrong-secret", "unknown-camera", "too-large"],
)
def test_a_push_that_is_wrong_is_refused(
    box: BoxProcess, auth: tuple[str, str], xml: bytes, status: HTTPStatus
) -> None:
    answer = httpx.post(box.lpr_url, content=xml, auth=auth)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ("Transfer-Encoding: chunked\r\n", b"3\r\nabc\r\n0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", b"3\r\nabc\r\n0\r\n\r\n"),
    ],
    ids=["chunked", "chunked-with-a-length"],
)
def test_a_push_that_hides_its_length_is_refused(box: BoxProcess, headers: str, body: bytes) -> None:
    address = urlsplit(box.lpr_url)
    authorization = basic("cam1", LPR_SECRET)["Authorization"]
    head = f"POST {address.path} HTTP/1.1\r\nHost: box\r\nAuthorization: {authorization}\r\n{headers}\r\n"
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as connection:
        connection.sendall(head.encode() + body)
        status_line = connection.makefile("rb").readline()
    assert status_line.split()[1] in (b"400", b"411"), status_line


def test_the_database_holds_no_password(box: BoxProcess, guard: httpx.Client) -> None:
    """The box runs and records (fixture); neither the file nor its log of writes names a credential."""
    for file in box.root.glob("edge.db*"):
        content = file.read_bytes()
        for secret in (RTSP_PASSWORD, LPR_SECRET, PASSWORD, "$argon2", "rtsp://"):
            assert secret.encode() not in content, f"{secret} in {file.name}"


def test_the_log_is_json_and_holds_no_secret(box: BoxProcess, guard: httpx.Client) -> None:
    eventually(lambda: "camera_offline" in box.log_text(), what="the camera with the wrong address")
    text = box.log_text()
    for secret in (RTSP_PASSWORD, LPR_SECRET, PASSWORD):
        assert secret not in text
    for line in text.splitlines():
        assert isinstance(json.loads(line), dict), f"not JSON: {line}"
