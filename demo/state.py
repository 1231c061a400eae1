"""What the demo remembers between starts: its ports, secrets and demo passwords, in `.run/demo/state.json`.

Secrets are random and made once, so a demo left running on a laptop is not
open to whoever reads the source; the demo users' passwords are printed at start.
"""

import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from pydantic import BaseModel, Field, ValidationError

from demo.engines import EngineError, free_port
from demo.ports import port_is_free


def _secret() -> str:
    return secrets.token_urlsafe(32)


class Ports(BaseModel):
    """Ports nobody types; a taken one is replaced at the next start."""

    postgres: int = Field(default_factory=free_port)
    redis: int = Field(default_factory=free_port)
    broker: int = Field(default_factory=free_port)
    broker_hub: int = Field(default_factory=free_port)
    objects: int = Field(default_factory=free_port)
    relay: int = Field(default_factory=free_port)
    lpr: int = Field(default_factory=free_port)
    rtsp: int = Field(default_factory=free_port)
    web_metrics: int = Field(default_factory=free_port)
    relay_metrics: int = Field(default_factory=free_port)
    ingest_metrics: int = Field(default_factory=free_port)
    worker_metrics: int = Field(default_factory=free_port)
    beat_metrics: int = Field(default_factory=free_port)


class State(BaseModel):
    """See the module."""

    ports: Ports = Field(default_factory=Ports)
    secret_key: str = Field(default_factory=_secret)
    relay_secret: str = Field(default_factory=_secret)
    s3_access_key: str = Field(default_factory=lambda: secrets.token_hex(10))
    s3_secret_key: str = Field(default_factory=_secret)
    lpr_secrets: dict[str, str] = Field(default_factory=dict)
    password: str = Field(default_factory=lambda: f"gtv-{secrets.token_hex(4)}")

    @classmethod
    def load(cls, file: Path, cameras: Iterable[str]) -> Self:
        """The stored state with fresh ports where another program has taken one; stored again."""
        try:
            state = cls.model_validate_json(file.read_text()) if file.exists() else cls()
        except ValidationError:  # its text would show the secrets
            raise EngineError(f"{file} is damaged; remove {file.parent} to start afresh") from None
        taken = {name for name, port in state.ports if not port_is_free(port)}
        state.lpr_secrets = state.lpr_secrets or {path: _secret() for path in cameras}
        state.ports = Ports(**{name: port for name, port in state.ports if name not in taken})
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(state.model_dump_json(indent=2))
        new.replace(file)  # whole, or not at all
        return state
