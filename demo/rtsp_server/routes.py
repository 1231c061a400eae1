"""How a track's packets reach a client: inside the RTSP connection, or as UDP datagrams."""

import asyncio
import contextlib
import re
import socket
import struct
from dataclasses import dataclass

from demo.rtsp_server.rtp import Burst


@dataclass(frozen=True)
class TcpRoute:
    """Interleaved (RFC 2326, 10.12): RTP on `channel`, RTCP on the next."""

    writer: asyncio.StreamWriter
    channel: int

    @property
    def accepted(self) -> str:
        """The Transport header of the answer."""
        return f"RTP/AVP/TCP;unicast;interleaved={self.channel}-{self.channel + 1}"

    def send(self, burst: Burst) -> None:
        self.writer.write(burst.interleaved(self.channel))

    def report(self, data: bytes) -> None:
        self.writer.write(struct.pack("!cBH", b"$", self.channel + 1, len(data)) + data)

    def close(self) -> None:
        """The connection is the session's."""


@dataclass(frozen=True)
class UdpRoute:
    rtp: socket.socket
    rtcp: socket.socket
    host: str
    ports: tuple[int, int]

    @property
    def accepted(self) -> str:
        """The Transport header of the answer."""
        served = f"{self.rtp.getsockname()[1]}-{self.rtcp.getsockname()[1]}"
        return f"RTP/AVP;unicast;client_port={self.ports[0]}-{self.ports[1]};server_port={served}"

    def send(self, burst: Burst) -> None:
        for packet in burst.packets:
            _send_datagram(self.rtp, packet, (self.host, self.ports[0]))

    def report(self, data: bytes) -> None:
        _send_datagram(self.rtcp, data, (self.host, self.ports[1]))

    def close(self) -> None:
        self.rtp.close()
        self.rtcp.close()


Route = TcpRoute | UdpRoute


def open_route(
    transport: str, served: frozenset[str], writer: asyncio.StreamWriter, track: int, first_channel: int = 0
) -> Route | None:
    """The way that one entry of a SETUP's Transport header asks for; None when it is not served.

    `first_channel` is added to the interleaved channel that is asked for.

    Raises OSError when no pair of UDP ports is free.
    """
    if "tcp" in served and "RTP/AVP/TCP" in transport:
        found = re.search(r"interleaved=(\d+)", transport)
        return TcpRoute(writer, first_channel + (int(found[1]) if found else 2 * track))
    found = re.search(r"client_port=(\d+)-(\d+)", transport)
    if "udp" not in served or "TCP" in transport or "multicast" in transport or not found:
        return None
    rtp, rtcp = _port_pair(str(writer.get_extra_info("sockname")[0]))
    host = str(writer.get_extra_info("peername")[0])
    return UdpRoute(rtp, rtcp, host, (int(found[1]), int(found[2])))


def _send_datagram(sender: socket.socket, packet: bytes, to: tuple[str, int]) -> None:
    # A full buffer or a port that is closed again loses the packet, as on a real network.
    with contextlib.suppress(OSError):
        sender.sendto(packet, to)


def _port_pair(host: str) -> tuple[socket.socket, socket.socket]:
    """Two bound sockets: RTP on an even port, RTCP on the next (RFC 3550, 11)."""
    for _ in range(64):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        rtp, rtcp = (socket.socket(family, socket.SOCK_DGRAM) for _ in range(2))
        rtp.bind((host, 0))
        port = rtp.getsockname()[1]
        with contextlib.suppress(OSError, OverflowError):
            if port % 2 == 0:
                rtcp.bind((host, port + 1))
                rtp.setblocking(False)
                rtcp.setblocking(False)
                return rtp, rtcp
        rtp.close()
        rtcp.close()
    raise OSError("no pair of free UDP ports")
