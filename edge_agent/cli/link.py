"""How a command reaches the box: the running agent by its control socket, else the data folder itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any, NoReturn

import httpx
import typer

from edge_agent.control import SOCKET

TIMEOUT_S = 15.0


class AgentAbsent(Exception):
    """No agent runs over this data folder."""


class AgentRefused(Exception):
    """The agent's own words, for the person."""


def ask_agent(data_dir: Path, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """One question to the running agent. Raises AgentAbsent, AgentRefused."""
    transport = httpx.HTTPTransport(uds=str(data_dir / SOCKET))
    try:
        with httpx.Client(transport=transport, base_url="http://agent", timeout=TIMEOUT_S) as client:
            answer = client.request(method, path, json=body)
    except (httpx.ConnectError, OSError):
        raise AgentAbsent from None
    except httpx.HTTPError as error:
        raise AgentRefused(f"O agente não respondeu: {type(error).__name__}.") from None
    if answer.status_code >= HTTPStatus.BAD_REQUEST:
        raise AgentRefused(str(answer.json().get("detail", answer.status_code)))
    return answer.json()


@contextmanager
def telling(command: str) -> Iterator[None]:
    """Turn what a technician can act on into one line and exit code 1."""
    from edge_agent.cameras.domain import InvalidAddress
    from edge_agent.cameras.onvif import OnvifFailed
    from edge_agent.cameras.tester import CameraRefused
    from edge_agent.config import AlreadyRunning, DataFolderUnusable, NotEnrolled
    from edge_agent.store import StoreUnavailable

    try:
        yield
    except (
        AgentRefused,
        AlreadyRunning,
        CameraRefused,
        DataFolderUnusable,
        InvalidAddress,
        NotEnrolled,
        OnvifFailed,
        StoreUnavailable,
        PermissionError,
    ) as error:
        fail(command, str(error))


def fail(command: str, text: str) -> NoReturn:
    typer.echo(f"gtv edge {command}: {text}", err=True)
    raise typer.Exit(1)
