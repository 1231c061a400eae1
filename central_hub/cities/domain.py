"""The rules about prefeituras, their boxes and cameras."""

import hashlib
import math
import re
import secrets
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from central_hub.kernel import Conflict, InvalidInput
from protocol.plate_cameras import ha1
from protocol.topics import CODE_PATTERN

#: Days of footage a plan may promise (requirement S2.2).
RETENTION_CHOICES = (7, 15, 30)

#: Requirement S2.4.
MAX_CAMERAS = 1000

#: `<city>/<node>` is the common name of a certificate, which holds at most 64 characters.
MAX_CITY_CODE = 40
MAX_NODE_CODE = 23

#: Mean radius (IUGG).
EARTH_RADIUS_M = 6_371_009

#: Minutes without its box after which a camera may be given to another: below, a restart would move it.
FAILOVER_MINUTES = range(5, 1441)

#: How a box pulls a camera's packets. "auto": by TCP, and by UDP where the camera refuses TCP.
TRANSPORTS = ("auto", "tcp", "udp")

_CODE = re.compile(CODE_PATTERN)


def check_code(field: str, code: str, max_length: int) -> None:
    if not _CODE.match(code) or len(code) > max_length:
        raise InvalidInput.in_field(
            field, f"Use até {max_length} letras minúsculas sem acento, números e hífens (nunca nas pontas)."
        )


def check_timezone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError, folders are an OSError
        raise InvalidInput.in_field("timezone", "Fuso horário desconhecido.") from None
    except KeyError:
        raise InvalidInput.in_field("timezone", "Fuso horário desconhecido.") from None


def check_rtsp_url(url: str, field: str = "rtsp_url") -> None:
    """The message never repeats the address: it carries the camera's password."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("rtsp", "rtsps") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or any(ord(character) <= 32 for character in url):
        raise InvalidInput.in_field(field, "Informe um endereço rtsp:// ou rtsps:// completo.")


def check_camera_place(url: str, field: str = "rtsp_url") -> None:
    """Refuse what only the box itself would answer, or what no router passes on. For an address that is one.

    It is the box that calls it, on the prefeitura's network, where private addresses are what cameras
    have; the hub calls none. Names are left to the box: they mean there what its network says.
    """
    host = urlsplit(url).hostname or ""
    try:
        address = ip_address(host)
    except ValueError:
        refused = host == "localhost" or host.endswith(".localhost")
    else:
        inner = getattr(address, "ipv4_mapped", None) or address
        refused = inner.is_loopback or inner.is_link_local or inner.is_multicast or inner.is_unspecified
    if refused:
        raise InvalidInput.in_field(
            field, "Este endereço não é de uma câmera: é da própria caixa, ou não leva a uma rede."
        )


def check_room_for_camera(present: int) -> None:
    if present >= MAX_CAMERAS:
        raise Conflict(f"A prefeitura já tem {MAX_CAMERAS} câmeras, o máximo permitido.", code="camera-limit")


def check_camera_name(name: str) -> None:
    if not name.strip():
        raise InvalidInput.in_field("name", "Informe o nome da câmera.")


def check_sub_rtsp_url(url: str) -> None:
    """Empty: the camera has no smaller stream."""
    if url:
        check_rtsp_url(url, "sub_rtsp_url")


def place_of(url: str) -> tuple[str, str]:
    """What tells two streams apart: where they are, without who may see them."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or 554}", f"{parts.path}?{parts.query}"


#: Latitude and longitude, WGS 84 degrees.
Place = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A box that may take a camera, and how many it has."""

    id: uuid.UUID
    place: Place | None
    load: int

    def with_one_more(self) -> "Box":
        return replace(self, load=self.load + 1)


def place(latitude: float | None, longitude: float | None) -> Place | None:
    return None if latitude is None or longitude is None else (latitude, longitude)


def nearest(camera: Place | None, boxes: Sequence[Box]) -> Box:
    """The box that takes a camera. Of those as near (or nobody knows where), the one with fewest cameras."""

    def rank(box: Box) -> tuple[float, int]:
        if camera is None or box.place is None:
            return math.inf, box.load
        return distance_m(camera, box.place), box.load

    return min(boxes, key=rank)


def spread(cameras: Iterable[Place | None], boxes: Sequence[Box]) -> list[uuid.UUID]:
    """The box of each camera, one after the other: what a box gets counts for the next. Needs a box."""
    chosen = []
    for camera in cameras:
        box = nearest(camera, boxes)
        chosen.append(box.id)
        boxes = [one.with_one_more() if one is box else one for one in boxes]
    return chosen


def distance_m(one: Place, other: Place) -> float:
    """Along a great circle (haversine), in whole decametres: nearer than that is as near."""
    (lat, lon), (lat2, lon2) = (map(math.radians, place) for place in (one, other))
    square = (
        math.sin((lat2 - lat) / 2) ** 2 + math.cos(lat) * math.cos(lat2) * math.sin((lon2 - lon) / 2) ** 2
    )
    return round(2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, square))), -1)


@dataclass(frozen=True)
class LprSecret:
    """With what a camera identifies itself when it sends plate reads; the box and the hub know digests.

    The secret is random, so plain hashes are enough.
    """

    secret: str

    @classmethod
    def new(cls) -> "LprSecret":
        return cls(secrets.token_urlsafe(24))

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.secret.encode()).hexdigest()

    def columns(self, camera_id: uuid.UUID) -> dict[str, str]:
        """What is kept of it for a camera."""
        user = str(camera_id)
        return {
            "lpr_secret_sha256": self.digest,
            "lpr_ha1_md5": ha1("md5", user, self.secret),
            "lpr_ha1_sha256": ha1("sha256", user, self.secret),
        }


#: What a camera keeps of a secret that was taken from it.
NO_SECRET = {"lpr_secret_sha256": "", "lpr_ha1_md5": "", "lpr_ha1_sha256": ""}
