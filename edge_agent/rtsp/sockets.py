"""Sockets to a camera that never make anybody wait: TCP, TLS, and pairs for RTP over UDP."""

import asyncio
import contextlib
import errno
import socket
import ssl
from collections.abc import Callable
from typing import Any

#: As much as the system allows (net.core.rmem_max, 208 KiB by default): what comes between two turns of the
#: receiver waits there, and by UDP a keyframe, which comes as one burst.
_RECEIVE_BUFFER_BYTES = 4 << 20
_PORT_PAIR_TRIES = 20

Readable = socket.socket | ssl.SSLSocket


async def connect(host: str, port: int, tls: bool) -> Readable:
    """Raises OSError (ssl.SSLError among them) with the last address's trouble."""
    loop = asyncio.get_running_loop()
    failure = OSError(errno.EHOSTUNREACH, "the name has no address")
    for family, kind, protocol, _, address in await _addresses(host, port):
        opened = socket.socket(family, kind, protocol)
        try:
            opened.setblocking(False)
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_BYTES)
            await loop.sock_connect(opened, address)
            return await _secured(opened) if tls else opened
        except OSError as error:
            failure = error
            opened.close()
        except BaseException:
            opened.close()
            raise
    raise failure


async def _addresses(host: str, port: int) -> list[Any]:
    """As getaddrinfo gives them. Only a name is looked up in a thread: the look-ups of some cameras, which
    hang while the network has no name server, must keep no camera waiting that has an address."""
    try:
        try:
            return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        except socket.gaierror:
            return await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:  # a label of more than 63 characters, for one
        raise OSError(errno.EINVAL, "not a host name") from None


async def _secured(plain: socket.socket) -> ssl.SSLSocket:
    """Encrypted, but by no authority: cameras sign their certificates themselves."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    secured = context.wrap_socket(plain, do_handshake_on_connect=False)  # `plain` is empty from now on
    try:
        await _shake_hands(secured)
    except BaseException:
        secured.close()
        raise
    return secured


async def _shake_hands(secured: ssl.SSLSocket) -> None:
    loop = asyncio.get_running_loop()
    while True:
        try:
            secured.do_handshake()
            return
        except ssl.SSLWantReadError:
            await _ready(secured, loop.add_reader, loop.remove_reader)
        except ssl.SSLWantWriteError:
            await _ready(secured, loop.add_writer, loop.remove_writer)


async def _ready(
    waited: socket.socket, add: Callable[..., object], remove: Callable[[socket.socket], object]
) -> None:
    ready = asyncio.get_running_loop().create_future()

    def is_ready() -> None:
        if not ready.done():
            ready.set_result(None)

    add(waited, is_ready)
    try:
        await ready
    finally:
        remove(waited)


def udp_pair(family: int) -> tuple[socket.socket, socket.socket]:
    """Sockets for RTP and RTCP, on an even port and the next (RFC 3550, 11). Raises OSError."""
    for _ in range(_PORT_PAIR_TRIES):
        rtp, rtcp = socket.socket(family, socket.SOCK_DGRAM), socket.socket(family, socket.SOCK_DGRAM)
        with contextlib.suppress(OSError):
            rtp.bind(("", 0))
            port = rtp.getsockname()[1]
            if port % 2 == 0:
                rtcp.bind(("", port + 1))
                rtp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_BYTES)
                rtp.setblocking(False)
                rtcp.setblocking(False)
                return rtp, rtcp
        rtp.close()
        rtcp.close()
    raise OSError(errno.EADDRINUSE, "no pair of UDP ports is free")
