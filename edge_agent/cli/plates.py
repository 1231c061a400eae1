"""`gtv edge quarantine`: what plate cameras sent and the box refused."""

import base64
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from edge_agent.cli.cameras import in_folder
from edge_agent.cli.link import AgentAbsent, ask_agent, fail, telling
from edge_agent.cli.options import DEFAULT_DATA, DataDir, Json

app = typer.Typer()


@app.command()
def quarantine(
    push: Annotated[int | None, typer.Argument(help="Número de um envio: mostra o que veio")] = None,
    save: Annotated[Path | None, typer.Option(help="Guarda o envio neste arquivo, byte por byte")] = None,
    data_dir: DataDir = DEFAULT_DATA,
    as_json: Json = False,
) -> None:
    """Mostra os envios de placas que a caixa recusou, os mais novos primeiro, e por quê."""
    with telling("quarantine"):
        if push is None:
            _show_list(data_dir, as_json)
            return
        body = _body(data_dir, push)
    if body is None:
        fail("quarantine", f"Não há envio {push} na quarentena: veja a lista sem o número.")
    if save:
        save.write_bytes(body)
        typer.echo(f"{len(body)} bytes guardados em {save}.")
    else:
        typer.echo(body.decode("utf-8", "replace"))


def _show_list(data_dir: Path, as_json: bool) -> None:
    """Raises AgentRefused, NotEnrolled."""
    from edge_agent.control import refused_pushes_of

    try:
        pushes: list[dict[str, Any]] = ask_agent(data_dir, "GET", "/quarantine")
    except AgentAbsent:
        pushes = in_folder(data_dir, refused_pushes_of)
    if as_json:
        typer.echo(json.dumps(pushes, ensure_ascii=False))
        return
    for one in pushes:
        typer.echo(
            f"{one['id']}  {one['received_at']}  {one['camera_name']}  {one['vendor']}  "
            f"{one['size_bytes']} bytes  {one['reason']}"
        )
    if not pushes:
        typer.echo("Nenhum envio recusado.")


def _body(data_dir: Path, push: int) -> bytes | None:
    """Raises AgentRefused, NotEnrolled."""
    try:
        told = ask_agent(data_dir, "GET", f"/quarantine/{push}")
    except AgentAbsent:
        body: bytes | None = in_folder(data_dir, lambda box: box.quarantine.body(push))
        return body
    return base64.b64decode(told["body"]) if told["body"] is not None else None
