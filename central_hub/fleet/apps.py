"""Django's entry for the fleet app."""

from django.apps import AppConfig


class FleetConfig(AppConfig):
    name = "central_hub.fleet"
    label = "fleet"
    verbose_name = "Caixas"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from central_hub.fleet import receivers  # noqa: F401 - connects them
