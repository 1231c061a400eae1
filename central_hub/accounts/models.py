"""Users, their sessions, what they have agreed to, and what stands between a password guesser and them."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models

from central_hub.kernel import CENTRAL_ROLES, Role
from central_hub.scoping import CityScopedQuerySet


class UserManager(DjangoUserManager["User"].from_queryset(CityScopedQuerySet)):  # type: ignore[misc]
    def create_superuser(self, username: str, **fields: Any) -> "User":
        user: User = super().create_superuser(username, **{"role": Role.ADMIN, **fields})
        return user


class User(AbstractUser):
    """A person. The central's people belong to no city; the others see their own city only."""

    class RoleChoice(models.TextChoices):
        ADMIN = Role.ADMIN.value, "Administrador da central"
        OPERADOR = Role.OPERADOR.value, "Operador da central"
        AUDITOR = Role.AUDITOR.value, "Auditor"
        GESTOR = Role.GESTOR.value, "Gestor"
        VISUALIZADOR = Role.VISUALIZADOR.value, "Visualizador"

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField("nome", max_length=200)
    role = models.CharField("papel", max_length=16, choices=RoleChoice.choices)
    city = models.ForeignKey(
        "cities.City",
        verbose_name="prefeitura",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="users",
    )

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = "usuário"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="user_central_xor_city",
                condition=models.Q(role__in=sorted(CENTRAL_ROLES), city__isnull=True)
                | (~models.Q(role__in=sorted(CENTRAL_ROLES)) & models.Q(city__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return self.username


class LoginSession(models.Model):
    """One login in one browser, kept alive by refresh tokens that are each good once.

    The newest token's `jti` is `refresh_jti`. A token older than the one before it is a stolen
    one, or the thief's has been used: the session ends, whoever of the two comes
    (RFC 9700, section 4.14.2).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="login_sessions")
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    address = models.CharField(max_length=45, blank=True)
    device = models.CharField(max_length=200, blank=True)
    refresh_jti = models.CharField(max_length=64)
    previous_jti = models.CharField(max_length=64, blank=True)
    rotated_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=32, blank=True)

    class Meta:
        verbose_name = "sessão"
        verbose_name_plural = "sessões"
        indexes: ClassVar = [models.Index(fields=["user", "-last_seen_at"], name="login_session_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.started_at:%Y-%m-%d %H:%M:%S}"


class RecoveryCode(models.Model):
    """A code that replaces the second factor once, for who lost the telephone. Only its digest is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "sha256"], name="recovery_code_once")
        ]

    def __str__(self) -> str:
        return f"recovery code of {self.user_id}"


class LoginFailures(models.Model):
    """Failed logins in a row of one name, in all or from one address. The name may be nobody's."""

    key = models.CharField(primary_key=True, max_length=64)
    #: Of the name alone: by it an administrator unlocks the name from every address.
    name_sha256 = models.CharField(max_length=64, default="", db_index=True)
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.count} failures"


class PasswordLink(models.Model):
    """A person's present link to choose a password; only the digest of its token is kept."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="password_link")
    token_sha256 = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return f"password link of {self.user_id}"


class LegalDocument(models.Model):
    """One version of a text that people agree to. A trigger refuses UPDATE and DELETE."""

    class Kind(models.TextChoices):
        TERMS = "terms", "Termos de uso"
        PRIVACY = "privacy", "Política de privacidade"

    kind = models.CharField("documento", max_length=8, choices=Kind.choices)
    #: From 1, of each kind by itself; the highest is the present one.
    version = models.PositiveIntegerField("versão")
    #: Markdown: headings, paragraphs and lists.
    text = models.TextField("texto")
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField("publicado em")
    published_by = models.CharField(max_length=150)

    class Meta:
        verbose_name = "documento legal"
        verbose_name_plural = "documentos legais"
        ordering = ("kind", "-version")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "version"], name="legal_document_version")
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}"


class Acceptance(models.Model):
    """That a person agreed to one version. A trigger refuses UPDATE and DELETE."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="acceptances")
    document = models.ForeignKey(LegalDocument, on_delete=models.PROTECT, related_name="acceptances")
    accepted_at = models.DateTimeField("aceito em")
    address = models.CharField(max_length=45, blank=True)
    device = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "aceite"
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "document"], name="acceptance_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.document_id}"


class AnsweredRequest(models.Model):
    """A request that created something under a key of its caller's, and what it was answered (sealed)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key_sha256 = models.CharField(max_length=64)
    request_sha256 = models.CharField(max_length=64)
    answer = models.BinaryField(default=bytes)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key_sha256"], name="answered_request_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.key_sha256[:8]}"
