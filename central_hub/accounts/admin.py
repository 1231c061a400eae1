"""Users in Django's admin, and its entrance: the same proof as the API's login."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django_otp.plugins.otp_totp.models import TOTPDevice

from central_hub.accounts import services, terms
from central_hub.accounts.models import LoginSession, User
from central_hub.kernel import HubError
from central_hub.readonly_admin import ReadOnlyAdmin


class AdminLoginForm(AdminAuthenticationForm):
    """Name, password, and a code where there is a second factor."""

    code = forms.CharField(label="Código do aplicativo autenticador", required=False, max_length=20)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        username, password, code = (given.get(name) or "" for name in ("username", "password", "code"))
        if not (username and password):
            return given
        user = self._prove(username, password, code)
        self.confirm_login_allowed(user)
        if services.second_factor_missing(user):
            raise ValidationError("Cadastre antes o segundo fator na página da central (Minha conta).")
        if terms.pending_of(user):
            raise ValidationError("Leia e aceite antes, na página da central, os documentos publicados.")
        services.record_login(user, services.peer_of(self._asking()), "admin")
        self.user_cache = user
        return given

    def _prove(self, username: str, password: str, code: str) -> User:
        try:
            return services.prove(self._asking(), username, password, code)
        except services.Locked as locked:
            raise ValidationError(f"Muitas tentativas. Espere {int(locked.wait_s) + 1} segundos.") from None
        except services.CodeNeeded:
            raise ValidationError("Informe também o código do aplicativo autenticador.") from None
        except services.WrongCredentials:
            raise self.get_invalid_login_error() from None

    def _asking(self) -> HttpRequest:
        assert self.request is not None, "the login view gives it"
        return self.request


admin.site.login_form = AdminLoginForm
admin.site.login_template = "accounts/admin_login.html"
# Its page would show the keys of everybody's second factor.
admin.site.unregister(TOTPDevice)


@admin.register(LoginSession)
class LoginSessionAdmin(ReadOnlyAdmin):
    list_display = ("user", "started_at", "last_seen_at", "address", "ended_at", "end_reason")
    list_filter = ("end_reason",)
    search_fields = ("user__username", "address")
    fields = ("user", "started_at", "last_seen_at", "address", "device", "ended_at", "end_reason")


class UserForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("name", "is_active")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "is_active" in self.changed_data and given.get("is_active"):
            try:
                services.check_room_to_come_back(self.instance)
            except HubError as error:
                raise ValidationError({"is_active": error.detail}) from None
        return given


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    """Accounts are made through the API; here they are seen, renamed and locked, by its rules."""

    form = UserForm
    list_display = ("username", "name", "role", "city", "is_active", "last_login")
    list_filter = ("role", "city", "is_active")
    search_fields = ("username", "name")
    ordering = ("username",)
    fields = ("username", "name", "role", "city", "is_active", "last_login")
    readonly_fields = ("username", "role", "city", "last_login")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        services.change_user(request.user, obj.pk, **changes)  # type: ignore[arg-type]  # staff
