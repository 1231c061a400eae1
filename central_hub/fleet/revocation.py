"""Revoked boxes are kept out of the broker: its list of revocations (CRL), and who is connected by then.

Runs beside the broker (`gtv hub broker-guard`): it writes the list into the folder of
certificates, tells mosquitto to read it again (SIGHUP), and ends the box's connection by
connecting under the box's client id (MQTT 5, 3.1.4: the server closes the older one).
After a restart nothing is remembered: the database says what is due (docs/adr/0050).
"""

import os
import signal
import threading
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils import timezone

from central_hub import mqtt, pki
from central_hub.broker import PID_FILE
from central_hub.fleet.models import NodeCertificate
from protocol.topics import NodeAddress

log = structlog.get_logger()

#: With the broker's and the network's milliseconds this is how long a revoked box may still be heard.
EVERY_S = 2.0

#: A connection whose TLS handshake was over before may still identify itself: mosquitto gives it a keep-alive
#: of 60 s and half as much again. After that the box is thrown out once more.
AND_AGAIN_AFTER = timedelta(seconds=100)

#: How long the broker may take to answer on the hub's own network.
CONNECT_WITHIN_S = 5.0


class BrokerNotFound(Exception):
    """No mosquitto runs where its PID file says; the text names it."""


class BrokerGuard:
    """`run` returns when `stop` was called."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._authority = pki.Authority(settings.GTV_PKI_DIR)
        self._looked_at = timezone.now() - AND_AGAIN_AFTER

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        log.info("broker_guard_started", revocations=str(self._authority.revocations))
        while not self._stopping.is_set():
            try:
                self.enforce()
            except (DatabaseError, InterfaceError, OSError, BrokerNotFound) as error:
                log.error("revocations_not_enforced", error=str(error).strip())
            finally:
                close_old_connections()
            self._stopping.wait(EVERY_S)

    def enforce(self) -> None:
        """One round. The list is read by the broker before anybody is thrown out: who comes again is refused.

        Raises BrokerNotFound, OSError; what is due stays due.
        """
        now = timezone.now()
        revoked = NodeCertificate.objects.filter(revoked_at__isnull=False, expires_at__gt=now)
        due = revoked.filter(refused_since__isnull=True).select_related("node__city")
        late = revoked.filter(
            refused_since__gt=self._looked_at - AND_AGAIN_AFTER, refused_since__lte=now - AND_AGAIN_AFTER
        ).select_related("node__city")
        thrown_out = {_address(certificate) for certificate in (*due, *late)}
        if serials := [certificate.serial for certificate in due]:
            self._tell_broker(revoked)
        for address in sorted(thrown_out):
            _throw_out(address)
        NodeCertificate.objects.filter(serial__in=serials).update(refused_since=timezone.now())
        self._looked_at = now
        if serials:
            log.info("revocations_enforced", nodes=[str(address) for address in thrown_out])

    def _tell_broker(self, revoked: Iterable[NodeCertificate]) -> None:
        self._authority.write_revocations(
            pki.Revoked(certificate.serial, certificate.revoked_at)
            for certificate in revoked
            if certificate.revoked_at
        )
        os.kill(_broker_pid(self._authority.folder / PID_FILE), signal.SIGHUP)


def _broker_pid(file: Path) -> int:
    """Raises BrokerNotFound: a number that another program has by now must not be signalled."""
    try:
        pid = int(file.read_text())
        program = Path(f"/proc/{pid}/comm").read_text().strip()
    except (OSError, ValueError) as error:
        raise BrokerNotFound(f"{file}: {error}") from None
    if program != "mosquitto":
        raise BrokerNotFound(f"{file}: {pid} is {program}")
    return pid


def _throw_out(address: NodeAddress) -> None:
    """Take over the box's connection, and leave. Raises OSError."""
    done = threading.Event()
    client = mqtt.new_client("guard", client_id=str(address))
    client.on_connect = lambda *_: done.set()
    client.connect(settings.GTV_MQTT_HOST, settings.GTV_MQTT_PORT, mqtt.KEEPALIVE_S)
    client.loop_start()
    try:
        if not done.wait(CONNECT_WITHIN_S):
            raise TimeoutError(f"the broker does not answer; {address} may still be connected")
    finally:
        client.disconnect()
        client.loop_stop()


def _address(certificate: NodeCertificate) -> NodeAddress:
    return NodeAddress(certificate.node.city.code, certificate.node.code)


def main() -> None:
    """Run until SIGTERM or Ctrl-C."""
    guard = BrokerGuard()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, lambda *_: guard.stop())
    guard.run()
    log.info("broker_guard_stopped")
