"""The audit trail in Django's admin."""

from django.contrib import admin

from central_hub.audit.models import AuditEntry
from central_hub.readonly_admin import ReadOnlyAdmin


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor", "action", "target", "city_code")
    list_filter = ("action",)
    search_fields = ("actor", "target", "city_code")
