"""AuditEntry."""

from typing import ClassVar

from django.db import models


class AuditEntry(models.Model):
    """One fact. A trigger refuses UPDATE and DELETE; `hash` covers the content and the entry before.

    People, cities and targets are kept as text: an entry stays true when they change or go.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=500)
    action = models.CharField(max_length=500)
    target = models.CharField(max_length=500, blank=True)
    city_code = models.CharField(max_length=63, blank=True)
    details = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = "registro de auditoria"
        verbose_name_plural = "trilha de auditoria"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=[field, "-id"], name=f"audit_{field}_newest")
            for field in ("actor", "action", "target", "city_code")
        ] + [models.Index(fields=["at"], name="audit_at")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor} {self.action}"
