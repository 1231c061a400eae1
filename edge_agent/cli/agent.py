"""`gtv edge enrol` and `run`: the life of the agent."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from edge_agent.cli.options import DEFAULT_DATA, DataDir
from edge_agent.updates.launcher import RESTART

app = typer.Typer()


@app.command()
def enrol(
    hub: Annotated[str, typer.Option(help="Endereço da central")],
    token: Annotated[str, typer.Option(help="Senha de uso único da central", envvar="GTV_ENROLMENT_TOKEN")],
    data_dir: DataDir = DEFAULT_DATA,
) -> None:
    """Dá a esta caixa a sua identidade, com uma senha de uso único da central."""
    from edge_agent.config import DataFolder, DataFolderUnusable
    from edge_agent.enrolment import EnrolmentFailed
    from edge_agent.enrolment import enrol as ask_hub

    try:
        identity = ask_hub(hub, token, DataFolder(data_dir))
    except (EnrolmentFailed, DataFolderUnusable) as error:
        typer.echo(f"gtv edge enrol: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"Caixa registrada como {identity.address}.")
    typer.echo(f"Mensagens por {identity.broker_host}:{identity.broker_port}.")


@app.command()
def run(
    data_dir: DataDir = DEFAULT_DATA,
    host: Annotated[str, typer.Option(help="Endereço em que a caixa atende")] = "0.0.0.0",  # noqa: S104
    console_port: Annotated[int, typer.Option(help="Porta do console")] = 8443,
    lpr_port: Annotated[int, typer.Option(help="Porta em que as câmeras entregam placas")] = 8081,
    plain_http: Annotated[
        bool, typer.Option("--plain-http", help="Console sem TLS; só em endereço local (127.0.0.1, ::1)")
    ] = False,
    disk_floor: Annotated[
        float | None, typer.Option(help="GB que ficam livres no disco; sem isto, 2 % dele", min=0)
    ] = None,
    mediamtx: Annotated[str, typer.Option(help="MediaMTX: auto, off ou o caminho do programa")] = "auto",
    webrtc_port: Annotated[int, typer.Option(help="Porta UDP do vídeo ao vivo (MediaMTX)")] = 8189,
    rtsp_port: Annotated[
        int, typer.Option(help="Porta RTSP para players da rede, com usuário e senha; 0: fechada")
    ] = 0,
) -> None:
    """Roda a caixa: grava, lê placas, serve o console, fala com a central."""
    from edge_agent import agent, listening, logs
    from edge_agent.config import AlreadyRunning, DataFolderUnusable, NotEnrolled
    from edge_agent.mediamtx.process import find_binary
    from edge_agent.mediamtx.server import MediaChoice
    from edge_agent.store import StoreUnavailable

    logs.configure()
    try:
        floor_bytes = None if disk_floor is None else int(disk_floor * 1e9)
        listen = listening.Listen(host, console_port, lpr_port, plain_http)
        binary, local_only = find_binary(mediamtx, data_dir), listening.is_loopback(host)
        media = MediaChoice(binary, webrtc_port, rtsp_port or None, local_only)
        again = asyncio.run(agent.run(data_dir, listen, floor_bytes, media))
    except (
        AlreadyRunning,
        DataFolderUnusable,
        NotEnrolled,
        StoreUnavailable,
        listening.PortTaken,
        listening.PlainHttpRefused,
        FileNotFoundError,
    ) as error:
        typer.echo(f"gtv edge run: {error}", err=True)
        raise typer.Exit(1) from None
    if again and os.environ.get("GTV_SLOTS"):
        raise typer.Exit(RESTART)  # to the launcher, which may have another version to start
    if again:  # the same process to whoever watches it: nothing else has to know how to start it
        os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606 - our own program, as it was started


@app.command()
def install(
    wheels: Annotated[
        Path, typer.Argument(help="Pasta com os pacotes (.whl) da versão e do que ela precisa")
    ],
    slots: Annotated[Path, typer.Option(help="Pasta do programa")] = Path("/opt/gtv"),
) -> None:
    """Instala a caixa, sem internet, de modo que a central possa depois trocar a versão."""
    from edge_agent.updates.first import FirstInstallRefused, install_first

    try:
        version = install_first(slots, wheels)
    except (FirstInstallRefused, OSError) as error:
        typer.echo(f"gtv edge install: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"Versão {version} instalada em {slots}.")
    typer.echo(f"Para rodar: python3 {slots / 'launcher.py'} {slots} run --data-dir {DEFAULT_DATA}")


@app.command(hidden=True)
def openapi() -> None:
    """Print the LAN API's OpenAPI document (docs/api/edge.openapi.json is made with it)."""
    import json

    from edge_agent.console.app import create_app

    typer.echo(json.dumps(create_app(None).openapi(), indent=2, ensure_ascii=False))
