"""Who pushes? A camera shows its secret, and may be bound to addresses.

    Basic           user name (the camera's id, or one that the hub has given it) and secret (RFC 7617)
    Digest          the same, without sending the secret (RFC 7616; MD5 for old firmwares)
    Bearer, ?token= the secret alone, for devices that can only be given an address or a header
    the address     for firmwares that cannot authenticate at all, where the hub says so

The secret is a random value, so one SHA-256 is enough to store it; a password that a person has
chosen is known by its ha1 alone. Digest needs H(user:realm:secret), which the hub sends. Nonces are
signed, not stored; the counter of each is remembered, so that a header that was overheard is good
for nothing (docs/adr/0023, 0037).
"""

import base64
import binascii
import hashlib
import hmac
import ipaddress
import secrets
import time
import urllib.request
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from edge_agent.sync.desired import DesiredStateKeeper
from protocol.messages import DesiredCamera
from protocol.plate_cameras import DIGEST_REALM, ha1

_ALGORITHMS = {"MD5": ("md5", "ha1_md5"), "SHA-256": ("sha256", "ha1_sha256")}
#: A device asks for a new one within a round trip; a day-old header is nobody's.
NONCE_GOOD_S = 300
#: One per device and few minutes; a flood forgets the oldest, whose devices ask again.
_REMEMBERED_NONCES = 10_000
_NONCE_TIME_BYTES, _NONCE_RANDOM_BYTES, _NONCE_MAC_BYTES = 8, 8, 16


class NotAuthenticated(Exception):
    """No camera that may push; `stale` asks a device only to repeat with the new nonce."""

    def __init__(self, stale: bool = False) -> None:
        super().__init__("unknown camera or wrong secret")
        self.stale = stale


class NotFromHere(Exception):
    """The camera is known, but not from this address."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a request shows of who sends it; `target` is its path with the query, as it came."""

    method: str
    target: str
    address: str
    authorization: str = ""
    token: str = ""


