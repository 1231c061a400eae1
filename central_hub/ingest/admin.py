"""Refused messages in Django's admin."""

from django.contrib import admin

from central_hub.ingest.models import DeadLetter
from central_hub.readonly_admin import ReadOnlyAdmin


@admin.register(DeadLetter)
class DeadLetterAdmin(ReadOnlyAdmin):
    list_display = ("at", "topic", "seq", "reason", "times")
    search_fields = ("topic", "reason")
    exclude = ("payload",)  # it may hold plates, and camera credentials of a confused box
