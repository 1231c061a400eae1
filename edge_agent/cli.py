"""`gtv edge …`: what a technician runs on a box."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="The box in the prefeitura.", no_args_is_help=True)

DataDir = Annotated[Path, typer.Option(help="The box's data folder", envvar="GTV_EDGE_DATA")]
DEFAULT_DATA = Path("/var/lib/gtv")


@app.command()
def enrol(
    hub: Annotated[str, typer.Option(help="The hub's URL")],
    token: Annotated[str, typer.Option(help="One-time enrolment token", envvar="GTV_ENROLMENT_TOKEN")],
    data_dir: DataDir = DEFAULT_DATA,
) -> None:
    """Give this box its identity, with a one-time token from the hub."""
    from edge_agent.config import DataFolder
    from edge_agent.enrolment import EnrolmentFailed
    from edge_agent.enrolment import enrol as ask_hub

    try:
        identity = ask_hub(hub, token, DataFolder(data_dir))
    except EnrolmentFailed as error:
        typer.echo(f"gtv edge enrol: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"enrolled as {identity.address}; broker {identity.broker_host}:{identity.broker_port}")


@app.command()
def run(
    data_dir: DataDir = DEFAULT_DATA,
    host: Annotated[str, typer.Option(help="Address to serve the LAN console and LPR pushes on")] = "0.0.0.0",  # noqa: S104
    console_port: Annotated[int, typer.Option(help="LAN console")] = 8080,
    lpr_port: Annotated[int, typer.Option(help="LPR pushes of the cameras")] = 8081,
) -> None:
    """Run the box: record, read plates, serve the console, talk to the hub."""
    from edge_agent import agent, logs
    from edge_agent.config import NotEnrolled

    logs.configure()
    try:
        asyncio.run(agent.run(data_dir, agent.Listen(host, console_port, lpr_port)))
    except (NotEnrolled, agent.PortTaken) as error:
        typer.echo(f"gtv edge run: {error}", err=True)
        raise typer.Exit(1) from None


@app.command(hidden=True)
def openapi() -> None:
    """Print the LAN API's OpenAPI document (docs/api/edge.openapi.json is made with it)."""
    import json

    from edge_agent.console.app import create_app

    typer.echo(json.dumps(create_app(None).openapi(), indent=2, ensure_ascii=False))
