"""The ports that a box serves people and cameras on, taken before anything else starts.

    PortTaken            another program listens where the box wants to
    PlainHttpRefused     passwords would cross the LAN unencrypted

Which they were is remembered, so that `gtv edge doctor` looks at the right ones when
the agent does not run.
"""

import ipaddress
import socket
import sqlite3
from typing import Literal

import msgspec
import structlog

from edge_agent.config import DataFolder, Settings

log = structlog.get_logger()

_SETTING = "ports"


class PortTaken(Exception):
    """Another program listens where the box wants to."""


class PlainHttpRefused(Exception):
    """Passwords would cross the LAN unencrypted."""


class Port(msgspec.Struct, frozen=True):
    """Somewhere the box listens; `purpose` is for people."""

    purpose: str
    kind: Literal["tcp", "udp"]
    number: int


CONSOLE_PORT, LPR_PORT = 8443, 8081
#: What `gtv edge run` takes when it is told nothing.
DEFAULT_PORTS = [Port("console", "tcp", CONSOLE_PORT), Port("placas", "tcp", LPR_PORT)]


class Listen:
    """The console's and the cameras' listening sockets."""

    def __init__(self, host: str, console_port: int, lpr_port: int, plain_http: bool = False) -> None:
        """Raises PortTaken, PlainHttpRefused."""
        if plain_http and not is_loopback(host):
            raise PlainHttpRefused(
                f"--plain-http só é permitido em endereço local (127.0.0.1, ::1), não em {host}: "
                "senhas passariam pela rede sem proteção. Use --host 127.0.0.1 ou tire --plain-http."
            )
        self.plain_http = plain_http
        self.console = _bind(host, console_port)
        self.lpr = _bind(host, lpr_port)

    @property
    def ports(self) -> list[Port]:
        return [
            Port("console", "tcp", self.console.getsockname()[1]),
            Port("placas", "tcp", self.lpr.getsockname()[1]),
        ]


def remember(settings: Settings, ports: list[Port]) -> None:
    try:
        settings.set(_SETTING, msgspec.json.encode(ports))
    except sqlite3.Error as error:  # a full disk, perhaps: no reason not to start
        log.warning("ports_not_remembered", error=str(error))


def remembered(folder: DataFolder) -> list[Port]:
    """Of the last run; the defaults where none is known. Opens the database for reading only."""
    try:
        connection = sqlite3.connect(f"{folder.database.absolute().as_uri()}?mode=ro", uri=True)
        try:
            row = connection.execute("SELECT value FROM setting WHERE name=?", (_SETTING,)).fetchone()
        finally:
            connection.close()
        return msgspec.json.decode(row[0], type=list[Port]) if row else DEFAULT_PORTS
    except (sqlite3.Error, msgspec.DecodeError):
        return DEFAULT_PORTS


def _bind(host: str, port: int) -> socket.socket:
    """A listening socket. Raises PortTaken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise PortTaken(
            f"Não foi possível atender em {host}:{port}: {error.strerror}. Outro programa usa essa porta? "
            "`gtv edge doctor` diz qual."
        ) from None
    return listener


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
