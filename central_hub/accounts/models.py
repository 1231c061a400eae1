"""The user model."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models

from central_hub.kernel import Role
from central_hub.scoping import CityScopedQuerySet


class UserManager(DjangoUserManager["User"].from_queryset(CityScopedQuerySet)):  # type: ignore[misc]
    def create_superuser(self, username: str, **fields: Any) -> "User":
        user: User = super().create_superuser(username, **{"role": Role.ADMIN, **fields})
        return user


class User(AbstractUser):
    """A person. Admins belong to no city; the others see their own city only."""

    class RoleChoice(models.TextChoices):
        ADMIN = Role.ADMIN.value, "Administrador da central"
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
                name="user_admin_xor_city",
                condition=models.Q(role="admin", city__isnull=True)
                | (~models.Q(role="admin") & models.Q(city__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return self.username
