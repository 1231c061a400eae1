"""Django's entry for the audit app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "central_hub.audit"
    label = "audit"
    verbose_name = "Auditoria"
    default_auto_field = "django.db.models.BigAutoField"
