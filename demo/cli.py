"""`gtv demo`: the whole system on one machine, until Ctrl-C."""

import signal
import threading
import time
from pathlib import Path
from typing import Annotated

import typer

from demo.engines import EngineError
from demo.system import DemoSystem

CHECK_EVERY_S = 1.0

_WELCOME = """
GT-Vision is running ({seconds:.0f} s).

  Central (hub)       {hub}
  Console da caixa    {console}

  usuário        senha          quem é
  admin          {password}   administrador da central
  gestor         {password}   gestor da prefeitura de São Bento do Vale
  visualizador   {password}   vigia: só vê, na central e no console

What to try:
  1. Open the hub as `gestor`. Plates appear as the cameras read them.
  2. Click a plate: the recorded moment plays, streamed from the box through the relay.
     The plate of the car in the picture and the clock burned into it are what was read.
  3. Open the LAN console as `visualizador`: four live cameras and the plates, with no internet needed.

Logs: {logs}    Ctrl-C ends everything.
"""


def demo(
    folder: Annotated[Path, typer.Option(help="Where the demo keeps its data")] = Path(".run/demo"),
    hub_port: Annotated[int, typer.Option(help="Port of the hub")] = 8000,
    console_port: Annotated[int, typer.Option(help="Port of the LAN console")] = 8080,
) -> None:
    """Run hub, edge box and four simulated cameras on this machine, until Ctrl-C."""
    stopping = threading.Event()
    started = time.monotonic()
    system = DemoSystem(folder, hub_port, console_port, progress=lambda step: typer.echo(f"  ... {step}"))
    try:
        with system:
            typer.echo(
                _WELCOME.format(
                    seconds=time.monotonic() - started,
                    hub=system.hub_url,
                    console=system.console_url,
                    password=system.password,
                    logs=system.folder / "logs",
                )
            )
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: stopping.set())
            while not stopping.wait(CHECK_EVERY_S):
                system.check()
            typer.echo("  ... stopping")
    except EngineError as error:
        typer.echo(f"gtv demo: {error}", err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:  # Ctrl-C while starting: what was started has been ended
        raise typer.Exit(130) from None
