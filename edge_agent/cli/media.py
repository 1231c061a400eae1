"""`gtv edge install-mediamtx`: the media server that production boxes run."""

from typing import Annotated

import typer

from edge_agent.cli.options import DEFAULT_DATA, DataDir

app = typer.Typer()


@app.command("install-mediamtx")
def install_mediamtx(
    data_dir: DataDir = DEFAULT_DATA,
    source: Annotated[
        str,
        typer.Option("--from", help="Outro lugar: endereço da pasta da versão, ou pasta ou arquivo daqui"),
    ] = "",
    sha256: Annotated[
        str, typer.Option(help="Soma SHA-256 esperada; sem ela vale a que a própria versão publica")
    ] = "",
) -> None:
    """Busca o MediaMTX desta versão, confere a soma e o instala na pasta de dados."""
    from edge_agent.mediamtx import install

    try:
        program = install.install(data_dir, source or install.RELEASES, sha256)
    except install.InstallFailed as error:
        typer.echo(f"gtv edge install-mediamtx: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"MediaMTX {install.VERSION} instalado em {program}. Reinicie a caixa para usá-lo.")
    if not sha256:
        typer.echo("A soma conferida foi a publicada junto da versão; use --sha256 para conferir outra.")
