"""The agent tells systemd that it is up and alive: a box that hangs at night is restarted by nobody else."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_agent import watchdog


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The socket on which systemd would listen."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(10)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield listener


async def heard(listener: socket.socket) -> str:
    return (await asyncio.to_thread(listener.recv, 64)).decode()


async def test_it_is_ready_once_and_alive_again_and_again(
    systemd: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "20000")
    telling = asyncio.create_task(watchdog.keep_telling())
    said = [await heard(systemd) for _ in range(4)]
    telling.cancel()
    assert said == ["READY=1", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"]


async def test_without_a_watchdog_it_is_only_ready(
    systemd: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    await watchdog.keep_telling()
    assert await heard(systemd) == "READY=1"
    systemd.setblocking(False)
    with pytest.raises(BlockingIOError):
        systemd.recv(64)


async def test_a_name_in_the_abstract_space_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"gtv-test-{id(monkeypatch)}"
    monkeypatch.setenv("NOTIFY_SOCKET", f"@{name}")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(f"\0{name}")
        listener.settimeout(10)
        await watchdog.keep_telling()
        assert await heard(listener) == "READY=1"


async def test_nobody_who_listens_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    await watchdog.keep_telling()
    monkeypatch.delenv("NOTIFY_SOCKET")
    await watchdog.keep_telling()
