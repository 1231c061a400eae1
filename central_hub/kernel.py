"""What every context of the hub shares: roles, the caller, and the tree of errors. No framework here.

    HubError
    ├── InvalidInput    the request itself is wrong; `errors` says which field
    ├── NotPermitted    the caller may not do this
    ├── NotFound        it does not exist, or the caller may not see it: the two are not told apart
    ├── Conflict        it contradicts the present state or a limit
    └── Unavailable     something the hub depends on does not answer; trying again makes sense

Each carries a `detail` in Portuguese for the person, and a `code` for programs;
`central_hub.api` maps them to problem+json in one place.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol


class Role(StrEnum):
    ADMIN = "admin"
    GESTOR = "gestor"
    VISUALIZADOR = "visualizador"


class Caller(Protocol):
    """Whoever asks: what the contexts need to know of a user."""

    @property
    def pk(self) -> int: ...

    @property
    def username(self) -> str: ...

    @property
    def role(self) -> str: ...

    @property
    def city_id(self) -> int | None: ...


class HubError(Exception):
    code = "error"

    def __init__(
        self, detail: str, *, code: str | None = None, errors: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.code
        self.errors = dict(errors or {})


class InvalidInput(HubError):
    code = "invalid-input"

    @classmethod
    def in_field(cls, field: str, message: str) -> "InvalidInput":
        return cls(message, errors={field: [message]})


class NotPermitted(HubError):
    code = "not-permitted"


class NotFound(HubError):
    code = "not-found"


class Conflict(HubError):
    code = "conflict"


class Unavailable(HubError):
    code = "unavailable"


def governs(caller: Caller, city_id: int) -> bool:
    """May the caller change what belongs to this city?"""
    if caller.role == Role.ADMIN:
        return True
    return caller.role == Role.GESTOR and caller.city_id == city_id


def require_admin(caller: Caller) -> None:
    if caller.role != Role.ADMIN:
        raise NotPermitted("Somente administradores da central podem fazer isto.")


def require_governs(caller: Caller, city_id: int) -> None:
    if not governs(caller, city_id):
        raise NotPermitted("Somente o gestor da prefeitura ou um administrador pode fazer isto.")
