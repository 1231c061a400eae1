"""Engines start, answer, keep their data over restarts and kills, and leave no process behind."""

import io
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import minio
import psutil
import psycopg
import pytest
import redis
from paho.mqtt import publish, subscribe

from demo.engines import (
    EngineError,
    MissingProgram,
    Mosquitto,
    ObjectStore,
    OwnedProcess,
    Postgres,
    Redis,
    free_port,
    require_program,
)
from demo.ports import accepts_connections


def wait_until(condition: Callable[[], bool], within_s: float = 15) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def kill(engine: OwnedProcess) -> None:
    assert engine.pid is not None
    os.kill(engine.pid, signal.SIGKILL)
    wait_until(lambda: not engine.running)


@pytest.fixture
def private_dir(tmp_path: Path) -> Path:
    """A folder that nobody but its owner can enter, like /root."""
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    return folder


def test_postgres_keeps_its_data_over_a_stop_and_a_kill(private_dir: Path) -> None:
    with Postgres(private_dir / "postgres", fast=True) as postgres:
        with psycopg.connect(postgres.url) as connection:
            connection.execute("CREATE TABLE city (name text)")
            connection.execute("INSERT INTO city VALUES ('São João')")
        postgres.stop()
        postgres.start()
        kill(postgres)
        postgres.start()
        with psycopg.connect(postgres.url) as connection:
            assert connection.execute("SELECT upper(name) FROM city").fetchone() == ("SÃO JOÃO",)
    assert private_dir.stat().st_mode & 0o777 == 0o700, "the folder was opened to others"


def test_postgres_ignores_a_lock_file_that_names_somebody_elses_process(private_dir: Path) -> None:
    with Postgres(private_dir / "postgres", fast=True) as postgres:
        lock = private_dir / "postgres" / "pgdata" / "postmaster.pid"
        left_behind = lock.read_text()
        postgres.stop()
        lock.write_text(left_behind.replace(left_behind.split()[0], str(os.getpid()), 1))
        postgres.start()
        assert postgres.running


def test_postgres_wants_its_password(private_dir: Path) -> None:
    with Postgres(private_dir / "postgres", fast=True) as postgres:
        wrong = postgres.url.replace(postgres.url.split(":")[2].split("@")[0], "wrong")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)


def test_redis_keeps_its_data_over_a_stop_and_a_kill(tmp_path: Path) -> None:
    with Redis(tmp_path / "redis") as engine:
        with redis.Redis.from_url(engine.url) as client:
            client.set("job", "1")
        engine.stop()
        engine.start()
        kill(engine)
        engine.start()
        with redis.Redis.from_url(engine.url) as client:
            assert client.get("job") == b"1"


def test_mosquitto_runs_with_the_given_configuration_and_keeps_its_data(private_dir: Path) -> None:
    port = free_port()
    config = f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location ./\n"
    with Mosquitto(private_dir / "broker", config, port) as broker:
        publish.single("state", "kept", qos=1, retain=True, hostname="127.0.0.1", port=broker.port)
        broker.stop()
        broker.start()
        message = subscribe.simple("state", hostname="127.0.0.1", port=broker.port)
    assert message.payload == b"kept"


def test_presigned_links_of_the_object_store_work_and_nothing_else_does(tmp_path: Path) -> None:
    with ObjectStore(tmp_path / "objects", "demo-access", "demo-secret-key") as store:
        client = minio.Minio(
            store.endpoint, "demo-access", "demo-secret-key", secure=False, region="us-east-1"
        )
        client.put_object("gtv", "plates/1.jpg", io.BytesIO(b"jpeg"), 4)
        assert httpx.put(client.presigned_put_object("gtv", "plates/2.jpg"), content=b"two").is_success
        assert httpx.get(client.presigned_get_object("gtv", "plates/2.jpg")).content == b"two"
        assert httpx.get(f"http://{store.endpoint}/gtv/plates/1.jpg").is_client_error
        store.stop()
        store.start()
        assert client.get_object("gtv", "plates/1.jpg").read() == b"jpeg"
    assert not list(tmp_path.rglob("rclone.conf"))


def test_starting_twice_is_refused_and_stopping_twice_is_fine(tmp_path: Path) -> None:
    engine = Redis(tmp_path / "redis")
    engine.start()
    with pytest.raises(EngineError, match="already running"):
        engine.start()
    engine.stop()
    engine.stop()
    assert not engine.running


def test_a_taken_port_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(EngineError, match=rf"port {port} .* redis needs, is used by another program"):
            Redis(tmp_path / "redis", port).start()


def test_an_engine_that_ends_at_once_says_why_in_one_line(tmp_path: Path) -> None:
    port = free_port()
    broker = Mosquitto(tmp_path / "broker", "no_such_setting true\n", port)
    with pytest.raises(EngineError, match="Unknown configuration variable") as raised:
        broker.start()
    assert "\n" not in str(raised.value)
    assert not broker.running


def test_an_engine_that_never_answers_is_ended_at_its_deadline(tmp_path: Path) -> None:
    sleeper = OwnedProcess(
        "sleeper", ["sleep", "60"], log=tmp_path / "sleeper.log", ready=lambda: False, ready_within_s=0.2
    )
    with pytest.raises(EngineError, match=r"was not ready after 0\.2 s: \(empty log\)"):
        sleeper.start()
    assert not sleeper.running


def test_a_child_that_ignores_the_signal_is_killed_with_its_own_children(tmp_path: Path) -> None:
    script = "trap '' TERM; sleep 61 & echo $!; wait; wait"
    log = tmp_path / "stubborn.log"
    stubborn = OwnedProcess(
        "stubborn", ["sh", "-c", script], log=log, ready=lambda: bool(log.read_text()), stop_within_s=0.3
    )
    stubborn.start()
    grandchild = int(log.read_text())
    stubborn.stop()
    wait_until(
        lambda: (
            not psutil.pid_exists(grandchild) or psutil.Process(grandchild).status() == psutil.STATUS_ZOMBIE
        )
    )


def test_engines_end_when_their_owner_is_killed(tmp_path: Path) -> None:
    port = free_port()
    owner = (
        "import sys, threading; from pathlib import Path; from demo.engines import Redis\n"
        f"engine = Redis(Path({str(tmp_path)!r}), {port})\n"
        "starter = threading.Thread(target=engine.start); starter.start(); starter.join()\n"
        "print('up', flush=True); threading.Event().wait()"
    )
    with subprocess.Popen([sys.executable, "-c", owner], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        time.sleep(0.2)  # the thread that started the engine has ended: the engine must not mind
        assert accepts_connections(port)
        process.kill()
    wait_until(lambda: not accepts_connections(port))


def test_a_missing_program_names_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(MissingProgram, match="run: sudo apt-get install -y no-such-package"):
        require_program("no-such-program", "no-such-package")


def test_how_a_process_ended_is_said_in_words(tmp_path: Path) -> None:
    with Redis(tmp_path / "redis") as engine:
        assert engine.ending == "not ended"
        kill(engine)
        assert engine.ending == "signal SIGKILL"
