"""Django's entry for the privacy app."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "central_hub.privacy"
    label = "privacy"
    verbose_name = "Privacidade"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from central_hub.privacy import receivers  # noqa: F401 - connects them
