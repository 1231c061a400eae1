"""Copies what a box cannot get again from the hub or its cameras: its database and its identity.

Footage is not in it. The copy of the database is one consistent instant, taken
while the box runs (https://www.sqlite.org/backup.html). The folder holds the
box's key and its cameras' passwords: it is made for its owner only.
"""

import os
import shutil
import sqlite3
from pathlib import Path

from sqlite_utils import Database

from edge_agent import schema
from edge_agent.clock import now_us
from edge_agent.config import DataFolder

PAGES_PER_STEP = 1000


class BackupFailed(Exception):
    """Nothing was overwritten; the text says what is in the way."""


def backup(folder: DataFolder, target: Path) -> None:
    """Make `target` a data folder without footage. Raises BackupFailed, OSError, sqlite3.Error."""
    if not folder.database.is_file():
        raise BackupFailed(f"não há banco de dados em {folder.root}")
    try:
        target.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        raise BackupFailed(f"{target} já existe; uma cópia nunca substitui outra") from None
    except OSError as error:
        raise BackupFailed(f"não se pode gravar em {target} ({error.strerror}); confira o caminho") from None
    copy = DataFolder(target)
    copy.identity.mkdir(mode=0o700)
    for file in sorted(folder.identity.iterdir()):
        if file.is_file():
            shutil.copyfile(file, copy.identity / file.name, follow_symlinks=False)
            (copy.identity / file.name).chmod(0o600)
    _copy_database(folder.database, copy.database)


def _copy_database(source: Path, target: Path) -> None:
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    reading = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)
    writing = sqlite3.connect(target)
    try:
        # In steps: the box goes on writing between them.
        reading.backup(writing, pages=PAGES_PER_STEP)
        # The box goes on numbering its events: the copy must never give one of those numbers again.
        # They began at its creation (store) and grow by one an event, so now is beyond all of them.
        # And whatever waits may have been published when the copy comes to life.
        schema.migrate(Database(writing), now_us)
        writing.execute(
            "UPDATE stream_seq SET last = max(last, :now), published = max(last, :now)", {"now": now_us()}
        )
        writing.commit()
        writing.execute("PRAGMA journal_mode=DELETE")  # one file, to be carried away
    finally:
        writing.close()
        reading.close()
