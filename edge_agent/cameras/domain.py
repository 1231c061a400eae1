"""Rules about camera addresses and about cameras added at the box; no I/O.

InvalidAddress (ValueError)    an address that a camera cannot have; the text is for people
"""

import re
import unicodedata
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Literal
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

import msgspec

from protocol.messages import DesiredCamera, DesiredState

#: Requirement S2.4; the hub counts the whole prefeitura, the box what it has itself.
MAX_CAMERAS = 1000
MAX_URL = 1000
RTSP_PORT = 554

Address = IPv4Address | IPv6Address


class InvalidAddress(ValueError):
    """An address that no camera of a prefeitura can have."""


class LocalCamera(msgspec.Struct, frozen=True):
    """A camera added or corrected at this box, with its full address.

    Once the hub has adopted it, only its credentials count: the hub's address comes without them. What was
    corrected here counts whole for as long as the hub says what was wrong (`corrects`).
    """

    camera: DesiredCamera
    adopted: bool = False
    corrects: list[DesiredCamera] = []


class CameraChange(msgspec.Struct, frozen=True):
    """What a person changes of a camera; None, and no user and password, stay as they are."""

    name: str | None = None
    rtsp_url: str | None = None
    sub_rtsp_url: str | None = None
    username: str = ""
    password: str = ""
    transport: Literal["auto", "tcp", "udp"] | None = None


def check_rtsp_url(url: str) -> str:
    """The address itself. Raises InvalidAddress, which never repeats it: it carries a password."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("rtsp", "rtsps") and bool(parts.hostname) and parts.port != 0
        usable = usable and not _password_leaks(parts)
    except ValueError:
        usable = False
    if not usable or len(url) > MAX_URL or any(ord(character) <= 32 for character in url):
        raise InvalidAddress(
            "Informe um endereço rtsp:// ou rtsps:// completo. Se a senha tem sinais como @ ou /, "
            "informe usuário e senha à parte."
        )
    return url


def _password_leaks(parts: SplitResult) -> bool:
    """Whether a password with # / or ? in it ended the host's part early: what is left of it is read as a
    host. RTSP addresses have no fragment."""
    rest = f"{parts.path}?{parts.query}"
    return "#" in parts.geturl() or ("@" in rest and not set(".:") & set(parts.hostname or ""))


def with_credentials(url: str, username: str, password: str) -> str:
    """The address with these credentials instead of its own, percent-encoded (RFC 3986, 3.2.1)."""
    if not username:
        return url
    parts = urlsplit(url)
    userinfo = f"{quote(username, safe='')}:{quote(password, safe='')}"
    return urlunsplit(parts._replace(netloc=f"{userinfo}@{_host_and_port(url)}"))


def without_credentials(url: str) -> str:
    return urlunsplit(urlsplit(url)._replace(netloc=_host_and_port(url)))


def userinfo_of(url: str) -> str:
    """`user:password` as the address has it, or nothing."""
    return urlsplit(url).netloc.rpartition("@")[0]


def host_of(url: str) -> str:
    return urlsplit(url).hostname or ""


def place_of(url: str) -> tuple[str, int, str]:
    """What tells two streams apart: where they are, without who may see them."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or RTSP_PORT, f"{parts.path}?{parts.query}"


def _host_and_port(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]


def check_lan_address(address: Address, *, allow_loopback: bool) -> None:
    """Cameras are on the prefeitura's own network: what is asked for must not make the box call
    itself, its cloud host's metadata service, or the internet. Raises InvalidAddress."""
    mapped = getattr(address, "ipv4_mapped", None) or address
    if mapped.is_loopback:
        if not allow_loopback:
            raise InvalidAddress("Este endereço é da própria caixa, não de uma câmera.")
        return
    if mapped.is_link_local or mapped.is_multicast or mapped.is_unspecified or not mapped.is_private:
        raise InvalidAddress(
            "Uma câmera precisa de um endereço da rede local (como 192.168.x.x ou 10.x.x.x)."
        )


def parse_address(text: str) -> Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def name_order(name: str) -> tuple[list[tuple[bool, int, str]], str]:
    """A sort key: names as a Portuguese reader looks for them, "Câmera 2" before "Câmera 10".

    Letters count without their accents and case; numbers by their value, before letters
    (as Unicode's collation with numeric ordering, UTS #10 and UTS #35).
    """
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    parts = filter(None, re.split(r"([0-9]+)", plain))
    return [(False, int(p), "") if p[0] in "0123456789" else (True, 0, p) for p in parts], name


