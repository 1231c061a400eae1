"""What every context of the hub shares: roles, the caller, and the tree of errors. No framework here.

    HubError
    ├── InvalidInput    the request itself is wrong; `errors` says which field
    ├── NotPermitted    the caller may not do this
    ├── NotFound        it does not exist, or the caller may not see it: the two are not told apart
    ├── Conflict        it contradicts the present state or a limit
    ├── ChangedMeanwhile  somebody has changed what the caller is editing
    ├── KeyReused       another request had this idempotency key
    └── Unavailable     something the hub depends on does not answer; trying again makes sense

Each carries a `detail` in Portuguese for the person, and a `code` for programs;
`central_hub.api` maps them to problem+json in one place.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol


class Role(StrEnum):
    # Of the central: they belong to no city and see all.
    ADMIN = "admin"
    OPERADOR = "operador"
    AUDITOR = "auditor"
    # Of one prefeitura.
    GESTOR = "gestor"
    VISUALIZADOR = "visualizador"


CENTRAL_ROLES = frozenset({Role.ADMIN, Role.OPERADOR, Role.AUDITOR})


class Permission(StrEnum):
    """What a role may do, in the cities that it sees (`scoping`)."""

    WATCH = "watch"  # live video, recordings, clips
    SEARCH_PLATES = "search-plates"
    GOVERN = "govern"  # cameras, people, lists and holds of the own city
    ADMINISTER = "administer"  # everything of every city
    READ_AUDIT = "read-audit"


PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(Permission),
    Role.OPERADOR: frozenset({Permission.WATCH, Permission.SEARCH_PLATES}),
    # Who checks the others looks at what they did, not at what they saw.
    Role.AUDITOR: frozenset({Permission.READ_AUDIT}),
    Role.GESTOR: frozenset({Permission.WATCH, Permission.SEARCH_PLATES, Permission.GOVERN}),
    Role.VISUALIZADOR: frozenset({Permission.WATCH, Permission.SEARCH_PLATES}),
}

_REFUSALS: Mapping[Permission, str] = {
    Permission.WATCH: "Seu papel não permite assistir a vídeos.",
    Permission.SEARCH_PLATES: "Seu papel não permite consultar placas.",
    Permission.GOVERN: "Somente o gestor da prefeitura ou um administrador pode fazer isto.",
    Permission.ADMINISTER: "Somente administradores da central podem fazer isto.",
    Permission.READ_AUDIT: "Somente administradores e auditores podem ler a trilha de auditoria.",
}


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


class ChangedMeanwhile(HubError):
    code = "changed-meanwhile"


class KeyReused(HubError):
    code = "idempotency-key-reused"


class Unavailable(HubError):
    code = "unavailable"


def may(caller: Caller, permission: Permission) -> bool:
    return permission in PERMISSIONS[Role(caller.role)]


def require(caller: Caller, permission: Permission) -> None:
    """Raises NotPermitted."""
    if not may(caller, permission):
        raise NotPermitted(_REFUSALS[permission])


def is_central(caller: Caller) -> bool:
    """Does the caller see every city?"""
    return Role(caller.role) in CENTRAL_ROLES


def governs(caller: Caller, city_id: int) -> bool:
    """May the caller change what belongs to this city?"""
    if may(caller, Permission.ADMINISTER):
        return True
    return may(caller, Permission.GOVERN) and caller.city_id == city_id


def require_admin(caller: Caller) -> None:
    require(caller, Permission.ADMINISTER)


def require_governs(caller: Caller, city_id: int) -> None:
    if not governs(caller, city_id):
        raise NotPermitted(_REFUSALS[Permission.GOVERN])
