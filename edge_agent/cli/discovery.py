"""`gtv edge discover`: what is on the network."""

import asyncio
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from edge_agent.cli.link import fail, telling
from edge_agent.cli.options import Json, Password, User

if TYPE_CHECKING:
    from edge_agent.cameras.discovery import FoundDevice

app = typer.Typer()


@app.command()
def discover(
    address: Annotated[str, typer.Option(help="Endereço ou rede, como 192.168.1.0/24")] = "",
    user: User = "",
    password: Password = "",
    as_json: Json = False,
) -> None:
    """Procura câmeras na rede; com --address, pergunta a cada endereço."""

    with telling("discover"):
        devices = _look(address)
    if as_json:
        typer.echo(json.dumps([asdict(device) for device in devices], ensure_ascii=False))
    else:
        for device in devices:
            _show_device(device, user, password)
    if not devices:
        fail(
            "discover",
            "Nenhuma câmera respondeu. Confira cabos e rede, ou pergunte com --address 192.168.1.0/24.",
        )


def _look(address: str) -> list["FoundDevice"]:
    """Raises edge_agent.cameras.domain.InvalidAddress."""
    from edge_agent.cameras import discovery

    if not address:
        return asyncio.run(discovery.listen_for_devices())
    addresses = discovery.addresses_of(address, allow_loopback=True)
    return asyncio.run(discovery.ask_addresses(addresses))


def _show_device(device: "FoundDevice", user: str, password: str) -> None:
    """With a user, also the streams that it offers."""
    kinds = [
        f"ONVIF na porta {device.onvif_port}" if device.onvif_port else "",
        "RTSP" if device.rtsp_port else "",
    ]
    typer.echo(f"{device.address}  {device.name or device.hardware}  {', '.join(filter(None, kinds))}")
    if user and device.onvif_port:
        _show_streams(device.address, device.onvif_port, user, password)


def _show_streams(address: str, port: int, user: str, password: str) -> None:
    from edge_agent.cameras.onvif import OnvifFailed, ask_device

    try:
        facts = asyncio.run(ask_device(address, port, user, password))
    except OnvifFailed as error:
        typer.echo(f"    {error}")
        return
    typer.echo(f"    {facts.manufacturer} {facts.model}, firmware {facts.firmware}")
    for profile in facts.profiles:
        typer.echo(f"    {profile.codec} {profile.width}×{profile.height}: {profile.stream_url}")
    for note in facts.notes:
        typer.echo(f"    atenção: {note}")
