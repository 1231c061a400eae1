"""Relay sessions in Django's admin."""

from django.contrib import admin

from central_hub.readonly_admin import ReadOnlyAdmin
from central_hub.streaming.models import RelaySession


@admin.register(RelaySession)
class RelaySessionAdmin(ReadOnlyAdmin):
    list_display = ("id", "camera", "requester", "start", "end", "created_at", "closed_at", "refusal")
    list_filter = ("city",)
