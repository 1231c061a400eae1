"""Addresses of the audit trail."""

from django.urls import path

from central_hub.audit import api

urlpatterns = [
    path("audit", api.AuditView.as_view()),
    path("audit/actions", api.AuditActionsView.as_view()),
    path("audit/csv", api.AuditCsvView.as_view()),
]
