"""The ingest process: subscribes to every box's topics, stores, acknowledges.

Any number of them may run: the outbox streams are a shared subscription. `status` is
not, because a broker gives retained messages to plain subscriptions only, and presence
must be known after a restart; taking it twice does no harm.

When PostgreSQL is away nothing is acknowledged, and messages are dropped: the boxes
keep them and send them again; only presence is kept (see inbox). When the broker is away the
client reconnects.
"""

import queue
import signal
import threading
from collections.abc import Callable

import paho.mqtt.client as paho
import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from central_hub import mqtt
from central_hub.cities import services as cities
from central_hub.cities.services import NodeRef
from central_hub.fleet import orders
from central_hub.fleet import services as fleet
from central_hub.ingest import figures, services
from central_hub.ingest.inbox import Inbox
from central_hub.lpr import services as lpr
from central_hub.monitoring import Ailment, Pulse
from protocol.messages import RenewedCertificate, encode
from protocol.topics import (
    EDGE_TO_HUB,
    OUTBOX_STREAMS,
    InvalidTopic,
    Stream,
    every_node,
    parse_topic,
)

log = structlog.get_logger()

SHARE = "ingest"

#: Messages waiting to be stored: a few seconds of work. What does not fit is sent again by its box.
BACKLOG = 200

#: Wait after a database error, doubled up to the second number while it lasts.
BACKOFF_S = (0.5, 10.0)

#: How often the loops look whether they should end.
POLL_S = 0.2


