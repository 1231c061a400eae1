"""`gtv clip …`: for who received a clip. Works offline, on any computer."""

from pathlib import Path
from typing import Annotated

import typer

from edge_agent.evidence.authorities import AuthorityRefused, kept, named
from edge_agent.evidence.manifest import Manifest, ManifestFile
from edge_agent.evidence.verify import NotAClip, Outcome, Verdict, verify

app = typer.Typer(help="Recortes: verificar a autenticidade.", no_args_is_help=True)

#: What ends the output, and the exit code; 2 is of a command that cannot be carried out.
_OUTCOMES = {
    Outcome.AUTHENTIC: ("AUTÊNTICO", 0),
    Outcome.NOT_AUTHENTIC: ("NÃO É AUTÊNTICO", 1),
    Outcome.UNPROVEN: ("ÍNTEGRO, ORIGEM NÃO COMPROVADA", 3),
}
_HOW_TO_PROVE = """\
Nada mudou desde que alguém assinou este recorte, mas a assinatura pode ser de qualquer pessoa.
Para saber de quem é, peça à central da cidade o certificado da autoridade, por outro caminho que
não este recorte: ele e a sua impressão digital SHA-256 estão em https://CENTRAL/authority.crt, e a
impressão pode ser ditada ou impressa. Depois repita com uma destas opções:
    --authority-sha256 IMPRESSÃO
    --ca ARQUIVO
Certificados em {folder} valem sempre (arquivos .crt)."""
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
    authority_sha256: Annotated[
        str | None,
        typer.Option(help="Impressão digital SHA-256 do certificado da autoridade, dita pela central"),
    ] = None,
    recordings: Annotated[
        Path | None,
        typer.Option(help="Pasta de gravações da caixa, para comparar com o original", exists=True),
    ] = None,
    data_dir: Annotated[
        Path, typer.Option(help="Numa caixa, a sua pasta de dados", envvar="GTV_EDGE_DATA")
    ] = Path("/var/lib/gtv"),
) -> None:
    """Diz se um recorte é autêntico.

    Termina com 0 se for, com 1 se não for, com 3 se nada foi alterado, mas falta uma autoridade
    obtida fora do recorte que prove de quem ele é.
    """
    folder = Path.home() / ".config" / "gtv" / "authorities"
    try:
        authorities = named(ca, authority_sha256) or kept(folder, data_dir / "identity" / "ca.crt")
        verdict = verify(clip, authorities, recordings)
    except AuthorityRefused as error:
        typer.echo(f"gtv clip verify: {error}", err=True)
        raise typer.Exit(2) from None
    except (NotAClip, OSError) as error:
        typer.echo(f"gtv clip verify: {error}", err=True)
        raise typer.Exit(1) from None
    _tell(verdict)
    words, code = _OUTCOMES[verdict.outcome]
    typer.echo(words)
    if verdict.outcome is Outcome.UNPROVEN:
        typer.echo(_HOW_TO_PROVE.format(folder=folder))
    raise typer.Exit(code)


def _tell(verdict: Verdict) -> None:
    if verdict.manifest is not None:
        _describe(verdict.manifest)
    for finding in verdict.findings:
        typer.echo(f"{_MARKS[finding.kind]} {finding.text}")


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
