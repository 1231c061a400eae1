"""Finding cameras on the local network.

Two ways, both bounded: a WS-Discovery probe (multicast, port 3702; ONVIF Core, 7.3)
finds what announces itself; asking addresses one by one finds what does not, or lies
in another subnet where multicast does not reach.
"""

import asyncio
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

import httpx

from edge_agent.cameras.domain import RTSP_PORT, InvalidAddress, check_lan_address, parse_address

LISTEN_S = 3.0
#: More than that in one answer is no network of one prefeitura's site, but somebody playing with UDP.
MAX_FOUND = 500
#: A /22. Beyond, ask by parts.
MAX_ADDRESSES = 1024
CONNECT_S = 1.0
CONCURRENT = 128
#: Where the makers sold in Brazil put their ONVIF service (Hikvision, Intelbras/Dahua, TP-Link, others).
ONVIF_PORTS = (80, 8080, 8000, 8899, 2020)
SERVICE_PATH = "/onvif/device_service"

#: Needs no password by the standard (ONVIF Core, 5.12: class PRE_AUTH), so it tells an ONVIF device apart.
ASK_TIME = (
    '<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
    '<GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/></s:Body></s:Envelope>'
)
SOAP = {"Content-Type": "application/soap+xml; charset=utf-8"}


@dataclass(frozen=True)
class FoundDevice:
    """Something that looks like a camera."""

    address: str
    onvif_port: int | None = None
    rtsp_port: int | None = None
    name: str = ""
    hardware: str = ""


def addresses_of(text: str, *, allow_loopback: bool) -> list[str]:
    """The hosts of an address or a subnet (CIDR). Raises InvalidAddress."""
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise InvalidAddress(
            "Informe um endereço como 192.168.1.64 ou uma rede como 192.168.1.0/24."
        ) from None
    if network.num_addresses > MAX_ADDRESSES:
        raise InvalidAddress(f"A rede tem mais de {MAX_ADDRESSES} endereços. Procure por partes.")
    for edge in (network.network_address, network.broadcast_address):
        check_lan_address(edge, allow_loopback=allow_loopback)
    return [str(host) for host in network.hosts()]


async def listen_for_devices(timeout_s: float = LISTEN_S) -> list[FoundDevice]:
    """Who answers a multicast probe."""
    return await asyncio.to_thread(_probe_multicast, timeout_s)


async def ask_addresses(addresses: Iterable[str], ports: Iterable[int] = ONVIF_PORTS) -> list[FoundDevice]:
    """Which of these addresses answer as a camera does: RTSP or ONVIF."""
    limit = asyncio.Semaphore(CONCURRENT)
    async with httpx.AsyncClient(timeout=2 * CONNECT_S, trust_env=False) as client:
        asked = [_ask(address, tuple(ports), client, limit) for address in addresses]
        found = await asyncio.gather(*asked)
    return [device for device in found if device is not None]


def _probe_multicast(timeout_s: float) -> list[FoundDevice]:
    from wsdiscovery import QName
    from wsdiscovery.discovery import ThreadedWSDiscovery

    camera = QName("http://www.onvif.org/ver10/network/wsdl", "NetworkVideoTransmitter", "dn")
    listening = ThreadedWSDiscovery()
    listening.start()
    try:
        services = listening.searchServices(types=[camera], timeout=timeout_s)
    finally:
        listening.stop()
    found: dict[str, FoundDevice] = {}
    for service in services[:MAX_FOUND]:
        device = device_of([str(url) for url in service.getXAddrs()], [str(s) for s in service.getScopes()])
        if device is not None:
            found.setdefault(device.address, device)
    return sorted(found.values(), key=lambda device: device.address)


def device_of(xaddrs: list[str], scopes: list[str]) -> FoundDevice | None:
    """What a probe match says; None when it has no address in a local network."""
    for xaddr in xaddrs:
        try:
            parts = urlsplit(xaddr)
            address, port = parse_address(parts.hostname or ""), parts.port or 80
            if address is None:
                continue
            check_lan_address(address, allow_loopback=True)
        except ValueError:
            continue
        return FoundDevice(
            str(address), onvif_port=port, name=_scope(scopes, "name"), hardware=_scope(scopes, "hardware")
        )
    return None


def _scope(scopes: list[str], kind: str) -> str:
    """The value of `onvif://www.onvif.org/<kind>/<value>` (ONVIF Core, 7.3.3.2)."""
    prefix = f"onvif://www.onvif.org/{kind}/"
    return next(
        (unquote(scope.removeprefix(prefix))[:100] for scope in scopes if scope.startswith(prefix)), ""
    )


async def _ask(
    address: str, ports: tuple[int, ...], client: httpx.AsyncClient, limit: asyncio.Semaphore
) -> FoundDevice | None:
    async with limit:
        rtsp, *open_ = await asyncio.gather(*(_listens(address, port) for port in (RTSP_PORT, *ports)))
        onvif = None
        for port in (port for port, is_open in zip(ports, open_, strict=True) if is_open):
            if await is_onvif(client, address, port):
                onvif = port
                break
    if not rtsp and onvif is None:
        return None
    return replace(FoundDevice(address), onvif_port=onvif, rtsp_port=RTSP_PORT if rtsp else None)


async def _listens(address: str, port: int) -> bool:
    try:
        async with asyncio.timeout(CONNECT_S):
            _, writer = await asyncio.open_connection(address, port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


async def is_onvif(client: httpx.AsyncClient, address: str, port: int) -> bool:
    """Whether an ONVIF device service answers there; no password is sent."""
    host = f"[{address}]" if ":" in address else address
    try:
        async with client.stream(
            "POST",
            f"http://{host}:{port}{SERVICE_PATH}",
            content=ASK_TIME,
            headers=SOAP,
        ) as answer:
            async for part in answer.aiter_bytes(4096):
                return b"Envelope" in part
    except httpx.HTTPError:
        return False
    return False
