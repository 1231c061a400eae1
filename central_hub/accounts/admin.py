"""Users in Django's admin."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.http import HttpRequest

from central_hub import events
from central_hub.accounts.models import User


@admin.register(User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]
    """Accounts are made through the API, which holds the limits; here they are seen, and locked."""

    list_display = ("username", "name", "role", "city", "is_active", "last_login")
    list_filter = ("role", "city", "is_active")
    search_fields = ("username", "name", "email")
    ordering = ("username",)
    fieldsets: ClassVar = (
        (None, {"fields": ("username", "password", "name", "email", "role", "city", "is_active")}),
    )
    readonly_fields = ("username", "role", "city")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        events.configuration_changed.send(sender=User, city_id=obj.city_id)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False
