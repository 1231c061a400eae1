"""The box's MQTT 5 session with the hub, over mutual TLS.

paho runs its network loop in its own thread and reconnects by itself; messages
are handed to the event loop. While the broker is away nothing is published:
the outbox keeps everything. With another certificate there is another client.
"""

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import paho.mqtt.client as mqtt
import structlog
from cryptography import x509
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from edge_agent.clock import now_us, to_datetime
from edge_agent.config import DataFolder, Identity
from protocol.messages import NodeStatus, encode
from protocol.topics import HUB_TO_EDGE, InvalidTopic, Stream, parse_topic

log = structlog.get_logger()

KEEPALIVE_S = 30
RECONNECT_MAX_S = 15
#: A broker that takes a certificate says so in less; one that cannot be reached says nothing.
PROVEN_WITHIN_S = 30.0
QOS_AT_LEAST_ONCE = 1

OnMessage = Callable[[Stream, bytes], None]


class HubSession:
    """Connects for ever; `connected` says whether the broker is there now."""

    def __init__(self, identity: Identity, folder: DataFolder) -> None:
        self._folder = folder
        self._address = identity.address
        self._broker = (identity.broker_host, identity.broker_port)
        self._loop = asyncio.get_running_loop()
        self._on_message: OnMessage | None = None
        self.connected = asyncio.Event()
        #: Of the certificate that the connection is made with; empty when it cannot be read.
        self.certificate_serial = ""
        self._client = self._new_client(folder.certificate)

    async def run(self, on_message: OnMessage) -> None:
        """Stay connected until cancelled; `on_message` is called on the event loop."""
        self._on_message = on_message
        self._start()
        try:
            await asyncio.Event().wait()
        finally:
            self.publish_retained(self._status(online=False))
            self._client.disconnect()
            await asyncio.to_thread(self._client.loop_stop)

    async def switch(self, certificate: Path) -> bool:
        """Connect with this certificate from now on; whether the broker took it in time.

        The broker's address and authority are read anew, too. Raises OSError, ValueError; the connection
        is then as it was.
        """
        identity = self._folder.load_identity()
        new = self._new_client(certificate)
        old, self._client = self._client, new
        self.connected.clear()
        old.disconnect()
        await asyncio.to_thread(old.loop_stop)
        self._broker = (identity.broker_host, identity.broker_port)
        self._start()
        try:
            async with asyncio.timeout(PROVEN_WITHIN_S):
                await self.connected.wait()
        except TimeoutError:
            return False
        return True

    def _note(self, client: mqtt.Client, connected: bool) -> None:
        """On the event loop; what a client says that was replaced no longer counts."""
        if client is not self._client:
            return
        if connected:
            self.connected.set()
        else:
            self.connected.clear()

    def _start(self) -> None:
        self._client.connect_async(*self._broker, keepalive=KEEPALIVE_S)
        self._client.loop_start()

    def _new_client(self, certificate: Path) -> mqtt.Client:
        """Raises OSError (ssl.SSLError is one)."""
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=str(self._address), protocol=mqtt.MQTTv5)
        client.tls_set(
            ca_certs=str(self._folder.ca),
            certfile=str(certificate),
            keyfile=str(self._folder.key),
            tls_version=ssl.PROTOCOL_TLS_CLIENT,
        )
        client.will_set(
            self._topic(Stream.STATUS), self._status(online=False), QOS_AT_LEAST_ONCE, retain=True
        )
        client.reconnect_delay_set(1, RECONNECT_MAX_S)
        client.on_connect = self._connected
        client.on_disconnect = self._disconnected
        client.on_message = self._received
        self.certificate_serial = _serial(certificate)
        return client

    def publish(self, stream: Stream, message: msgspec.Struct) -> None:
        """Send a message, at least once while the connection lives. Drops it when there is none."""
        if self.connected.is_set():
            self._client.publish(self._topic(stream), encode(message), QOS_AT_LEAST_ONCE)

    def publish_retained(self, payload: bytes) -> None:
        self._client.publish(self._topic(Stream.STATUS), payload, QOS_AT_LEAST_ONCE, retain=True)

    def _topic(self, stream: Stream) -> str:
        return self._address.topic(stream)

    def _status(self, online: bool) -> bytes:
        return encode(NodeStatus(online=online, at=to_datetime(now_us())))

    # --- called in paho's thread ------------------------------------------

    def _connected(
        self, client: mqtt.Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any
    ) -> None:
        if reason.is_failure:
            log.error("hub_refused_connection", reason=str(reason))
            return
        client.subscribe([(self._topic(stream), QOS_AT_LEAST_ONCE) for stream in HUB_TO_EDGE])
        client.publish(self._topic(Stream.STATUS), self._status(online=True), QOS_AT_LEAST_ONCE, retain=True)
        log.info("hub_connected", broker=self._broker[0])
        self._loop.call_soon_threadsafe(self._note, client, True)

    def _disconnected(
        self, client: mqtt.Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any
    ) -> None:
        log.warning("hub_disconnected", reason=str(reason))
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._note, client, False)

    def _received(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        try:
            _, stream = parse_topic(message.topic)
        except InvalidTopic as error:
            log.warning("unexpected_topic", error=str(error))
            return
        if self._on_message is not None:
            self._loop.call_soon_threadsafe(self._on_message, stream, bytes(message.payload))


def _serial(certificate: Path) -> str:
    """Hexadecimal. A file that is none was refused by TLS before."""
    return format(x509.load_pem_x509_certificate(certificate.read_bytes()).serial_number, "x")
