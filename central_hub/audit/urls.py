"""Addresses of the audit trail."""

from django.urls import path

from central_hub.audit.api import AuditView

urlpatterns = [path("audit", AuditView.as_view())]
