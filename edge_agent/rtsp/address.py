"""Addresses of cameras and of their tracks."""

import re
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from edge_agent.rtsp.auth import Credentials
from edge_agent.rtsp.errors import BadAddress

_PORTS = {"rtsp": 554, "rtsps": 322}


@dataclass(frozen=True, slots=True)
class Address:
    """`uri` is what requests name: without credentials."""

    uri: str
    host: str
    port: int
    tls: bool
    who: Credentials | None


def parse(url: str) -> Address:
    """Raises BadAddress; its text holds nothing of the address, which may hold a password."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 554)
    except ValueError:
        raise BadAddress("not an address") from None
    uri = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    name, password = unquote(parts.username or ""), unquote(parts.password or "")
    who = Credentials(name, password) if name else None
    return Address(uri, parts.hostname or "", port, parts.scheme == "rtsps", who)


def followed(asked: Address, location: str) -> Address | None:
    """Where a camera sends us on to, with the credentials it was given; None where they must not go.

    That is to another host, which nobody has entered (so no rule about addresses has seen it), or out of
    TLS. The path and the port are the camera's business. Raises BadAddress.
    """
    there = parse(location)
    if there.host.lower() != asked.host.lower() or (asked.tls and not there.tls):
        return None
    return replace(there, who=asked.who)


def resolve(base: str, control: str) -> str:
    """A track's address (RFC 2326, C.1.1). What is relative is appended to the base, whatever its path,
    as cameras expect it; RFC 3986 would replace the last part of the path."""
    if control in ("", "*"):
        return base
    if re.match(r"rtsps?://", control, re.IGNORECASE):
        return control
    return f"{base.rstrip('/')}/{control.lstrip('/')}"
