"""A simulated ONVIF camera (Profile S): found by WS-Discovery, asked by SOAP, with a snapshot over HTTP.

    profiles = (VideoProfile("main", cameras.url("cam1"), 640, 360),)
    with OnvifDevice(OnvifSpec(profiles)) as device: ask(LOOPBACK, device.port)

As much as a client needs to find a camera and ask for its streams; WS-UsernameToken (ONVIF Core, 5.12) guards
all but the time, HTTP Digest the snapshot. `clock_ahead_s` sets the device's clock wrong.
"""

import base64
import hashlib
import hmac
import socket
import struct
import threading
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from urllib.parse import quote, urlsplit
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from defusedxml.ElementTree import ParseError, fromstring
from PIL import Image, ImageDraw

from demo.lettering import bold
from demo.ports import LOOPBACK
from demo.process import Startable
from demo.rtsp_server.auth import Login

SERVICE_PATH = "/onvif/device_service"
MEDIA_PATH = "/onvif/media_service"
SNAPSHOT_PATH = "/snapshot.jpg"
MULTICAST_GROUP, DISCOVERY_PORT = "239.255.255.250", 3702
MAX_REQUEST_BYTES = 65_536
TOKEN_AGE = timedelta(seconds=10)

ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl"'
    ' xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:ter="http://www.onvif.org/ver10/error"'
    ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
    ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"'
    ' xmlns:dn="http://www.onvif.org/ver10/network/wsdl">{header}<s:Body>{body}</s:Body></s:Envelope>'
)
FAULT = (
    "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:{code}</s:Value></s:Subcode></s:Code>"
    '<s:Reason><s:Text xml:lang="en">{reason}</s:Text></s:Reason></s:Fault>'
)


@dataclass(frozen=True)
class VideoProfile:
    token: str
    stream_url: str
    width: int
    height: int
    fps: int = 12
    bitrate_kbps: int = 400


@dataclass(frozen=True)
class OnvifSpec:
    profiles: tuple[VideoProfile, ...]
    name: str = "Praça da Matriz"
    login: Login = field(default_factory=lambda: Login("admin", "segredo"))
    clock_ahead_s: float = 0.0
    serial: str = field(default_factory=lambda: uuid.uuid4().hex[:12])

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.clock_ahead_s)


class OnvifDevice(Startable):
    """HTTP on `port`; `discoverable` also answers WS-Discovery probes sent to the multicast group."""

    def __init__(
        self, spec: OnvifSpec, port: int = 0, host: str = LOOPBACK, discoverable: bool = False
    ) -> None:
        self._spec = spec
        self._http = _HttpServer((host, port), spec)
        self.port = int(self._http.server_address[1])
        self._discovery = DiscoveryResponder(spec, self.service_url) if discoverable else None
        self._thread = threading.Thread(target=self._http.serve_forever, name="onvif-device", daemon=True)

    @property
    def service_url(self) -> str:
        return f"http://{self._http.server_address[0]!s}:{self.port}{SERVICE_PATH}"

    def start(self) -> None:
        self._thread.start()
        if self._discovery is not None:
            self._discovery.start()

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        if self._discovery is not None:
            self._discovery.stop()


# --- WS-Discovery ----------------------------------------------------------------------------------


class DiscoveryResponder(Startable):
    """Answers probes; `port` may be another one for probes sent straight to it in tests."""

    def __init__(self, spec: OnvifSpec, service_url: str, port: int = DISCOVERY_PORT) -> None:
        self._spec = spec
        self._url = service_url
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_UDP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("", port))
        self.port = int(self._socket.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, name="ws-discovery", daemon=True)

    def start(self) -> None:
        group = socket.inet_aton(MULTICAST_GROUP)
        self._socket.setsockopt(
            socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, struct.pack("4sL", group, socket.INADDR_ANY)
        )
        self._socket.settimeout(0.5)
        self._thread.start()

    def stop(self) -> None:
        self._socket.close()
        self._thread.join()

    def _serve(self) -> None:
        while self._socket.fileno() >= 0:
            try:
                request, sender = self._socket.recvfrom(MAX_REQUEST_BYTES)
                if answer := probe_match(self._spec, self._url, request):
                    self._socket.sendto(answer, sender)
            except OSError:  # closed, or nobody asked for half a second
                continue


def probe_match(spec: OnvifSpec, service_url: str, request: bytes) -> bytes:
    """The answer to a Probe; empty to anything else."""
    try:
        root = fromstring(request)
    except ParseError:
        return b""
    message_id = _text(root, "MessageID")
    if _find(root, "Probe") is None or not message_id:
        return b""
    action = "http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches"
    anyone = "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"
    header = (
        f"<s:Header><a:MessageID>urn:uuid:{uuid.uuid4()}</a:MessageID><a:To>{anyone}</a:To>"
        f"<a:RelatesTo>{escape(message_id)}</a:RelatesTo><a:Action>{action}</a:Action>"
        f'<d:AppSequence InstanceId="1" MessageNumber="1"/></s:Header>'
    )
    facts = {"type": "video_encoder", "name": spec.name, "hardware": "GTV-SIM"}
    scopes = " ".join(f"onvif://www.onvif.org/{kind}/{quote(value)}" for kind, value in facts.items())
    body = (
        f"<d:ProbeMatches><d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:"
        f"{uuid.uuid5(uuid.NAMESPACE_OID, spec.serial)}</a:Address></a:EndpointReference>"
        f"<d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>{scopes}</d:Scopes>"
        f"<d:XAddrs>{service_url}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion>"
        f"</d:ProbeMatch></d:ProbeMatches>"
    )
    return ENVELOPE.format(header=header, body=body).encode()


