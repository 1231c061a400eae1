"""`make chaos`: parts of the system die at random while plates come in; exit 1 if one is lost or doubled."""

import random
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from tests.chaos.run import run


def main(
    seconds: Annotated[float, typer.Option(help="How long the storm lasts", min=10)] = 240.0,
    seed: Annotated[int | None, typer.Option(help="Repeats the storm of this seed")] = None,
    keep: Annotated[bool, typer.Option(help="Keep data and logs also when all is well")] = False,
) -> None:
    """Run once, and print what was found."""
    chosen = random.randrange(10**6) if seed is None else seed
    folder = Path(tempfile.mkdtemp(prefix="gtv-chaos-"))
    outcome = run(folder, chosen, seconds, lambda step: typer.echo(f"  ... {step}"))
    typer.echo(outcome.report())
    if outcome.wrong or keep:
        typer.echo(f"data and logs: {folder}")
        typer.echo(f"again: make chaos CHAOS_OPTIONS='--seed {chosen} --seconds {seconds:g}'")
    else:
        shutil.rmtree(folder)
    sys.exit(1 if outcome.wrong else 0)


if __name__ == "__main__":
    typer.run(main)
