"""Use cases about users: creating and changing them, logging in, and who may use a box's console."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest

from central_hub import edits, events
from central_hub.accounts import lockout, password_links, second_factor, sessions
from central_hub.accounts.domain import (
    check_role_and_city,
    check_room_for,
    check_stays_on_its_side,
    console_password_hash,
)
from central_hub.accounts.models import User
from central_hub.accounts.sessions import Login, Peer
from central_hub.audit import services as audit
from central_hub.cities import services as cities
from central_hub.kernel import (
    Caller,
    Conflict,
    InvalidInput,
    NotFound,
    NotPermitted,
    Permission,
    Role,
    may,
    require_governs,
)


@dataclass(frozen=True)
class ConsoleUser:
    """A person who may use the console of a city's boxes."""

    username: str
    name: str
    role: str
    password_hash: str


class WrongCredentials(Exception):
    """Name, password or code is wrong. Name and password are not told apart."""

    def __init__(self, *, code_wrong: bool = False) -> None:
        super().__init__()
        self.code_wrong = code_wrong


class CodeNeeded(Exception):
    """The password is right; a code of the second factor is needed besides."""


class Locked(Exception):
    """Too many failures: the name is locked for `wait_s` more seconds."""

    def __init__(self, wait_s: float) -> None:
        super().__init__()
        self.wait_s = wait_s


def log_in(request: HttpRequest, username: str, password: str, code: str = "") -> Login:
    """A new session. Raises WrongCredentials, CodeNeeded, Locked."""
    user = prove(request, username, password, code)
    peer = peer_of(request)
    record_login(user, peer, "api")
    return sessions.open_session(user, peer)


def record_login(user: User, peer: Peer, entrance: str) -> None:
    details = {"address": peer.address, "entrance": entrance}
    audit.record(user, "login", city_code=_city_code(user), details=details)


def prove(request: HttpRequest, username: str, password: str, code: str) -> User:
    """The person whom name, password and, where there is one, second factor belong to.

    Raises WrongCredentials, CodeNeeded, Locked. The one way in, for the API and Django's admin.
    """
    address = peer_of(request).address
    wait_s = lockout.attempt(username, address)
    if wait_s:
        _refused(username, address, "locked")
        raise Locked(wait_s)
    user = authenticate(request, username=username, password=password)
    if not isinstance(user, User):
        _refused(username, address, "credentials")
        raise WrongCredentials
    if second_factor.is_active(user):
        if not code:
            # Not forgiven: else this answer would be a way to guess passwords without limit.
            raise CodeNeeded
        if not second_factor.verify(user, code):
            _refused(username, address, "code")
            raise WrongCredentials(code_wrong=True)
    lockout.forgive(username, address)
    return user


def second_factor_missing(user: User) -> bool:
    """Must this person set up a second factor before anything else?"""
    return second_factor.is_missing(user)


