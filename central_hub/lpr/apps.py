"""Django's entry for the lpr app."""

from django.apps import AppConfig


class LprConfig(AppConfig):
    name = "central_hub.lpr"
    label = "lpr"
    verbose_name = "Placas"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from central_hub.lpr import lookups, receivers  # noqa: F401 - connects them
