"""A box as the hub sees it: a certificate, a connection, and the messages that pass."""

import ssl
import tempfile
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self, TypeVar

import msgspec
import paho.mqtt.client as paho
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from paho.mqtt.enums import CallbackAPIVersion

from central_hub.pki import Authority
from protocol import messages
from protocol.messages import PAYLOADS, decode, encode, encode_event
from protocol.topics import HUB_TO_EDGE, NodeAddress, Stream, parse_topic
from tests.integration.conftest import Broker

WITHIN_S = 15.0

T = TypeVar("T")


def eventually(find: Callable[[], T], what: str, within_s: float = WITHIN_S) -> T:
    """The first true value of `find`, or a failure that names the promise."""
    deadline = time.monotonic() + within_s
    while True:
        found = find()
        if found:
            return found
        assert time.monotonic() < deadline, f"not within {within_s:g} s: {what}"
        time.sleep(0.02)


def new_csr(common_name: str = "whatever") -> tuple[str, bytes]:
    """A certificate request and its private key, in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name)])
    csr = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    key_pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return csr.public_bytes(serialization.Encoding.PEM).decode(), key_pem


class Box:
    """Connects with a certificate of its own; keeps every message that it is sent, by stream."""

    def __init__(
        self, city: str, node: str, broker: Broker, certificate_pem: Callable[[str], str] | None = None
    ) -> None:
        """`certificate_pem` enrols a request; without it the certificate is one the hub has no row of."""
        self.address = NodeAddress(city, node)
        self._port = broker.port
        self.received: dict[Stream, list[Any]] = defaultdict(list)
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        csr, key = new_csr()
        pem = certificate_pem(csr) if certificate_pem else _issued(broker, csr, self.address)
        (folder / "box.crt").write_text(pem)
        (folder / "box.key").write_bytes(key)
        self.client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
        self.client.tls_set(
            ca_certs=str(broker.pki / "ca.crt"),
            certfile=str(folder / "box.crt"),
            keyfile=str(folder / "box.key"),
            cert_reqs=ssl.CERT_REQUIRED,
        )
        self._subscribed = 0
        self.client.on_connect = self._on_connect
        self.client.on_subscribe = self._on_subscribe
        self.client.on_message = self._on_message

    def __enter__(self) -> Self:
        self.client.connect("127.0.0.1", self._port)
        self.client.loop_start()
        eventually(lambda: self._subscribed, "the box subscribes to its topics")
        return self

    def __exit__(self, *_: object) -> None:
        self.client.disconnect()
        self.client.loop_stop()
        self._folder.cleanup()

    def publish(self, stream: Stream, message: msgspec.Struct, *, retain: bool = False) -> None:
        self.publish_raw(self.address.topic(stream), encode(message), retain=retain)

    def publish_raw(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        self.client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(WITHIN_S)

    def publish_events(
        self, stream: Stream, events: dict[int, msgspec.Struct | bytes], oldest: int = 1
    ) -> None:
        self.publish(stream, batch(events, oldest))

    def acked(self, stream: Stream) -> list[tuple[int, int]]:
        """The ranges of the newest acknowledgement of a stream."""
        acks = [ack for ack in self.received[Stream.ACK] if ack.stream == stream]
        return acks[-1].ranges if acks else []

    def wait_for_ack(self, stream: Stream, ranges: list[tuple[int, int]]) -> None:
        eventually(
            lambda: self.acked(stream) == ranges,
            f"{stream} acknowledged as {ranges}, is {self.acked(stream)}",
        )

    def wait_for(self, stream: Stream, wanted: Callable[[Any], bool] = lambda _: True) -> Any:
        found = eventually(
            lambda: [message for message in self.received[stream] if wanted(message)], f"a {stream} message"
        )
        return found[-1]

    def _on_connect(self, client: paho.Client, *_: object) -> None:
        client.subscribe([(self.address.topic(stream), 1) for stream in HUB_TO_EDGE])

    def _on_subscribe(self, *_: object) -> None:
        self._subscribed += 1

    def _on_message(self, client: paho.Client, userdata: object, message: paho.MQTTMessage) -> None:
        _, stream = parse_topic(message.topic)
        self.received[stream].append(decode(bytes(message.payload), PAYLOADS[stream]))


def _issued(broker: Broker, csr: str, address: NodeAddress) -> str:
    return Authority(broker.pki).issue_for_node(csr, str(address)).certificate_pem


def batch(events: dict[int, msgspec.Struct | bytes], oldest: int = 1) -> messages.Batch:
    """A batch of events by sequence number; bytes go as they are. `oldest` still waits at the box."""
    return messages.Batch(
        [
            messages.OutboxEvent(seq, msgspec.Raw(event if isinstance(event, bytes) else encode_event(event)))
            for seq, event in events.items()
        ],
        oldest,
    )


def plate_read(camera: object, plate: str = "ABC1D23", **fields: Any) -> messages.PlateRead:
    now = datetime.now(UTC)
    known = {"captured_at": now, "received_at": now, "vendor": "hikvision", "confidence": 0.93, **fields}
    return messages.PlateRead(id=uuid.uuid4().hex, camera=str(camera), plate=plate, **known)
