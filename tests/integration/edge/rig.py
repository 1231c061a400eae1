"""What the box's integration tests start: the agent as a process, a throw-away CA, the hub's end of MQTT."""

import hashlib
import io
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import TypeVar

import argon2
import av
import httpx
import msgspec
import numpy as np
import paho.mqtt.client as mqtt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from paho.mqtt.enums import CallbackAPIVersion

from demo.engines import Mosquitto, OwnedProcess
from demo.ports import LOOPBACK, free_port
from demo.scene import read_clock
from edge_agent.config import DataFolder, Identity, Settings
from edge_agent.store import Store
from edge_agent.sync.desired import DesiredStateKeeper
from protocol.delivery import to_ranges
from protocol.messages import Ack, Batch, DesiredCamera, DesiredState, DesiredUser, decode, encode
from protocol.topics import EDGE_TO_HUB, OUTBOX_STREAMS, NodeAddress, Stream, every_node, parse_topic

NODE = NodeAddress("sao-bento", "caixa-01")
PASSWORD = "boa senha"
RTSP_PASSWORD = "h1dden-rtsp"
LPR_SECRET = "h1dden-lpr"
USER = DesiredUser(
    username="ana",
    name="Ana",
    role="gestor",
    password_hash=argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD),
)
SECOND = 1_000_000

T = TypeVar("T")


def eventually(ask: Callable[[], T | None], within_s: float = 20.0, what: str = "") -> T:
    """The first true answer; fails when there is none in time."""
    deadline = time.monotonic() + within_s
    while not (answer := ask()):
        assert time.monotonic() < deadline, f"not within {within_s:g} s: {what or ask}"
        time.sleep(0.05)
    return answer


# --- certificates -----------------------------------------------------------------------


class Pki:
    """A throw-away CA; `issue` writes <name>.crt and <name>.key beside ca.crt."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._certificate = self._sign("test CA", self._key.public_key(), ca=True)
        (folder / "ca.crt").write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    def issue(self, name: str, common_name: str) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._sign(common_name, key.public_key(), ca=False)
        (self.folder / f"{name}.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        (self.folder / f"{name}.key").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )

    def _sign(self, common_name: str, key: ec.EllipticCurvePublicKey, ca: bool) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(common_name))
            .issuer_name(_name("test CA"))
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(minutes=5))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(LOOPBACK))]), critical=False
            )
        )
        return builder.sign(self._key, hashes.SHA256())


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


# --- the broker and the hub's end of it -----------------------------------------------------


def make_broker(pki: Pki, folder: Path, port: int) -> Mosquitto:
    config = f"""
