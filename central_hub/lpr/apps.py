"""Django's entry for the lpr app."""

from django.apps import AppConfig


class LprConfig(AppConfig):
    name = "central_hub.lpr"
    label = "lpr"
    verbose_name = "Placas"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Jobs are started from the web and ingest processes too: without the application that knows
        # the queue, `delay` would look for one on the machine it runs on.
        from central_hub import celery  # noqa: F401
        from central_hub.lpr import lookups, receivers  # noqa: F401 - connects them
