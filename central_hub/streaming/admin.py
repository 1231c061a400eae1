"""Relay sessions, live sessions and clips in Django's admin."""

from django.contrib import admin

from central_hub.readonly_admin import ReadOnlyAdmin
from central_hub.streaming.models import Clip, LiveSession, RelaySession


@admin.register(RelaySession)
class RelaySessionAdmin(ReadOnlyAdmin):
    list_display = ("id", "camera", "requester", "start", "end", "created_at", "closed_at", "refusal")
    list_filter = ("city",)


@admin.register(LiveSession)
class LiveSessionAdmin(ReadOnlyAdmin):
    list_display = ("id", "camera", "requester", "quality", "created_at", "closed_at", "refusal")
    list_filter = ("city",)


@admin.register(Clip)
class ClipAdmin(ReadOnlyAdmin):
    list_display = ("id", "camera", "requester", "start", "end", "state", "error", "created_at")
    list_filter = ("city", "state")
