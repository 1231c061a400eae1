"""The rules about users: roles and cities, how many of each, the second factor, and locks."""

from collections.abc import Mapping
from dataclasses import dataclass

from central_hub.kernel import CENTRAL_ROLES, Conflict, InvalidInput, Role

#: A prefeitura has one gestor and up to five visualizadores (requirement S2.3).
PER_CITY_LIMITS: Mapping[Role, int] = {Role.GESTOR: 1, Role.VISUALIZADOR: 5}

#: Who sees more than one city logs in with a code besides the password.
SECOND_FACTOR_ROLES = CENTRAL_ROLES

#: A lock starts with a minute, doubles with every further failure, and ends at this.
LONGEST_LOCK_S = 15 * 60

#: Failures are forgotten after this long without another.
FAILURES_FORGOTTEN_S = 60 * 60


@dataclass(frozen=True)
class FailureLimit:
    """How many failures in a row a name may have before it is locked."""

    failures: int

    def lock_s(self, failures: int) -> int:
        """Seconds of lock that this many failures in a row earn."""
        beyond = failures - self.failures
        return 0 if beyond < 0 else min(LONGEST_LOCK_S, 60 << min(beyond, 10))


#: One address guessing at one name; and everybody guessing at it. The second is higher, so that
#: a stranger needs many addresses before the person with the right password feels it.
LIMIT_FROM_ADDRESS = FailureLimit(10)
LIMIT_IN_ALL = FailureLimit(100)


def check_role_and_city(role: Role, city_id: int | None) -> None:
    """The central's people belong to no city; everyone else to exactly one."""
    if role in CENTRAL_ROLES and city_id is not None:
        raise InvalidInput.in_field("city", "Quem é da central não pertence a uma prefeitura.")
    if role not in CENTRAL_ROLES and city_id is None:
        raise InvalidInput.in_field("city", "Informe a prefeitura do usuário.")


def check_room_for(role: Role, present: int) -> None:
    """`present` is how many active users of this role the city already has."""
    limit = PER_CITY_LIMITS.get(role)
    if limit is not None and present >= limit:
        word = "gestor" if role == Role.GESTOR else "visualizadores"
        raise Conflict(f"A prefeitura já tem {limit} {word}, o máximo permitido.", code="user-limit")


def check_stays_on_its_side(role: Role, city_id: int | None) -> None:
    """A role is changed within the central, or within the person's prefeitura."""
    if (role in CENTRAL_ROLES) != (city_id is None):
        raise InvalidInput.in_field(
            "role", "Entre a central e uma prefeitura o papel não muda: cadastre outra conta."
        )


def console_password_hash(django_hash: str) -> str | None:
    """The hash in the form that argon2 libraries verify; None if it is of another kind.

    Django stores `argon2$argon2id$v=19$...`, the rest of the world `$argon2id$v=19$...`.
    """
    prefix = "argon2$"
    return django_hash.removeprefix("argon2") if django_hash.startswith(prefix) else None