listener {port} {LOOPBACK}
cafile {pki.folder / "ca.crt"}
certfile {pki.folder / "broker.crt"}
keyfile {pki.folder / "broker.key"}
require_certificate true
use_identity_as_username true
persistence true
persistence_location {folder.absolute()}/
"""
    return Mosquitto(folder, config, port)


class HubClient:
    """A client that hears every box, stores each event once, and acknowledges when `acks` says so."""

    def __init__(self, pki: Pki, port: int) -> None:
        self.acks = True
        self.latest: dict[Stream, bytes] = {}
        self.events: dict[Stream, dict[int, bytes]] = {stream: {} for stream in OUTBOX_STREAMS}
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="hub", protocol=mqtt.MQTTv5)
        self._client.tls_set(
            str(pki.folder / "ca.crt"), str(pki.folder / "hub.crt"), str(pki.folder / "hub.key")
        )
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = lambda client, *_: client.subscribe(
            [(every_node(stream), 1) for stream in EDGE_TO_HUB]
        )
        self._client.on_message = self._received
        self._client.connect_async(LOOPBACK, port)
        self._client.loop_start()

    def send(self, stream: Stream, message: msgspec.Struct, retain: bool = False) -> None:
        self._client.publish(NODE.topic(stream), encode(message), 1, retain=retain)

    def acknowledge_all(self) -> None:
        """And every event from now on."""
        self.acks = True
        for stream in OUTBOX_STREAMS:
            self._acknowledge(stream)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _received(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        _, stream = parse_topic(message.topic)
        payload = bytes(message.payload)
        self.latest[stream] = payload
        if stream in OUTBOX_STREAMS:
            batch = decode(payload, Batch)
            self.events[stream] |= {event.seq: bytes(event.data) for event in batch.events}
            if self.acks:
                self._acknowledge(stream)

    def _acknowledge(self, stream: Stream) -> None:
        if self.events[stream]:
            self.send(Stream.ACK, Ack(stream=stream, ranges=to_ranges(self.events[stream])))


# --- the box -----------------------------------------------------------------------------------


def camera(camera_id: str, rtsp_port: int, path: str) -> DesiredCamera:
    return DesiredCamera(
        id=camera_id,
        name=f"Câmera {camera_id}",
        rtsp_url=f"rtsp://admin:{RTSP_PASSWORD}@{LOOPBACK}:{rtsp_port}/{path}",
        lpr_secret_sha256=hashlib.sha256(LPR_SECRET.encode()).hexdigest(),
    )


def desired(revision: int, *cameras: DesiredCamera) -> DesiredState:
    return DesiredState(
        revision=revision,
        city=NODE.city,
        city_name="São Bento",
        timezone="America/Sao_Paulo",
        retention_days=7,
        cameras=list(cameras),
        users=[USER],
    )


class BoxProcess:
    """`gtv edge run` over an enrolled data folder."""

    def __init__(
        self,
        root: Path,
        pki: Pki,
        state: DesiredState | None,
        broker_port: int = 1,
        plain_http: bool = True,
        options: Sequence[str] = ("--mediamtx", "off"),
    ) -> None:
        self.root = root
        self._options = options
        self._plain_http = ["--plain-http"] if plain_http else []
        self.console_url = f"http{'' if plain_http else 's'}://{LOOPBACK}:{free_port()}"
        self.lpr_url = f"http://{LOOPBACK}:{free_port()}/lpr/hikvision"
        self._enrol(pki, broker_port)
        if state is not None:
            self._prepare(state)
        self.process = OwnedProcess(
            "edge", self.argv(), log=root / "edge.log", ready=self.answers, stop_within_s=15.0
        )

    def argv(self) -> list[str | Path]:
        ports = [re.findall(r":(\d+)", url)[0] for url in (self.console_url, self.lpr_url)]
        listen = ["--host", LOOPBACK, *self._plain_http, "--console-port", ports[0], "--lpr-port", ports[1]]
        listen += self._options
        return [Path(sys.executable).parent / "gtv", "edge", "run", "--data-dir", self.root, *listen]

    @contextmanager
    def log_in(self) -> Iterator[httpx.Client]:
        with httpx.Client(base_url=self.console_url, timeout=10) as client:
            answer = client.post("/api/auth/login", json={"username": USER.username, "password": PASSWORD})
            answer.raise_for_status()
            yield client

    def push(self, xml: bytes) -> httpx.Response:
        return httpx.post(
            self.lpr_url, files=[("anpr.xml", ("anpr.xml", xml))], auth=("cam1", LPR_SECRET), timeout=10
        )

    def log_text(self) -> str:
        return self.process.log.read_text()

    def _enrol(self, pki: Pki, broker_port: int) -> None:
        folder = DataFolder(self.root).prepare()
        key = (pki.folder / "node.key").read_bytes()
        certificate, ca = ((pki.folder / name).read_text() for name in ("node.crt", "ca.crt"))
        folder.save_identity(Identity(NODE.city, NODE.node, LOOPBACK, broker_port), key, certificate, ca)

    def _prepare(self, state: DesiredState) -> None:
        folder = DataFolder(self.root)
        store = Store(folder.database)
        DesiredStateKeeper(Settings(store, folder.secrets_key)).receive(state)
        store.close()

    def answers(self) -> bool:
        try:
            return (
                httpx.get(f"{self.console_url}/api/me", timeout=2, verify=False).status_code
                == httpx.codes.UNAUTHORIZED
            )
        except httpx.HTTPError:
            return False


# --- what a player does ---------------------------------------------------------------------------


def media_of(playlist: str) -> Iterator[tuple[str, str]]:
    """(uri, Range header) of what a player fetches, in order: each file's init section, then its parts."""
    current_map, length_at = "", ""
    for line in playlist.splitlines():
        if found := re.match(r'#EXT-X-MAP:URI="(.+)",BYTERANGE="(\d+)@(\d+)"', line):
            if line != current_map:
                yield found[1], _range(int(found[2]), int(found[3]))
            current_map = line
        elif line.startswith("#EXT-X-BYTERANGE:"):
            length_at = line.partition(":")[2]
        elif line and not line.startswith("#"):
            length, _, offset = length_at.partition("@")
            yield line, _range(int(length), int(offset))


def _range(length: int, offset: int) -> str:
    return f"bytes={offset}-{offset + length - 1}"


def fetch_media(client: httpx.Client, playlist_url: str, playlist: str) -> bytes:
    """The bytes of a playlist that lies in one file or run, put together as a player does."""
    base = playlist_url.partition("?")[0].rpartition("/")[0]
    parts = []
    for uri, range_header in media_of(playlist):
        answer = client.get(f"{base}/{uri}", headers={"Range": range_header})
        assert answer.status_code == httpx.codes.PARTIAL_CONTENT, answer.text
        parts.append(answer.content)
    return b"".join(parts)


def clocks(media: bytes) -> list[float]:
    """The Unix time burned into each picture."""
    with av.open(io.BytesIO(media), "r") as container:
        shown = [
            read_clock(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8))
            for frame in container.decode(video=0)
        ]
    return [instant for instant in shown if instant is not None]