class Ingest:
    """One ingest worker. `run` returns when `stop` was called, and the message at hand is stored."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._inbox = Inbox(BACKLOG)
        self._pulse = Pulse()
        figures.WAITING.set_function(lambda: len(self._inbox))
        figures.CONNECTED.set_function(lambda: float(self._client.is_connected()))
        self._image_requests: queue.Queue[tuple[NodeRef, list[int]]] = queue.Queue(BACKLOG)
        self._client = mqtt.new_client("ingest")
        self._client.on_connect = self._on_connect
        self._client.on_message = self._on_message
        self.subscribed = threading.Event()
        self._client.on_subscribe = lambda *_: self.subscribed.set()

    def stop(self) -> None:
        self._stopping.set()

    def ailment(self) -> str | None:
        """What keeps it from its work, for who watches over it."""
        return self._pulse.ailment() or (None if self._client.is_connected() else "the broker is away")

    def run(self) -> None:
        asker = threading.Thread(target=self._ask_for_images, name="image-requests")
        asker.start()
        self._client.connect_async(settings.GTV_MQTT_HOST, settings.GTV_MQTT_PORT, mqtt.KEEPALIVE_S)
        self._client.loop_start()
        try:
            self._take_messages()
        finally:
            self._stopping.set()
            self._client.disconnect()
            self._client.loop_stop()
            asker.join()

    # --- the client's thread -----------------------------------------------------

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
            return
        shared = [stream for stream in EDGE_TO_HUB if stream != Stream.STATUS]
        filters = [f"$share/{SHARE}/{every_node(stream)}" for stream in shared] + [every_node(Stream.STATUS)]
        client.subscribe([(topic, SubscribeOptions(qos=1)) for topic in filters])
        log.info("ingest_connected")

    def _on_message(self, client: paho.Client, userdata: object, message: paho.MQTTMessage) -> None:
        if not self._inbox.put(message):
            figures.DROPPED.inc()
            log.warning("ingest_backlog_full", topic=message.topic)

    # --- the worker's thread -------------------------------------------------------

    def _take_messages(self) -> None:
        wait_s = BACKOFF_S[0]
        while not self._stopping.is_set():
            self._pulse.beat()
            message = self._inbox.get(POLL_S)
            if message is None:
                continue
            try:
                self._take(message)
                wait_s = BACKOFF_S[0]
            except (DatabaseError, InterfaceError) as error:
                self._inbox.not_stored(message)
                figures.DATABASE_ERRORS.inc()
                log.error(
                    "ingest_database_error", topic=message.topic, error=str(error).strip(), wait_s=wait_s
                )
                self._stopping.wait(wait_s)
                wait_s = min(wait_s * 2, BACKOFF_S[1])
            except Exception:
                # Whatever one message does, the others of every box go on.
                log.exception("ingest_message_failed", topic=message.topic)
            finally:
                close_old_connections()

    def _take(self, message: paho.MQTTMessage) -> None:
        payload = bytes(message.payload)
        try:
            address, stream = parse_topic(message.topic)
        except InvalidTopic as error:
            services.keep_refused_payload(None, message.topic[:300], payload, str(error))
            return
        node = cities.find_node(address)
        if node is None:
            log.warning("ingest_unknown_node", node=str(address))
            services.keep_refused_payload(None, message.topic, payload, "no such node")
            return
        if fleet.is_revoked(node.id):  # in the seconds until the broker refuses it
            log.warning("ingest_revoked_node", node=str(node.address), topic=message.topic)
            return
        try:
            self._dispatch(node, stream, message)
        except services.Refused as refusal:
            log.warning("ingest_payload_refused", topic=message.topic, reason=str(refusal))
            services.keep_refused_payload(node, message.topic, payload, str(refusal))

    def _dispatch(self, node: NodeRef, stream: Stream, message: paho.MQTTMessage) -> None:
        payload = bytes(message.payload)
        if stream in OUTBOX_STREAMS:
            self._take_batch(node, stream, message)
        elif stream == Stream.HEALTH:
            services.take_health(node, payload)
        elif stream == Stream.REPLY:
            if services.take_reply(node, payload):
                self._ask_later(node, [])
        elif stream == Stream.CERTIFICATE_REQUEST:
            answer = RenewedCertificate(services.renew_certificate(node, payload))
            self._client.publish(node.address.topic(Stream.CERTIFICATE), encode(answer), qos=1)
        elif stream == Stream.STATUS:
            status, came_online = services.take_status(node, payload)
            # A box that says so itself (not the broker's memory of it) may find a broker that lost its state.
            if came_online or (status.online and not message.retain):
                fleet.publish_desired(node.id)
                orders.send_waiting(node.id, node.address)

    def _take_batch(self, node: NodeRef, stream: Stream, message: paho.MQTTMessage) -> None:
        with figures.BATCH.labels(stream).time():
            stored = services.store_batch(node, stream, message.topic, bytes(message.payload))
        figures.note_batch(
            stream, stored=stored.new - stored.refused, refused=stored.refused, repeated=stored.repeated
        )
        self._client.publish(node.address.topic(Stream.ACK), encode(stored.ack), qos=1)
        log.debug("ingest_stored", topic=message.topic, new=stored.new, refused=stored.refused)
        if stored.with_images:
            self._ask_later(node, stored.with_images)

    def _ask_later(self, node: NodeRef, seqs: list[int]) -> None:
        """Ask for the images of these reads; of none: for what the box owes from before."""
        try:
            self._image_requests.put_nowait((node, seqs))
        except queue.Full:
            log.info("image_requests_deferred", node=str(node.address))  # the periodic job asks for them

    # --- the thread that asks for images: signing and publishing must not slow storing -------

    def _ask_for_images(self) -> None:
        while not self._stopping.is_set():
            try:
                node, seqs = self._image_requests.get(timeout=POLL_S)
            except queue.Empty:
                continue
            try:
                if seqs:
                    lpr.request_images(node.id, seqs)
                else:
                    lpr.request_next_images(node.id)
            except Exception:
                log.exception("image_request_failed", node=str(node.address))  # the periodic job asks again
            finally:
                close_old_connections()


def main(serve: Callable[[Ailment], object]) -> None:
    """Run until SIGTERM or Ctrl-C; `serve` makes it known whether it does its work."""
    ingest = Ingest()
    serve(ingest.ailment)
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, lambda *_: ingest.stop())
    ingest.run()
    log.info("ingest_stopped")
