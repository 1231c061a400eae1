"""The state of boxes, their tokens and commands in Django's admin."""

from django.contrib import admin

from central_hub.fleet.models import Command, EnrolmentToken, NodeCertificate, NodeState
from central_hub.readonly_admin import ReadOnlyAdmin


@admin.register(NodeState)
class NodeStateAdmin(ReadOnlyAdmin):
    list_display = (
        "node",
        "online",
        "last_seen_at",
        "desired_revision",
        "reported_revision",
        "certificate_expires_at",
    )
    list_filter = ("online",)
    list_select_related = ("node__city",)


@admin.register(NodeCertificate)
class NodeCertificateAdmin(ReadOnlyAdmin):
    list_display = ("serial", "node", "issued_at", "expires_at", "revoked_at", "refused_since")
    list_select_related = ("node__city",)


@admin.register(EnrolmentToken)
class EnrolmentTokenAdmin(ReadOnlyAdmin):
    list_display = ("node", "created_by", "created_at", "expires_at", "used_at")
    exclude = ("token_sha256",)


@admin.register(Command)
class CommandAdmin(ReadOnlyAdmin):
    list_display = ("id", "node", "action", "requester", "created_at", "replied_at", "ok", "error")
    list_filter = ("action", "ok")