# --- SOAP and snapshot ---------------------------------------------------------------------------------


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], spec: OnvifSpec) -> None:
        self.spec = spec
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _HttpServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if urlsplit(self.path).path != SNAPSHOT_PATH:
            self._send(HTTPStatus.NOT_FOUND, b"", "text/plain")
            return
        login = self.server.spec.login
        if not login.accepts(self.headers.get("Authorization", ""), "GET"):
            challenge = {"WWW-Authenticate": login.challenge()}
            self._send(HTTPStatus.UNAUTHORIZED, b"", "text/plain", challenge)
            return
        self._send(HTTPStatus.OK, snapshot(self.server.spec), "image/jpeg")

    def do_POST(self) -> None:
        length = min(MAX_REQUEST_BYTES, int(self.headers.get("Content-Length", 0)))
        base = f"http://{self.headers.get('Host', LOOPBACK)}"
        status, body = answer(self.server.spec, base, self.rfile.read(length))
        document = ENVELOPE.format(header="", body=body).encode()
        self._send(status, document, "application/soap+xml; charset=utf-8")

    def log_message(self, format: str, *args: object) -> None:
        """A camera keeps no log."""

    def _send(
        self, status: HTTPStatus, body: bytes, content_type: str, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        fields = {"Content-Type": content_type, "Content-Length": str(len(body)), **(headers or {})}
        for name, value in fields.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def answer(spec: OnvifSpec, base: str, request: bytes) -> tuple[HTTPStatus, str]:
    """The body of the SOAP answer; `base` is how the client reached the device."""
    try:
        root = fromstring(request)
    except ParseError:
        return HTTPStatus.BAD_REQUEST, FAULT.format(code="WellFormed", reason="not XML")
    body = _find(root, "Body")
    if body is None or not len(body):
        return HTTPStatus.BAD_REQUEST, FAULT.format(code="WellFormed", reason="no request")
    operation = body[0].tag.rpartition("}")[2]
    if operation != "GetSystemDateAndTime" and not _is_authorised(spec, root):
        return HTTPStatus.BAD_REQUEST, FAULT.format(code="NotAuthorized", reason="Sender not authorized")
    wanted = _text(body, "ProfileToken")
    profile = next((profile for profile in spec.profiles if profile.token == wanted), spec.profiles[0])
    answers = {
        "GetSystemDateAndTime": lambda: _date_and_time(spec),
        "GetDeviceInformation": lambda: _device_information(spec),
        "GetCapabilities": lambda: _capabilities(base),
        "GetServices": lambda: _services(base),
        "GetProfiles": lambda: _profiles(spec),
        "GetStreamUri": lambda: _media_uri("GetStreamUri", profile.stream_url),
        "GetSnapshotUri": lambda: _media_uri("GetSnapshotUri", f"{base}{SNAPSHOT_PATH}"),
    }
    if operation not in answers:
        return HTTPStatus.BAD_REQUEST, FAULT.format(code="ActionNotSupported", reason=escape(operation))
    return HTTPStatus.OK, answers[operation]()


def _is_authorised(spec: OnvifSpec, root: Element) -> bool:
    """WS-Security UsernameToken with a password digest, or the password as text."""
    given, nonce, created = (_text(root, name) for name in ("Password", "Nonce", "Created"))
    if _text(root, "Username") != spec.login.username:
        return False
    if not nonce or not created:
        return hmac.compare_digest(given.encode(), spec.login.password.encode())
    try:
        salt, made_at = base64.b64decode(nonce), datetime.fromisoformat(created)
    except ValueError:
        return False
    secret = salt + created.encode() + spec.login.password.encode()
    digest = base64.b64encode(hashlib.sha1(secret, usedforsecurity=False).digest()).decode()
    fresh = abs(made_at.astimezone(UTC) - spec.now()) <= TOKEN_AGE
    return fresh and hmac.compare_digest(given, digest)


def _date_and_time(spec: OnvifSpec) -> str:
    now = spec.now()
    time = (
        f"<tt:Hour>{now.hour}</tt:Hour><tt:Minute>{now.minute}</tt:Minute><tt:Second>{now.second}</tt:Second>"
    )
    date = f"<tt:Year>{now.year}</tt:Year><tt:Month>{now.month}</tt:Month><tt:Day>{now.day}</tt:Day>"
    return (
        "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>Manual</tt:DateTimeType>"
        "<tt:DaylightSavings>false</tt:DaylightSavings><tt:TimeZone><tt:TZ>BRT3</tt:TZ></tt:TimeZone>"
        f"<tt:UTCDateTime><tt:Time>{time}</tt:Time><tt:Date>{date}</tt:Date></tt:UTCDateTime>"
        "</tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>"
    )


def _device_information(spec: OnvifSpec) -> str:
    return (
        "<tds:GetDeviceInformationResponse><tds:Manufacturer>GT-Vision</tds:Manufacturer>"
        "<tds:Model>Simulated camera</tds:Model><tds:FirmwareVersion>1.0</tds:FirmwareVersion>"
        f"<tds:SerialNumber>{escape(spec.serial)}</tds:SerialNumber><tds:HardwareId>GTV-SIM</tds:HardwareId>"
        "</tds:GetDeviceInformationResponse>"
    )


def _capabilities(base: str) -> str:
    transport = "<tt:RTPMulticast>false</tt:RTPMulticast><tt:RTP_TCP>true</tt:RTP_TCP>"
    transport += "<tt:RTP_RTSP_TCP>true</tt:RTP_RTSP_TCP>"
    return (
        "<tds:GetCapabilitiesResponse><tds:Capabilities>"
        f"<tt:Device><tt:XAddr>{escape(base)}{SERVICE_PATH}</tt:XAddr></tt:Device>"
        f"<tt:Media><tt:XAddr>{escape(base)}{MEDIA_PATH}</tt:XAddr>"
        f"<tt:StreamingCapabilities>{transport}</tt:StreamingCapabilities></tt:Media>"
        "</tds:Capabilities></tds:GetCapabilitiesResponse>"
    )


def _services(base: str) -> str:
    version = "<tds:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tds:Version>"
    services = "".join(
        f"<tds:Service><tds:Namespace>http://www.onvif.org/ver10/{name}/wsdl</tds:Namespace>"
        f"<tds:XAddr>{escape(base)}{path}</tds:XAddr>{version}</tds:Service>"
        for name, path in (("device", SERVICE_PATH), ("media", MEDIA_PATH))
    )
    return f"<tds:GetServicesResponse>{services}</tds:GetServicesResponse>"


def _profiles(spec: OnvifSpec) -> str:
    profiles = "".join(_profile(profile) for profile in spec.profiles)
    return f"<trt:GetProfilesResponse>{profiles}</trt:GetProfilesResponse>"


def _profile(profile: VideoProfile) -> str:
    token = escape(profile.token)
    size = f"<tt:Width>{profile.width}</tt:Width><tt:Height>{profile.height}</tt:Height>"
    rate = (
        f"<tt:FrameRateLimit>{profile.fps}</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval>"
        f"<tt:BitrateLimit>{profile.bitrate_kbps}</tt:BitrateLimit>"
    )
    multicast = (
        "<tt:Address><tt:Type>IPv4</tt:Type><tt:IPv4Address>0.0.0.0</tt:IPv4Address></tt:Address>"
        "<tt:Port>0</tt:Port><tt:TTL>1</tt:TTL><tt:AutoStart>false</tt:AutoStart>"
    )
    return (
        f'<trt:Profiles token="{token}" fixed="true"><tt:Name>{token}</tt:Name>'
        f'<tt:VideoEncoderConfiguration token="enc-{token}"><tt:Name>{token}</tt:Name>'
        "<tt:UseCount>1</tt:UseCount>"
        f"<tt:Encoding>H264</tt:Encoding><tt:Resolution>{size}</tt:Resolution><tt:Quality>4</tt:Quality>"
        f"<tt:RateControl>{rate}</tt:RateControl><tt:H264><tt:GovLength>{profile.fps}</tt:GovLength>"
        f"<tt:H264Profile>Baseline</tt:H264Profile></tt:H264><tt:Multicast>{multicast}</tt:Multicast>"
        "<tt:SessionTimeout>PT60S</tt:SessionTimeout></tt:VideoEncoderConfiguration></trt:Profiles>"
    )


def _media_uri(operation: str, uri: str) -> str:
    validity = "<tt:InvalidAfterConnect>false</tt:InvalidAfterConnect>"
    validity += "<tt:InvalidAfterReboot>false</tt:InvalidAfterReboot><tt:Timeout>PT60S</tt:Timeout>"
    media = f"<trt:MediaUri><tt:Uri>{escape(uri)}</tt:Uri>{validity}</trt:MediaUri>"
    return f"<trt:{operation}Response>{media}</trt:{operation}Response>"


def snapshot(spec: OnvifSpec) -> bytes:
    """A JPEG with the camera's name and time."""
    picture = Image.new("RGB", (640, 360), (40, 60, 80))
    local = spec.now().astimezone().strftime("%d/%m/%Y %H:%M:%S")
    ImageDraw.Draw(picture).text((20, 160), f"{spec.name}  {local}", font=bold(17), fill="white")
    encoded = BytesIO()
    picture.save(encoded, "JPEG")
    return encoded.getvalue()


def _find(root: Element, name: str) -> Element | None:
    return next((element for element in root.iter() if element.tag.rpartition("}")[2] == name), None)


def _text(root: Element, name: str) -> str:
    element = _find(root, name)
    return (element.text or "").strip() if element is not None else ""
