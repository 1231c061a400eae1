"""The rules about users: which roles belong to a city, and how many of each it may have."""

from collections.abc import Mapping

from central_hub.kernel import Conflict, InvalidInput, Role

#: A prefeitura has one gestor and up to five visualizadores (requirement S2.3).
PER_CITY_LIMITS: Mapping[Role, int] = {Role.GESTOR: 1, Role.VISUALIZADOR: 5}


def check_role_and_city(role: Role, city_id: int | None) -> None:
    """An admin belongs to no city; everyone else to exactly one."""
    if role == Role.ADMIN and city_id is not None:
        raise InvalidInput.in_field("city", "Um administrador da central não pertence a uma prefeitura.")
    if role != Role.ADMIN and city_id is None:
        raise InvalidInput.in_field("city", "Informe a prefeitura do usuário.")


def check_room_for(role: Role, present: int) -> None:
    """`present` is how many active users of this role the city already has."""
    limit = PER_CITY_LIMITS.get(role)
    if limit is not None and present >= limit:
        word = "gestor" if role == Role.GESTOR else "visualizadores"
        raise Conflict(f"A prefeitura já tem {limit} {word}, o máximo permitido.", code="user-limit")


def console_password_hash(django_hash: str) -> str | None:
    """The hash in the form that argon2 libraries verify; None if it is of another kind.

    Django stores `argon2$argon2id$v=19$...`, the rest of the world `$argon2id$v=19$...`.
    """
    prefix = "argon2$"
    return django_hash.removeprefix("argon2") if django_hash.startswith(prefix) else None
