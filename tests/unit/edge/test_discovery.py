"""What answers a search is understood, and a search asks only where cameras can be."""

import asyncio
import gzip
import resource
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from edge_agent.cameras import onvif
from edge_agent.cameras.discovery import FoundDevice, addresses_of, ask_addresses, device_of
from edge_agent.cameras.domain import InvalidAddress
from edge_agent.cameras.onvif import (
    Garbled,
    NotOnvif,
    OnvifFailed,
    Profile,
    Silent,
    WrongPassword,
    ask_device,
    at_host,
    main_and_sub,
    notes,
)

ENVELOPE = (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
    'xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl" '
    'xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:ter="http://www.onvif.org/ver10/error">'
    "<s:Body>{}</s:Body></s:Envelope>"
)
FAULT = (
    "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:NotAuthorized</s:Value></s:Subcode>"
    '</s:Code><s:Reason><s:Text xml:lang="en">Sender not authorized</s:Text></s:Reason></s:Fault>'
)


def profile(token: str, width: int, height: int) -> str:
    return (
        f'<trt:Profiles token="{token}" fixed="true"><tt:Name>{token}</tt:Name>'
        f'<tt:VideoEncoderConfiguration token="v{token}"><tt:Name>v</tt:Name><tt:UseCount>1</tt:UseCount>'
        f"<tt:Encoding>H264</tt:Encoding><tt:Resolution><tt:Width>{width}</tt:Width><tt:Height>{height}</tt:Height>"
        "</tt:Resolution><tt:Quality>4</tt:Quality><tt:RateControl><tt:FrameRateLimit>25</tt:FrameRateLimit>"
        "<tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>2048</tt:BitrateLimit></tt:RateControl>"
        "<tt:Multicast><tt:Address><tt:Type>IPv4</tt:Type></tt:Address><tt:Port>0</tt:Port><tt:TTL>1</tt:TTL>"
        "<tt:AutoStart>false</tt:AutoStart></tt:Multicast><tt:SessionTimeout>PT60S</tt:SessionTimeout>"
        "</tt:VideoEncoderConfiguration></trt:Profiles>"
    )