def complete(desired: DesiredCamera, local: DesiredCamera) -> DesiredCamera:
    """The hub's camera with the credentials that were typed at the box, if it is still at the same host."""
    return msgspec.structs.replace(
        desired,
        rtsp_url=_completed(desired.rtsp_url, local.rtsp_url),
        sub_rtsp_url=_completed(desired.sub_rtsp_url, local.sub_rtsp_url),
    )


def _completed(wanted: str, known: str) -> str:
    """A password goes only to the host for which it was typed."""
    same_host = place_of(wanted)[:2] == place_of(known)[:2]
    userinfo = userinfo_of(known)
    if not same_host or not userinfo or userinfo_of(wanted):
        return wanted
    return urlunsplit(urlsplit(wanted)._replace(netloc=f"{userinfo}@{_host_and_port(wanted)}"))


def changed(camera: DesiredCamera, change: CameraChange) -> DesiredCamera:
    """The camera as it is wanted, with full addresses. Raises InvalidAddress."""
    given = {"name": change.name, "transport": change.transport}
    sub = camera.sub_rtsp_url if change.sub_rtsp_url is None else change.sub_rtsp_url
    return msgspec.structs.replace(
        camera,
        **{field: value for field, value in given.items() if value is not None},
        rtsp_url=_changed_address(camera.rtsp_url, change.rtsp_url or camera.rtsp_url, change),
        sub_rtsp_url=sub and _changed_address(camera.sub_rtsp_url or camera.rtsp_url, sub, change),
    )


def _changed_address(known: str, wanted: str, change: CameraChange) -> str:
    """A new password alone is the known user's; the known password goes to its own host only."""
    url = _completed(check_rtsp_url(wanted), known)
    user = change.username or (unquote(userinfo_of(url).partition(":")[0]) if change.password else "")
    return check_rtsp_url(with_credentials(url, user, change.password))


def announced(camera: DesiredCamera) -> DesiredCamera:
    """A camera that was added here, as the hub would have it when it adopts it."""
    return msgspec.structs.replace(
        camera,
        rtsp_url=without_credentials(camera.rtsp_url),
        sub_rtsp_url=without_credentials(camera.sub_rtsp_url),
        transport="auto",
    )


def correction_holds(wanted: DesiredCamera, local: LocalCamera) -> bool:
    """Whether the hub still says what was corrected here; when it says something else, the hub is right."""
    return any(_source(wanted) == _source(wrong) for wrong in local.corrects)


def _source(camera: DesiredCamera) -> tuple[str, str, str]:
    return camera.rtsp_url, camera.sub_rtsp_url, camera.transport


def _adopted(wanted: DesiredCamera, local: LocalCamera) -> DesiredCamera:
    """A camera of the hub's with what this box knows better."""
    if not correction_holds(wanted, local):
        return complete(wanted, local.camera)
    here = local.camera
    return msgspec.structs.replace(
        wanted, rtsp_url=here.rtsp_url, sub_rtsp_url=here.sub_rtsp_url, transport=here.transport
    )


def after_desired(local: Sequence[LocalCamera], desired: DesiredState) -> list[LocalCamera]:
    """What is left of the local cameras when the hub has spoken.

    One that the hub holds is adopted and kept only while its credentials are needed; one that it
    held and holds no more is gone.
    """
    held = {camera.id: camera for camera in desired.cameras}
    left = []
    for one in local:
        wanted = held.get(one.camera.id)
        if wanted is None and not one.adopted:
            left.append(one)
        elif wanted is not None and correction_holds(wanted, one):
            left.append(LocalCamera(one.camera, adopted=True, corrects=one.corrects))
        elif wanted is not None and complete(wanted, one.camera) != wanted:
            left.append(LocalCamera(one.camera, adopted=True))
    return left


def merge(desired: DesiredState, local: Sequence[LocalCamera]) -> DesiredState:
    """What the box does: what the hub wants, and what was added here and not refused."""
    by_id = {one.camera.id: one for one in local}
    refused = {camera.id for camera in desired.refused}
    adopted = [
        _adopted(camera, by_id[camera.id]) if camera.id in by_id else camera for camera in desired.cameras
    ]
    held = {camera.id for camera in adopted}
    own = [
        one.camera
        for one in local
        if not one.adopted and one.camera.id not in held and one.camera.id not in refused
    ]
    return msgspec.structs.replace(desired, cameras=[*adopted, *own])
