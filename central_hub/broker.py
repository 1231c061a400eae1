"""The broker's configuration and access list (Mosquitto), rendered from the protocol's topics.

Mutual TLS, and the certificate's common name is the user name: `%u` in a pattern
is `<city>/<node>`, so every box is held to its own topics by two lines a stream.

Boxes and the hub's services have a listener each. On the boxes' the name is also the client id,
so that no box can take over another's connection; the services, which share a name, choose ids,
and by a box's id they end its connection (`fleet.revocation`). Theirs is not for the internet.
"""

from pathlib import Path

from central_hub.pki import HUB
from protocol.messages import MAX_PAYLOAD_BYTES
from protocol.topics import EDGE_TO_HUB, HUB_TO_EDGE, ROOT, every_node

#: Messages kept for a box that is away for moments. What must not be lost waits in the box's own outbox.
MAX_QUEUED = 1000

#: In the folder of certificates: whom to tell of a new list of revocations.
PID_FILE = "mosquitto.pid"


def mosquitto_acl() -> str:
    """Who may read and write what."""
    lines = ["# Boxes: %u is <city>/<node>, the common name of the certificate."]
    lines += [f"pattern write {ROOT}/%u/{stream}" for stream in EDGE_TO_HUB]
    lines += [f"pattern read {ROOT}/%u/{stream}" for stream in HUB_TO_EDGE]
    lines += ["", "# The hub's own services.", f"user {HUB}"]
    lines += [f"topic read {every_node(stream)}" for stream in EDGE_TO_HUB]
    lines += [f"topic write {every_node(stream)}" for stream in HUB_TO_EDGE]
    return "\n".join(lines) + "\n"


def mosquitto_config(*, bind: str, port: int, hub_bind: str, hub_port: int, pki_dir: Path) -> str:
    """A whole configuration file; data lies in the folder where the broker is started."""
    pki = pki_dir.absolute()
    mutual_tls = f"""\
cafile {pki}/ca.crt
crlfile {pki}/ca.crl
certfile {pki}/broker.crt
keyfile {pki}/broker.key
tls_version tlsv1.2
require_certificate true
use_identity_as_username true"""
    return f"""\
# Written by `gtv hub init-pki`; do not edit.
listener {port} {bind}
{mutual_tls}
use_username_as_clientid true
listener {hub_port} {hub_bind}
{mutual_tls}
allow_anonymous false
acl_file {pki}/mosquitto.acl
pid_file {pki}/{PID_FILE}
persistence true
persistence_location ./
autosave_interval 30
max_packet_size {MAX_PAYLOAD_BYTES}
max_queued_messages {MAX_QUEUED}
log_dest stderr
log_type error
log_type warning
log_type notice
connection_messages false
"""
