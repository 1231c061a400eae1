"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for a lost one."""

import hashlib
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from central_hub.accounts import sessions
from central_hub.accounts.domain import SECOND_FACTOR_ROLES
from central_hub.accounts.models import RecoveryCode, User
from central_hub.audit import services as audit
from central_hub.kernel import Caller, Conflict, InvalidInput, Role

RECOVERY_CODES = 10

#: Letters and digits that nobody mistakes for one another on paper.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LENGTH = 3, 4  # 12 of 31 characters: 59 bits


@dataclass(frozen=True)
class State:
    """What a person's page says of the second factor."""

    required: bool
    active: bool
    recovery_codes_left: int


@dataclass(frozen=True)
class Enrolment:
    """What the authenticator app needs: the address that its QR code holds, and the key for typing."""

    uri: str
    key: str


def state_of(user: User) -> State:
    return State(is_required(user), is_active(user), user.recovery_codes.count())


def is_required(user: Caller) -> bool:
    return bool(settings.GTV_REQUIRE_SECOND_FACTOR) and Role(user.role) in SECOND_FACTOR_ROLES


def is_active(user: Caller) -> bool:
    return bool(TOTPDevice.objects.filter(user_id=user.pk, confirmed=True).exists())


def is_missing(user: Caller) -> bool:
    """Must this person set up a second factor before anything else?"""
    return is_required(user) and not is_active(user)


@transaction.atomic
def begin(user: User, password: str) -> Enrolment:
    """A new key, which counts once a code of it was given. Raises InvalidInput, Conflict."""
    _check_password(user, password)
    if is_active(user):
        raise Conflict("O segundo fator já está ativo. Desative-o antes de cadastrar outro aparelho.")
    TOTPDevice.objects.filter(user=user, confirmed=False).delete()
    device = TOTPDevice.objects.create(user=user, name="app", confirmed=False)
    uri = str(device.config_url)
    return Enrolment(uri, uri.partition("secret=")[2].partition("&")[0])


@transaction.atomic
def confirm(user: User, code: str, *, session: object = None) -> list[str]:
    """Make the new key count, and give the recovery codes. Raises InvalidInput, Conflict.

    Sessions other than `session` end: they were opened by the password alone.
    """
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    if device is None:
        raise Conflict("Não há cadastro em andamento. Comece de novo.")
    _check_code(device, code)
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    _record(user, "second-factor-added", user)
    sessions.end_all(user, "second-factor-added", by=user, but=session)
    return _new_recovery_codes(user)


@transaction.atomic
def renew_recovery_codes(user: User, code: str) -> list[str]:
    """New recovery codes in place of the old. Raises InvalidInput, Conflict."""
    _check_code(_device(user), code)
    _record(user, "recovery-codes-renewed", user)
    return _new_recovery_codes(user)


@transaction.atomic
def remove(user: User, password: str, code: str) -> None:
    """Go back to the password alone, where that is allowed. Raises InvalidInput, Conflict."""
    if is_required(user):
        raise Conflict("O seu papel exige o segundo fator. Para trocar de aparelho, peça a um administrador.")
    _check_password(user, password)
    _check_code(_device(user), code)
    _forget(user)
    _record(user, "second-factor-removed", user)


@transaction.atomic
def reset(caller: Caller | str, user: User) -> None:
    """Somebody who may do so takes a lost second factor away; every session of the person ends."""
    _forget(user)
    _record(caller, "second-factor-reset", user)
    sessions.end_all(user, "second-factor-reset", by=caller)


def verify(user: User, code: str) -> bool:
    """Is this a code of the app, or a recovery code? Each is good once."""
    code = code.strip().lower().replace(" ", "")
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
        if device is None:
            return False
        if _plain(code).isdecimal():
            return bool(device.verify_token(_plain(code)))
        used, _ = user.recovery_codes.filter(sha256=_digest(code)).delete()
        if used:
            left = user.recovery_codes.count()
            _record(user, "recovery-code-used", user, left=left)
        return bool(used)


def _device(user: User) -> TOTPDevice:
    device: TOTPDevice | None = (
        TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
    )
    if device is None:
        raise Conflict("O segundo fator não está ativo.")
    return device


def _check_code(device: TOTPDevice, code: str) -> None:
    if not device.verify_token(code.strip().replace(" ", "")):
        raise InvalidInput.in_field("code", "Código incorreto ou vencido. Espere o próximo e tente de novo.")


def _check_password(user: User, password: str) -> None:
    if not user.check_password(password):
        raise InvalidInput.in_field("password", "Senha incorreta.")


def _new_recovery_codes(user: User) -> list[str]:
    codes = [_random_code() for _ in range(RECOVERY_CODES)]
    user.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, sha256=_digest(code)) for code in codes)
    return codes


def _random_code() -> str:
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def _digest(code: str) -> str:
    # A plain digest will do: the codes are random, there is nothing to guess from a list of words.
    return hashlib.sha256(_plain(code).encode()).hexdigest()


def _plain(code: str) -> str:
    return code.replace("-", "")


def _forget(user: User) -> None:
    TOTPDevice.objects.filter(user=user).delete()
    user.recovery_codes.all().delete()


def _record(actor: Caller | str, action: str, user: User, **details: object) -> None:
    audit.record(actor, action, user.username, city_code=user.city.code if user.city else "", details=details)
