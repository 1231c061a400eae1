"""TCP ports on loopback: finding a free one, and saying clearly when one is taken."""

import contextlib
import random
import socket

from demo.process import EngineError

LOOPBACK = "127.0.0.1"
# Below Linux' range for outgoing connections (32768-60999): a port found free stays free until its engine
# binds it, unless somebody asks for that very number.
CANDIDATE_PORTS = range(20_000, 32_000)


def free_port() -> int:
    for port in random.sample(CANDIDATE_PORTS, k=200):
        if port_is_free(port):
            return port
    raise EngineError("no free TCP port found on 127.0.0.1")


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def require_free_port(port: int, owner: str) -> None:
    if not port_is_free(port):
        raise EngineError(f"port {port} on {LOOPBACK}, which {owner} needs, is used by another program")


def accepts_connections(port: int, host: str = LOOPBACK) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
        return True
    return False
