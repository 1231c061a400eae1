"""Django's entry for the ingest app."""

from django.apps import AppConfig


class IngestConfig(AppConfig):
    name = "central_hub.ingest"
    label = "ingest"
    verbose_name = "Ingestão"
    default_auto_field = "django.db.models.BigAutoField"
