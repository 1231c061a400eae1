"""Django's entry for the accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "central_hub.accounts"
    label = "accounts"
    verbose_name = "Contas"
    default_auto_field = "django.db.models.BigAutoField"
