"""The hub's side of MQTT: one way to make a client, and a publisher for processes that only publish.

Clients speak MQTT 5 over TLS with the certificate of the hub's services (CN=hub).
"""

import atexit
import contextlib
import os
import secrets
import threading
from functools import cache

import paho.mqtt.client as paho
import structlog
from django.conf import settings
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

log = structlog.get_logger()

KEEPALIVE_S = 30

#: Messages that a process holds while the broker is away.
MAX_QUEUED = 10_000

#: A broker on the hub's own network answers in milliseconds; a person waits for this.
PUBLISH_WITHIN_S = 3.0


class NotPublished(Exception):
    """The broker did not confirm in time."""


def new_client(purpose: str, *, client_id: str = "") -> paho.Client:
    """A client that is configured, not connected. Its own id, unless it is to take over another's."""
    client = paho.Client(
        CallbackAPIVersion.VERSION2,
        client_id=client_id or f"hub-{purpose}-{os.getpid()}-{secrets.token_hex(4)}",
        protocol=paho.MQTTv5,
    )
    pki = settings.GTV_PKI_DIR
    client.tls_set(ca_certs=str(pki / "ca.crt"), certfile=str(pki / "hub.crt"), keyfile=str(pki / "hub.key"))
    client.reconnect_delay_set(min_delay=1, max_delay=10)
    client.max_queued_messages_set(MAX_QUEUED)
    return client


class Publisher:
    """Publishes from any thread over one connection, which it makes on first use and keeps."""

    def __init__(self) -> None:
        self._client = new_client("publish")
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._connected = threading.Event()
        self._start_lock = threading.Lock()
        self._started = False
        self._last_posted: paho.MQTTMessageInfo | None = None

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Returns when the broker has it (QoS 1). Raises NotPublished."""
        self._start()
        if not self._connected.wait(PUBLISH_WITHIN_S):
            raise NotPublished(topic)
        info = self._client.publish(topic, payload, qos=1, retain=retain)
        try:
            info.wait_for_publish(PUBLISH_WITHIN_S)
            published = info.is_published()
        except (RuntimeError, ValueError):
            published = False
        if not published:
            raise NotPublished(topic)

    def post(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Publish without waiting; while the broker is away it is kept in memory, in order."""
        self._start()
        info = self._client.publish(topic, payload, qos=1, retain=retain)
        self._last_posted = info

    def close(self) -> None:
        """Give what was posted a moment to leave, then disconnect."""
        if self._last_posted is not None:
            with contextlib.suppress(RuntimeError, ValueError):
                self._last_posted.wait_for_publish(PUBLISH_WITHIN_S)
        self._client.disconnect()
        self._client.loop_stop()

    def _start(self) -> None:
        with self._start_lock:
            if self._started:
                return
            self._client.connect_async(settings.GTV_MQTT_HOST, settings.GTV_MQTT_PORT, KEEPALIVE_S)
            self._client.loop_start()
            self._started = True

    def _on_connect(
        self,
        client: paho.Client,
        userdata: object,
        flags: paho.ConnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            log.warning("mqtt_refused", reason=str(reason))
        else:
            self._connected.set()

    def _on_disconnect(
        self,
        client: paho.Client,
        userdata: object,
        flags: paho.DisconnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        self._connected.clear()
        log.info("mqtt_disconnected", reason=str(reason))


@cache
def publisher() -> Publisher:
    """This process' publisher; it is closed when the process ends."""
    made = Publisher()
    atexit.register(made.close)
    return made
