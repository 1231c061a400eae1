"""MQTT topic names: `gtv/v1/<city>/<node>/<stream>`.

A node's identity is `<city>/<node>`; it is also the common name of the node's
client certificate, so that a broker ACL of the form `gtv/v1/%u/<stream>` binds
every box to its own topics.
"""

import re
from enum import StrEnum

import msgspec

ROOT = "gtv/v1"

#: City and node codes: they appear in topics, certificate names and object keys.
CODE_PATTERN = r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$"
_CODE = re.compile(CODE_PATTERN)


class Stream(StrEnum):
    """Every last level of a topic, with its direction and delivery."""

    # edge -> hub, through the outbox (stored until the hub acknowledges them)
    CAMERA_ADDED = "camera-added"
    LPR = "lpr"
    COVERAGE = "coverage"
    CAMERA_STATUS = "camera-status"
    AUDIT = "audit"
    # edge -> hub, the newest replaces the last (QoS 1, no outbox)
    HEALTH = "health"
    REPLY = "reply"
    STATUS = "status"  # retained, with a last will
    CERTIFICATE_REQUEST = "certificate-request"
    # hub -> edge
    ACK = "ack"
    DESIRED = "desired"  # retained
    CMD = "cmd"
    CERTIFICATE = "certificate"


#: In the order of publishing: the hub must know a camera before it hears what the camera saw.
OUTBOX_STREAMS = (Stream.CAMERA_ADDED, Stream.LPR, Stream.COVERAGE, Stream.CAMERA_STATUS, Stream.AUDIT)
EDGE_TO_HUB = (*OUTBOX_STREAMS, Stream.HEALTH, Stream.REPLY, Stream.STATUS, Stream.CERTIFICATE_REQUEST)
HUB_TO_EDGE = (Stream.ACK, Stream.DESIRED, Stream.CMD, Stream.CERTIFICATE)


class InvalidTopic(ValueError):
    """A topic or code that is not of the protocol's form."""


class NodeAddress(msgspec.Struct, frozen=True, order=True):
    """Which box: the city's code and the node's code inside it."""

    city: str
    node: str

    def __post_init__(self) -> None:
        for code in (self.city, self.node):
            if not _CODE.fullmatch(code):  # match() would let a final line break in
                raise InvalidTopic(f"{code!r} is not a city or node code ({CODE_PATTERN})")

    def __str__(self) -> str:
        return f"{self.city}/{self.node}"

    @classmethod
    def parse(cls, text: str) -> "NodeAddress":
        """Read `<city>/<node>`. Raises InvalidTopic."""
        city, separator, node = text.partition("/")
        if not separator:
            raise InvalidTopic(f"{text!r} is not <city>/<node>")
        return cls(city, node)

    def topic(self, stream: Stream) -> str:
        return f"{ROOT}/{self}/{stream}"


def parse_topic(topic: str) -> tuple[NodeAddress, Stream]:
    """Split a topic into its node and stream. Raises InvalidTopic."""
    parts = topic.split("/")
    if len(parts) != 5 or "/".join(parts[:2]) != ROOT:
        raise InvalidTopic(f"{topic!r} is not {ROOT}/<city>/<node>/<stream>")
    try:
        stream = Stream(parts[4])
    except ValueError:
        raise InvalidTopic(f"{topic!r} names an unknown stream") from None
    return NodeAddress(parts[2], parts[3]), stream


def every_node(stream: Stream) -> str:
    """The subscription filter that matches this stream of every node."""
    return f"{ROOT}/+/+/{stream}"
