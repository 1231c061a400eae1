"""Django's entry for the streaming app."""

from django.apps import AppConfig


class StreamingConfig(AppConfig):
    name = "central_hub.streaming"
    label = "streaming"
    verbose_name = "Vídeo"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from central_hub.streaming import receivers  # noqa: F401 - connects them