def peer_of(request: HttpRequest) -> Peer:
    return Peer(request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_USER_AGENT", ""))


def _refused(username: str, address: str, why: str) -> None:
    audit.record(username[:150], "login-refused", details={"address": address, "why": why})


def user_of(caller: Caller) -> User:
    """The caller as a user, with the city."""
    user: User = User.objects.select_related("city").get(pk=caller.pk)
    return user


def visible_users(caller: Caller) -> list[User]:
    """The users of the caller's city; those who don't govern it see none."""
    if not (may(caller, Permission.ADMINISTER) or may(caller, Permission.GOVERN)):
        raise NotPermitted("Somente o gestor da prefeitura ou um administrador pode ver os usuários.")
    return list(User.objects.visible_to(caller).select_related("city").order_by("username"))


@transaction.atomic
def add_user(
    caller: Caller | None,
    *,
    username: str,
    password: str | None,
    name: str,
    role: Role,
    city_code: str | None,
) -> User:
    """Create a user; `caller` is None for the operator's command line. The limits hold under a lock.

    Without a password nobody logs in until the person has chosen one (`password_links`).
    """
    city = cities.lock_city(city_code) if city_code else None
    check_role_and_city(role, city.pk if city else None)
    if caller is not None:
        _require_may_assign(caller, role, city.pk if city else None)
    if city is not None:
        check_room_for(role, _active(city.pk, role))
    if User.objects.filter(username=username).exists():
        raise Conflict("Este nome de usuário já existe.", code="username-taken")
    user = User(username=username, name=name, city=city)
    _give_role(user, role)
    user.set_password(password)
    user.save()
    audit.record(caller or "cli", "user-added", username, city_code=city_code or "", details={"role": role})
    _tell_boxes(user)
    return user


@transaction.atomic
def change_user(
    caller: Caller, user_id: int, *, expected: edits.Expected = edits.ANY, **changes: Any
) -> User:
    """Change `name`, `password`, `role` or `is_active`. Coming back, or into a role, needs room."""
    user = managed_user(caller, user_id)
    _lock(user, expected)
    details: dict[str, Any] = {"fields": sorted(changes)}
    if "role" in changes and changes["role"] != user.role:
        details |= {"from": user.role, "to": changes["role"]}
        _change_role(caller, user, Role(changes["role"]))
    if changes.get("is_active") and not user.is_active:
        check_room_to_come_back(user)
    if changes.get("is_active") is False:
        _check_not_the_last_admin(user)
    if "password" in changes:
        user.set_password(changes["password"])
        sessions.end_all(user, "password-changed", by=caller)
    if changes.get("is_active") is False:
        sessions.end_all(user, "locked", by=caller)
    for field in ("name", "is_active"):
        if field in changes:
            setattr(user, field, changes[field])
    user.save()
    audit.record(caller, "user-changed", user.username, city_code=_city_code(user), details=details)
    _tell_boxes(user)
    return user


def _change_role(caller: Caller, user: User, role: Role) -> None:
    """The person's sessions end: what they may do has changed."""
    check_stays_on_its_side(role, user.city_id)
    _require_may_assign(caller, role, user.city_id)
    if caller.pk == user.pk:
        raise NotPermitted("Ninguém muda o próprio papel.")
    _check_not_the_last_admin(user)
    if user.city_id is not None and user.is_active:
        check_room_for(role, _active(user.city_id, role))
    _give_role(user, role)
    sessions.end_all(user, "role-changed", by=caller)


def _give_role(user: User, role: Role) -> None:
    user.role = role
    user.is_staff = user.is_superuser = role == Role.ADMIN


def _lock(user: User, expected: edits.Expected) -> None:
    """The person's row, after what is counted with it: the city's people, or the administrators.

    Two administrators who shut each other out do not both succeed; in order, they do not wait for each other.
    """
    if user.city is not None:
        cities.lock_city(user.city.code)
    else:
        list(User.objects.select_for_update().filter(role=Role.ADMIN).order_by("pk"))
    edits.lock(user, expected)


def _check_not_the_last_admin(user: User) -> None:
    others = User.objects.filter(role=Role.ADMIN, is_active=True).exclude(pk=user.pk)
    if user.role == Role.ADMIN and not others.exists():
        raise Conflict("É o último administrador ativo: sem ele ninguém mais administra.", code="last-admin")


@transaction.atomic
def unlock(caller: Caller, user_id: int) -> None:
    """Let somebody try again whose name failed logins have locked."""
    user = managed_user(caller, user_id)
    locked = lockout.unlock(user.username)
    audit.record(
        caller, "user-unlocked", user.username, city_code=_city_code(user), details={"locked": locked}
    )


def check_room_to_come_back(user: User) -> None:
    """Raises Conflict when the city already has as many of this role as it may."""
    if user.city_id is not None:
        role = Role(user.role)
        check_room_for(role, _active(user.city_id, role))


@transaction.atomic
def change_own_password(user: User, present: str, new: str, peer: Peer) -> Login:
    """A person's own new password. Every session ends; a new one takes over. Raises InvalidInput."""
    if not user.check_password(present):
        raise InvalidInput.in_field("present", "Senha atual incorreta.")
    user.set_password(new)
    user.save(update_fields=["password"])
    audit.record(user, "password-changed", user.username, city_code=_city_code(user))
    sessions.end_all(user, "password-changed", by=user)
    _tell_boxes(user)
    return sessions.open_session(user, peer)


@transaction.atomic
def set_password_by_link(token: str, password: str) -> None:
    """The person's choice. Sessions end, and so does a lock: who has the link need not guess.

    Raises InvalidInput.
    """
    user = password_links.take(token)
    user.set_password(password)
    user.save(update_fields=["password"])
    audit.record(user, "password-set-by-link", user.username, city_code=_city_code(user))
    sessions.end_all(user, "password-changed", by=user)
    lockout.unlock(user.username)
    _tell_boxes(user)


def managed_user(caller: Caller, user_id: int) -> User:
    """A user whom the caller may look after. Raises NotFound, NotPermitted."""
    user: User | None = User.objects.visible_to(caller).filter(pk=user_id).select_related("city").first()
    if user is None:
        raise NotFound("Usuário não encontrado.")
    _require_may_assign(caller, Role(user.role), user.city_id)
    return user


def set_password(username: str, password: str) -> None:
    """For the operator's command line."""
    user = User.objects.get(username=username)
    if not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
        _tell_boxes(user)


def exists(username: str) -> bool:
    return bool(User.objects.filter(username=username).exists())


def console_users(city_id: int) -> list[ConsoleUser]:
    """Who may use the console of this city's boxes: its own people and the admins."""
    people = User.objects.filter(is_active=True, city_id=city_id) | User.objects.filter(
        is_active=True, role=Role.ADMIN
    )
    found = []
    for user in people.order_by("username"):
        password_hash = console_password_hash(user.password)
        if password_hash is not None:
            found.append(ConsoleUser(user.username, user.name, user.role, password_hash))
    return found


def _active(city_id: int, role: Role) -> int:
    return int(User.objects.filter(city_id=city_id, role=role, is_active=True).count())


def _require_may_assign(caller: Caller, role: Role, city_id: int | None) -> None:
    if city_id is None or role == Role.GESTOR:
        if not may(caller, Permission.ADMINISTER):
            raise NotPermitted("Somente administradores da central podem cuidar deste usuário.")
        return
    require_governs(caller, city_id)


def _city_code(user: User) -> str:
    return user.city.code if user.city else ""


def _tell_boxes(user: User) -> None:
    events.configuration_changed.send(sender=User, city_id=user.city_id)
