"""`gtv demo`: the whole system on one machine, until Ctrl-C."""

import os
import signal
import threading
import time
from pathlib import Path
from typing import Annotated

import typer

from demo.engines import EngineError
from demo.system import DemoSystem

CHECK_EVERY_S = 1.0

OUTAGE_S = 60.0

_WELCOME = """
GT-Vision is running ({seconds:.0f} s).

  Hub             {hub}         (Django admin: {hub}/admin/)
  LAN console     {console}         of the box in the prefeitura
  Plate pushes    {lpr}

  user           password       who
  admin          {password}   central administration
  gestor         {password}   manager of the prefeitura São Bento do Vale
  visualizador   {password}   guard: watches, on the hub and on the LAN console

The demo asks nobody for a second factor; in production administrators must have one.

What to try:
  1. Open the hub as gestor. Plates appear as the cameras read them.
  2. Click a plate and say why: its picture and all that the camera told. "Ver a gravação" plays the
     recorded moment, streamed from the box through the relay: the plate of the car in the picture
     and the clock burned into it are what was read.
  3. Open the LAN console as visualizador: four live cameras and their plates, no internet needed.
     Praça da Matriz has a microphone: a beep begins each second of the clock in the picture.
  4. kill -USR1 {pid} stops the broker for a minute. The console goes on, its footer counts
     the reads that wait, and afterwards none is missing in the hub.
  5. Push a plate yourself: docs/configuration.md; ids and secrets are in {cameras}

Logs: {logs}    Ctrl-C ends everything.
"""

Port = Annotated[int, typer.Option(min=1024, max=65535)]


def demo(
    folder: Annotated[Path, typer.Option(help="Where the demo keeps its data")] = Path(".run/demo"),
    hub_port: Port = 8000,
    console_port: Port = 8080,
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
                    lpr=system.lpr_url,
                    pid=os.getpid(),
                    cameras=system.folder / "cameras.json",
                    logs=system.folder / "logs",
                )
            )
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: stopping.set())
            interrupting = threading.Event()
            signal.signal(signal.SIGUSR1, lambda *_: interrupting.set())
            while not stopping.wait(CHECK_EVERY_S):
                if interrupting.is_set():
                    typer.echo(f"  ... broker stopped for {OUTAGE_S:.0f} s")
                    system.interrupt_broker(OUTAGE_S, stopping.wait)
                    typer.echo("  ... broker is back")
                    interrupting.clear()
                system.check()
            typer.echo("  ... stopping")
    except EngineError as error:
        typer.echo(f"gtv demo: {error}", err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:  # Ctrl-C while starting: what was started has been ended
        raise typer.Exit(130) from None