class Device:
    """An ONVIF device of canned answers, whose clock is two hours behind."""

    def __init__(self) -> None:
        self.refuses = False
        device = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
                status, body = device.answer(asked)
                self.send_response(status)
                self.send_header("Content-Type", "application/soap+xml")
                for name, encoding in device.encoding_of.items():
                    if name in asked:
                        self.send_header("Content-Encoding", encoding)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Silent."""

        self.encoding_of: dict[str, str] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port

    def answer(self, asked: str) -> tuple[int, bytes]:
        if "GetSystemDateAndTime" not in asked and self.refuses:
            return 400, ENVELOPE.format(FAULT).encode()
        return 200, ENVELOPE.format(next(text for name, text in self._answers() if name in asked)).encode()

    def _answers(self) -> list[tuple[str, str]]:
        there = f"http://10.9.9.9:{self.port}/onvif"
        return [
            (
                "GetSystemDateAndTime",
                "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType>"
                "<tt:DaylightSavings>false</tt:DaylightSavings><tt:UTCDateTime><tt:Time><tt:Hour>1</tt:Hour>"
                "<tt:Minute>2</tt:Minute><tt:Second>3</tt:Second></tt:Time><tt:Date><tt:Year>2020</tt:Year>"
                "<tt:Month>1</tt:Month><tt:Day>1</tt:Day></tt:Date></tt:UTCDateTime></tds:SystemDateAndTime>"
                "</tds:GetSystemDateAndTimeResponse>",
            ),
            (
                "GetServices",
                "<tds:GetServicesResponse>"
                + "".join(
                    f"<tds:Service><tds:Namespace>http://www.onvif.org/ver10/{name}/wsdl</tds:Namespace>"
                    f"<tds:XAddr>{there}/{name}</tds:XAddr><tds:Version><tt:Major>2</tt:Major>"
                    "<tt:Minor>0</tt:Minor></tds:Version></tds:Service>"
                    for name in ("device", "media")
                )
                + "</tds:GetServicesResponse>",
            ),
            (
                "GetDeviceInformation",
                "<tds:GetDeviceInformationResponse><tds:Manufacturer>Intelbras</tds:Manufacturer>"
                "<tds:Model>VIP 3240</tds:Model><tds:FirmwareVersion>1.0</tds:FirmwareVersion>"
                "<tds:SerialNumber>S1</tds:SerialNumber><tds:HardwareId>1</tds:HardwareId>"
                "</tds:GetDeviceInformationResponse>",
            ),
            (
                "GetProfiles",
                f"<trt:GetProfilesResponse>{profile('sub', 640, 360)}{profile('main', 1920, 1080)}"
                "</trt:GetProfilesResponse>",
            ),
            (
                "GetStreamUri",
                "<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>rtsp://admin:x@10.9.9.9:8554/live</tt:Uri>"
                "<tt:InvalidAfterConnect>false</tt:InvalidAfterConnect><tt:InvalidAfterReboot>false"
                "</tt:InvalidAfterReboot><tt:Timeout>PT0S</tt:Timeout></trt:MediaUri></trt:GetStreamUriResponse>",
            ),
            (
                "GetSnapshotUri",
                "<trt:GetSnapshotUriResponse><trt:MediaUri><tt:Uri>http://10.9.9.9/snap.jpg</tt:Uri>"
                "<tt:InvalidAfterConnect>false</tt:InvalidAfterConnect><tt:InvalidAfterReboot>false"
                "</tt:InvalidAfterReboot><tt:Timeout>PT0S</tt:Timeout></trt:MediaUri></trt:GetSnapshotUriResponse>",
            ),
        ]


@pytest.fixture
def device() -> Iterator[Device]:
    made = Device()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.02,))
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


async def test_a_device_tells_who_it_is_and_which_streams_it_has(device: Device) -> None:
    facts = await ask_device("127.0.0.1", device.port, "admin", "s")
    assert (facts.manufacturer, facts.model) == ("Intelbras", "VIP 3240")
    assert [(p.token, p.codec, p.width, p.fps, p.bitrate_bps) for p in facts.profiles] == [
        ("sub", "H264", 640, 25.0, 2_048_000),
        ("main", "H264", 1920, 25.0, 2_048_000),
    ]
    assert facts.main_url == "rtsp://127.0.0.1:8554/live", (
        "asked host, and no password that the camera put in"
    )
    assert facts.clock_difference_s is not None
    assert facts.clock_difference_s < -86_400
    assert "atrasado" in facts.notes[0]


async def test_a_wrong_password_is_told_from_something_that_is_no_onvif(device: Device) -> None:
    device.refuses = True
    with pytest.raises(WrongPassword):
        await ask_device("127.0.0.1", device.port, "admin", "wrong")
    with pytest.raises(NotOnvif):
        await ask_device("127.0.0.1", 1, "admin", "s")


# --- what answers, but not as it should ------------------------------------------------------


BODY = '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>{}</s:Body></s:Envelope>'


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, "<html><body>Login</body></html>"),
        (200, "\0\1 garbage" * 50),
        (200, ""),
        (200, BODY.format("")),
        (200, BODY.format("<a/>")),
        (200, BODY[:60]),
        (200, '<!DOCTYPE a [<!ENTITY b "xxxx">]>' + BODY.format("&b;" * 1000)),
        (200, "Envelope" + "x" * 100_000),
        (404, "not here"),
        (500, ""),
    ],
    ids=["page", "bytes", "nothing", "no-answer", "another", "torn", "entities", "endless", "404", "500"],
)
async def test_what_is_no_onvif_answer_is_said_in_words(device: Device, status: int, body: str) -> None:
    device.answer = lambda _asked: (status, body.encode())  # type: ignore[method-assign]
    with pytest.raises(NotOnvif, match="ONVIF está ativado"):
        await ask_device("127.0.0.1", device.port, "admin", "s")


OPERATIONS = ["GetServices", "GetDeviceInformation", "GetProfiles", "GetStreamUri", "GetSnapshotUri"]


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("attack", ["endless", "deep", "entities", "external", "gzip"])
async def test_no_answer_of_a_device_costs_the_box_its_memory_or_its_files(
    device: Device, operation: str, attack: str, tmp_path: Path
) -> None:
    """A device that behaves until it is asked this; whatever it does then, what it is asked ends soon."""
    (tmp_path / "secret").write_text("the key of the box")
    deep = 100_000
    bodies = {
        "endless": BODY.format("<a>" + "x" * (8 << 20)),
        "deep": BODY.format("<a>" * deep + "</a>" * deep),
        "entities": '<!DOCTYPE a [<!ENTITY b "xxxx"><!ENTITY c "&b;&b;&b;&b;">]>' + BODY.format("&c;"),
        "external": f'<!DOCTYPE a [<!ENTITY b SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
        + BODY.format("&b;"),
        "gzip": gzip.compress(b" " * (64 << 20)),
    }
    sound, body = device.answer, bodies[attack]
    device.encoding_of = {operation: "gzip"} if attack == "gzip" else {}
    sent = body if isinstance(body, bytes) else body.encode()
    device.answer = lambda asked: (200, sent) if operation in asked else sound(asked)  # type: ignore[method-assign]
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        facts = await ask_device("127.0.0.1", device.port, "admin", "s")
    except OnvifFailed as error:
        assert "the key of the box" not in str(error)
    else:
        assert "the key of the box" not in str(facts)
        assert facts.model in ("VIP 3240", ""), "what was not understood is empty"
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb
    assert grown_kb < 60_000, "the bomb was unpacked"


@pytest.mark.parametrize("operation", OPERATIONS[:4])
@pytest.mark.parametrize("body", ["<html/>", BODY.format(""), BODY.format("<a/>"), ""])
async def test_a_device_that_speaks_and_then_talks_nonsense_is_explained(
    device: Device, operation: str, body: str
) -> None:
    sound = device.answer
    device.answer = lambda asked: (200, body.encode()) if operation in asked else sound(asked)  # type: ignore[method-assign]
    try:
        facts = await ask_device("127.0.0.1", device.port, "admin", "s")
    except OnvifFailed as error:
        assert "ONVIF" in str(error)
    else:
        assert facts.model in ("VIP 3240", ""), "what it left out is empty"


async def test_a_device_that_takes_the_connection_and_is_silent_is_said_to_be(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onvif, "GREETING_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as mute, pytest.raises(Silent, match="não respondeu a tempo"):
        await ask_device("127.0.0.1", mute.getsockname()[1], "admin", "s")
    monkeypatch.setattr(onvif, "TIMEOUT_S", 0.5)
    released, sound = threading.Event(), device.answer

    def hanging(asked: str) -> tuple[int, bytes]:
        if "GetDeviceInformation" in asked:
            released.wait(10)
        return sound(asked)

    monkeypatch.setattr(device, "answer", hanging)
    monkeypatch.setattr(onvif, "GREETING_S", 5)
    with pytest.raises(Silent):
        await ask_device("127.0.0.1", device.port, "admin", "s")
    released.set()


async def test_a_device_that_answers_without_end_is_left_at_once() -> None:
    sent = 0

    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n")
        with suppress(OSError):
            while True:
                writer.write(b"x" * 65_536)
                await writer.drain()
                sent += 65_536

    server = await asyncio.start_server(pour, "127.0.0.1", 0)
    with pytest.raises(Garbled):
        await ask_device("127.0.0.1", server.sockets[0].getsockname()[1], "admin", "s")
    server.close()
    assert sent < 20_000_000, "no more than the sockets' buffers hold"


async def test_asking_an_address_finds_its_onvif_service(device: Device) -> None:
    (found,) = await ask_addresses(["127.0.0.1"], ports=[1, device.port])
    assert (found.address, found.onvif_port) == ("127.0.0.1", device.port)


async def test_an_address_that_is_silent_costs_little() -> None:
    async with asyncio.timeout(5):
        assert await ask_addresses(["127.0.0.2"], ports=[1]) == []


def test_a_subnet_is_bounded_and_local() -> None:
    assert addresses_of("192.168.1.64", allow_loopback=False) == ["192.168.1.64"]
    assert len(addresses_of("192.168.1.0/24", allow_loopback=False)) == 254
    for wrong in ("10.0.0.0/8", "8.8.8.0/24", "127.0.0.1", "praça", "169.254.0.0/24"):
        with pytest.raises(InvalidAddress):
            addresses_of(wrong, allow_loopback=False)


def test_an_announcement_names_the_camera_and_cannot_point_outside() -> None:
    scopes = ["onvif://www.onvif.org/name/VIP%203240", "onvif://www.onvif.org/hardware/X"]
    assert device_of(["http://10.0.0.7:8080/onvif/device_service"], scopes) == FoundDevice(
        "10.0.0.7", onvif_port=8080, name="VIP 3240", hardware="X"
    )
    for xaddr in ("http://8.8.8.8/", "http://evil.example/", "http://[::", "nothing"):
        assert device_of([xaddr], []) is None


def test_the_largest_picture_is_main_and_a_smaller_one_is_sub() -> None:
    big, small = (Profile(n, n, "H264", w, w, 25.0, 0, "") for n, w in (("a", 1920), ("b", 640)))
    assert main_and_sub([small, big]) == (big, small)
    assert main_and_sub([big]) == (big, None)
    assert main_and_sub([]) == (None, None)
    assert notes(None, None, None) == [
        "A câmera não oferece nenhum vídeo por ONVIF.",
        "A câmera não informou a hora.",
    ]
    assert at_host("rtsp://u:p@1.2.3.4/x?y=1", "fd00::7") == "rtsp://[fd00::7]/x?y=1"
