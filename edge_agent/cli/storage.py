"""`gtv edge fsck` and `backup`: is the footage what the index says; a copy of what cannot be had again."""

import json
from pathlib import Path
from typing import Annotated

import typer

from edge_agent.cli.options import DEFAULT_DATA, DataDir

app = typer.Typer()


@app.command()
def fsck(
    data_dir: DataDir = DEFAULT_DATA,
    deep: Annotated[bool, typer.Option("--deep", help="Decodifica também as imagens (demora)")] = False,
    mend: Annotated[bool, typer.Option("--repair", help="Conserta; só com a caixa parada")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Um problema por linha, em JSON")] = False,
) -> None:
    """Confere se cada gravação no disco é a que o índice diz, e conserta se for pedido."""
    import sqlite3

    from edge_agent.config import AlreadyRunning, DataFolderUnusable
    from edge_agent.store import StoreUnavailable

    try:
        problems = _mend_and_check(data_dir, deep, as_json) if mend else _check(data_dir, deep, as_json)
    except (StoreUnavailable, DataFolderUnusable, AlreadyRunning, OSError, sqlite3.Error) as error:
        typer.echo(f"gtv edge fsck: {error}", err=True)
        raise typer.Exit(1) from None
    if not as_json:
        typer.echo(f"{problems} problemas." if problems else "Tudo certo.")
    raise typer.Exit(1 if problems else 0)


def _mend_and_check(data_dir: Path, deep: bool, as_json: bool) -> int:
    from edge_agent.config import DataFolder
    from edge_agent.recording.health import HealthBoard
    from edge_agent.recording.index import RecordingIndex
    from edge_agent.recording.repair import repair
    from edge_agent.store import Store

    folder = DataFolder(data_dir)
    with folder.only_one():
        folder.prepare()  # of a restored backup, which has no folder for footage
        store = Store(folder.database, replace_damaged=True)
        index = RecordingIndex(store, folder.recordings, HealthBoard(store))
        done = repair(index, everything=True)
        index.ensure_coverage(anew=True)
        store.close()
    typer.echo(
        f"{done.indexed} arquivos indexados, {done.dropped} linhas sem arquivo retiradas, "
        f"{done.unreadable} arquivos guardados à parte.",
        err=as_json,
    )
    return _check(data_dir, deep, as_json)


def _check(data_dir: Path, deep: bool, as_json: bool) -> int:
    """Print what is wrong; returns how much. Raises sqlite3.Error, OSError, StoreUnavailable."""
    from edge_agent.config import DataFolder
    from edge_agent.recording.fsck import check
    from edge_agent.recording.health import HealthBoard
    from edge_agent.recording.index import RecordingIndex
    from edge_agent.store import Store, StoreUnavailable, check_pages

    folder = DataFolder(data_dir)
    if not folder.database.exists():  # nor is a new one begun by who only looks
        raise StoreUnavailable(f"Não há banco de dados em {folder.database}.")
    store = Store(folder.database)
    check_pages(folder.database)  # also of a database too large for a check at every start
    problems = 0
    for problem in check(RecordingIndex(store, folder.recordings, HealthBoard(store)), deep):
        problems += 1
        line = {"kind": problem.kind, "path": problem.path}
        typer.echo(json.dumps(line) if as_json else str(problem))
    store.close()
    return problems


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="Pasta nova para a cópia")], data_dir: DataDir = DEFAULT_DATA
) -> None:
    """Copia o banco de dados e a identidade da caixa (sem as gravações), também com ela em uso."""
    import sqlite3

    from edge_agent.backup import BackupFailed
    from edge_agent.backup import backup as copy
    from edge_agent.config import DataFolder

    try:
        copy(DataFolder(data_dir), target)
    except (BackupFailed, OSError, sqlite3.Error) as error:
        typer.echo(f"gtv edge backup: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"Cópia em {target}. Contém a chave da caixa: guarde como se guarda uma senha.")
