"""What box and hub both know of cameras that read plates: their vendors, our own format, their secrets."""

import hashlib
from typing import Literal

#: Adapters of the box, by their name in a push's address (/lpr/<name>).
VENDORS = (
    "axis",
    "dahua",
    "generic",
    "hikvision",
    "intelbras",
    "openalpr",
    "platerecognizer",
    "pumatronix",
)

#: The names of our own format (docs/lpr-generic.md), which a mapping leads to; `image` is base64.
GENERIC_FIELDS = (
    "plate",
    "captured_at",
    "event",
    "track",
    "confidence",
    "direction",
    "lane",
    "speed_kmh",
    "vehicle_type",
    "vehicle_make",
    "vehicle_model",
    "vehicle_color",
    "country",
    "region",
    "image",
)

#: The realm of HTTP Basic and Digest on a box's LPR port.
DIGEST_REALM = "gtv-lpr"


def ha1(algorithm: Literal["md5", "sha256"], username: str, secret: str) -> str:
    """H(username ":" realm ":" secret) in hexadecimal: what a server needs for Digest (RFC 7616, 3.4.2)."""
    text = f"{username}:{DIGEST_REALM}:{secret}"
    return hashlib.new(algorithm, text.encode(), usedforsecurity=False).hexdigest()