class CameraAuth:
    """Finds the camera of a request."""

    def __init__(self, desired: DesiredStateKeeper, wall_s: Callable[[], float] = time.time) -> None:
        self._desired = desired
        self._wall_s = wall_s
        self._key = secrets.token_bytes(32)
        self._counts: OrderedDict[str, int] = OrderedDict()

    def camera(self, asking: Asking) -> DesiredCamera:
        """Raises NotAuthenticated, NotFromHere."""
        found = self._by_credentials(asking) or self._by_address(asking)
        if found is None:
            raise NotAuthenticated
        if found.lpr.allowed_sources and not is_allowed(asking.address, found.lpr.allowed_sources):
            raise NotFromHere(f"camera {found.id} may not push from {asking.address}")
        return found

    def challenges(self, stale: bool = False) -> list[str]:
        """The WWW-Authenticate headers, the strongest first (RFC 7616, 3.7)."""
        end = ", stale=true" if stale else ""
        digests = [
            f'Digest realm="{DIGEST_REALM}", qop="auth", algorithm={name}, nonce="{self._new_nonce()}"{end}'
            for name in reversed(_ALGORITHMS)
        ]
        return [*digests, f'Basic realm="{DIGEST_REALM}"']

    def _by_credentials(self, asking: Asking) -> DesiredCamera | None:
        scheme, _, given = asking.authorization.partition(" ")
        match scheme.lower():
            case "basic":
                return self._basic(given)
            case "digest":
                return self._digest(asking, given)
            case "bearer":
                return self._by_secret(given)
            case _:
                return self._by_secret(asking.token) if asking.token else None

    def _basic(self, given: str) -> DesiredCamera | None:
        try:
            user, _, secret = base64.b64decode(given, validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            return None
        camera = self._named(user)
        if camera is None:
            return None
        own = hmac.compare_digest(ha1("sha256", user, secret), camera.lpr.ha1_sha256)
        return camera if own or _is_secret(camera, _digest_of(secret)) else None

    def _named(self, user: str) -> DesiredCamera | None:
        """By its id, or by the user name that the hub has given it."""
        cameras = self._desired.current.cameras if self._desired.current else []
        return self._desired.camera(user) or next(
            (camera for camera in cameras if user and camera.lpr.username == user), None
        )

    def _by_secret(self, secret: str) -> DesiredCamera | None:
        cameras = self._desired.current.cameras if self._desired.current else []
        given = _digest_of(secret)
        return next((camera for camera in cameras if _is_secret(camera, given)), None)

    def _by_address(self, asking: Asking) -> DesiredCamera | None:
        """Only where one camera alone is meant."""
        cameras = self._desired.current.cameras if self._desired.current else []
        here = [
            camera
            for camera in cameras
            if camera.lpr.by_address and is_allowed(asking.address, camera.lpr.allowed_sources)
        ]
        return here[0] if len(here) == 1 else None

    def _digest(self, asking: Asking, header: str) -> DesiredCamera | None:
        """RFC 7616, 3.4. Raises NotAuthenticated(stale) for a good answer to an old nonce."""
        given = _digest_fields(header)
        algorithm, ha1_name = _ALGORITHMS.get(given.get("algorithm", "MD5").upper(), ("", ""))
        camera = self._named(given.get("username", ""))
        known = getattr(camera.lpr, ha1_name, "") if camera and algorithm else ""
        if not known or given.get("uri") != asking.target:
            return None
        expected = _response(algorithm, known, asking.method, given)
        if not hmac.compare_digest(expected.encode(), given.get("response", "").lower().encode()):
            return None
        if not self._is_fresh(given):
            raise NotAuthenticated(stale=True)
        return camera

    def _new_nonce(self) -> str:
        stamp = int(self._wall_s()).to_bytes(_NONCE_TIME_BYTES, "big")
        return self._signed(stamp + secrets.token_bytes(_NONCE_RANDOM_BYTES)).hex()

    def _signed(self, content: bytes) -> bytes:
        return content + hmac.digest(self._key, content, "sha256")[:_NONCE_MAC_BYTES]

    def _is_fresh(self, given: dict[str, str]) -> bool:
        """Whether the nonce is ours and recent, and its counter higher than any before."""
        try:
            nonce = bytes.fromhex(given.get("nonce", ""))
            count = int(given.get("nc", "1"), 16)
        except ValueError:
            return False
        age_s = self._wall_s() - int.from_bytes(nonce[:_NONCE_TIME_BYTES], "big")
        ours = hmac.compare_digest(self._signed(nonce[: _NONCE_TIME_BYTES + _NONCE_RANDOM_BYTES]), nonce)
        key = nonce.hex()
        if not ours or not -1 <= age_s <= NONCE_GOOD_S or count <= self._counts.get(key, 0):
            return False
        self._counts[key] = count
        self._counts.move_to_end(key)
        if len(self._counts) > _REMEMBERED_NONCES:
            self._counts.popitem(last=False)
        return True


def is_allowed(address: str, sources: list[str]) -> bool:
    """Whether an address is one of these, or in one of these networks; what is neither allows nobody."""
    try:
        given = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(given, ipaddress.IPv6Address) and given.ipv4_mapped:
        given = given.ipv4_mapped
    return any(given in network for source in sources if (network := _network(source)) is not None)


def _network(source: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(source, strict=False)
    except ValueError:
        return None


def _digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _is_secret(camera: DesiredCamera, given_sha256: str) -> bool:
    return hmac.compare_digest(given_sha256, camera.lpr_secret_sha256)


def _digest_fields(header: str) -> dict[str, str]:
    """Empty for what is no such header: `parse_keqv_list` fails on `username=` with nothing behind it."""
    items = [item for item in urllib.request.parse_http_list(header) if "=" in item]
    try:
        return {name.lower(): value for name, value in urllib.request.parse_keqv_list(items).items()}
    except IndexError:
        return {}


def _response(algorithm: str, ha1_hex: str, method: str, given: dict[str, str]) -> str:
    """With qop=auth, or as clients older than it answer (RFC 2069)."""
    ha2 = _hash(algorithm, f"{method}:{given.get('uri', '')}")
    nonce = given.get("nonce", "")
    if given.get("qop") == "auth":
        middle = f"{nonce}:{given.get('nc', '')}:{given.get('cnonce', '')}:auth"
        return _hash(algorithm, f"{ha1_hex}:{middle}:{ha2}")
    return _hash(algorithm, f"{ha1_hex}:{nonce}:{ha2}")


def _hash(algorithm: str, text: str) -> str:
    return hashlib.new(algorithm, text.encode(), usedforsecurity=False).hexdigest()
