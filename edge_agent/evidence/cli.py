"""`gtv clip …`: for who received a clip. Works offline, on any computer."""

from pathlib import Path
from typing import Annotated

import typer

from edge_agent.evidence.manifest import Manifest, ManifestFile
from edge_agent.evidence.verify import NotAClip, verify

app = typer.Typer(help="Recortes: verificar a autenticidade.", no_args_is_help=True)

_MARKS = {"fine": "[ok]   ", "warning": "[aviso]", "fault": "[ERRO] "}


@app.callback()
def _group() -> None:
    """Keeps `verify` a sub-command while it is the only one."""


@app.command(name="verify")
def verify_clip(
    clip: Annotated[Path, typer.Argument(help="O ZIP do recorte, ou a pasta onde foi aberto", exists=True)],
    ca: Annotated[
        Path | None, typer.Option(help="Certificado da autoridade, obtido da central", exists=True)
    ] = None,
    recordings: Annotated[
        Path | None,
        typer.Option(help="Pasta de gravações da caixa, para comparar com o original", exists=True),
    ] = None,
) -> None:
    """Diz se um recorte é autêntico: termina com 0 se for, com 1 se não for."""
    try:
        verdict = verify(clip, ca.read_bytes() if ca else None, recordings)
    except (NotAClip, OSError) as error:
        typer.echo(f"gtv clip verify: {error}", err=True)
        raise typer.Exit(1) from None
    if verdict.manifest is not None:
        _describe(verdict.manifest)
    for finding in verdict.findings:
        typer.echo(f"{_MARKS[finding.kind]} {finding.text}")
    typer.echo("AUTÊNTICO" if verdict.authentic else "NÃO É AUTÊNTICO")
    raise typer.Exit(0 if verdict.authentic else 1)


def _describe(manifest: Manifest) -> None:
    typer.echo(f"Recorte {manifest.clip} da caixa {manifest.city}/{manifest.node}")
    typer.echo(f"Pedido por {manifest.requester} em {manifest.created.isoformat()}: {manifest.reason}")
    for file in manifest.files:
        typer.echo(f"  {file.camera_name}: {file.start.isoformat()} a {file.end.isoformat()} ({file.name})")
        typer.echo(f"    {_clock_of(file)}")
    for gap in manifest.gaps:
        typer.echo(f"  sem gravação: {gap.camera_name}, {gap.start.isoformat()} a {gap.end.isoformat()}")


def _clock_of(file: ManifestFile) -> str:
    """How the box's clock was while the footage was recorded, and how far from the footage's."""
    seconds = f"{abs(file.drift_us) / 1e6:.3f}".replace(".", ",")
    return f"relógio da caixa e hora da gravação: até {seconds} s de diferença; {_kept(file)}"


def _kept(file: ManifestFile) -> str:
    states = [source.clock_synchronised for source in file.sources]
    if False in states:
        return "relógio não acertado pela rede"
    if None in states or not states:
        return "não se sabe se o relógio estava acertado pela rede"
    worst_ms = max(source.clock_error_ms or 0 for source in file.sources)
    return f"relógio acertado pela rede, com erro de até {worst_ms} ms"
