"""Use cases about users: creating and changing them, logging in, and who may use a box's console."""

from dataclasses import dataclass
from typing import Any

import structlog
from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings as jwt_settings
from rest_framework_simplejwt.tokens import RefreshToken

from central_hub import events
from central_hub.accounts.domain import check_role_and_city, check_room_for, console_password_hash
from central_hub.accounts.models import User
from central_hub.audit import services as audit
from central_hub.cities import services as cities
from central_hub.kernel import Caller, Conflict, NotFound, NotPermitted, Role, require_governs

log = structlog.get_logger()


@dataclass(frozen=True)
class Login:
    """What a successful login or refresh gives out."""

    user: User
    access: str
    refresh: str


@dataclass(frozen=True)
class ConsoleUser:
    """A person who may use the console of a city's boxes."""

    username: str
    name: str
    role: str
    password_hash: str


def log_in(request: HttpRequest, username: str, password: str) -> Login | None:
    """None if the name or password is wrong; the two are not told apart."""
    user = authenticate(request, username=username, password=password)
    address = request.META.get("REMOTE_ADDR", "")
    if not isinstance(user, User):
        audit.record(username[:150], "login-refused", details={"address": address})
        return None
    refresh = RefreshToken.for_user(user)
    audit.record(user, "login", city_code=user.city.code if user.city else "", details={"address": address})
    return Login(user, str(refresh.access_token), str(refresh))


@transaction.atomic
def refresh_login(token: str) -> Login | None:
    """A new pair of tokens for a refresh token, which is then worth nothing."""
    try:
        old = RefreshToken(token)  # type: ignore[arg-type]
    except TokenError:
        return None
    # The row lock lets one of two simultaneous refreshes with the same token win.
    user = (
        User.objects.select_for_update(of=("self",))
        .select_related("city")
        .filter(pk=old[jwt_settings.USER_ID_CLAIM], is_active=True)
        .first()
    )
    if user is None or not _still_good(old, user):
        return None
    old.blacklist()
    new = RefreshToken.for_user(user)
    return Login(user, str(new.access_token), str(new))


def _still_good(token: RefreshToken, user: User) -> bool:
    try:
        token.check_blacklist()
    except TokenError:
        return False
    # for_user() puts a digest of the password hash into the token: a new password ends old sessions.
    fresh = RefreshToken.for_user(user)
    claim = jwt_settings.REVOKE_TOKEN_CLAIM
    return bool(token.get(claim) == fresh.get(claim))


def log_out(token: str) -> None:
    """End the session of this refresh token, if it is one."""
    try:
        RefreshToken(token).blacklist()  # type: ignore[arg-type]
    except TokenError:
        return


def user_of(caller: Caller) -> User:
    """The caller as a user, with the city."""
    user: User = User.objects.select_related("city").get(pk=caller.pk)
    return user


def visible_users(caller: Caller) -> list[User]:
    """The users of the caller's city; those who don't govern it see none."""
    if caller.role not in (Role.ADMIN, Role.GESTOR):
        raise NotPermitted("Somente o gestor da prefeitura ou um administrador pode ver os usuários.")
    return list(User.objects.visible_to(caller).select_related("city").order_by("username"))


@transaction.atomic
def add_user(
    caller: Caller | None, *, username: str, password: str, name: str, role: Role, city_code: str | None
) -> User:
    """Create a user; `caller` is None for the operator's command line. The limits hold under a lock."""
    city = cities.lock_city(city_code) if city_code else None
    check_role_and_city(role, city.pk if city else None)
    if caller is not None:
        _require_may_assign(caller, role, city.pk if city else None)
    if city is not None:
        check_room_for(role, _active(city.pk, role))
    if User.objects.filter(username=username).exists():
        raise Conflict("Este nome de usuário já existe.", code="username-taken")
    central = role == Role.ADMIN
    user = User(username=username, name=name, role=role, city=city, is_staff=central, is_superuser=central)
    user.set_password(password)
    user.save()
    audit.record(caller or "cli", "user-added", username, city_code=city_code or "", details={"role": role})
    _tell_boxes(user)
    return user


@transaction.atomic
def change_user(caller: Caller, user_id: int, **changes: Any) -> User:
    """Change `name`, `password` or `is_active`. Coming back needs room, as being new does."""
    user: User | None = User.objects.visible_to(caller).filter(pk=user_id).select_related("city").first()
    if user is None:
        raise NotFound("Usuário não encontrado.")
    role = Role(user.role)
    _require_may_assign(caller, role, user.city_id)
    if changes.get("is_active") and not user.is_active and user.city is not None:
        cities.lock_city(user.city.code)
        check_room_for(role, _active(user.city.pk, role))
    if "password" in changes:
        user.set_password(changes["password"])
    for field in ("name", "is_active"):
        if field in changes:
            setattr(user, field, changes[field])
    user.save()
    city_code = user.city.code if user.city else ""
    audit.record(
        caller, "user-changed", user.username, city_code=city_code, details={"fields": sorted(changes)}
    )
    _tell_boxes(user)
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
        if caller.role != Role.ADMIN:
            raise NotPermitted("Somente administradores da central podem cuidar deste usuário.")
        return
    require_governs(caller, city_id)


def _tell_boxes(user: User) -> None:
    events.configuration_changed.send(sender=User, city_id=user.city_id)
