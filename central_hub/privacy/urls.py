"""Addresses of privacy."""

from django.urls import path

from central_hub.privacy import api, log_api, report_api

urlpatterns = [
    path("privacy-requests", api.PrivacyRequestsView.as_view()),
    path("privacy-requests/summary", api.PrivacyRequestSummaryView.as_view()),
    path("privacy-requests/<int:request_id>", api.PrivacyRequestView.as_view()),
    path("privacy-requests/<int:request_id>/analysis", api.PrivacyAnalysisView.as_view()),
    path("privacy-requests/<int:request_id>/report", api.PrivacyReportView.as_view()),
    path("privacy-requests/<int:request_id>/erasure", api.PrivacyErasureView.as_view()),
    path("privacy-requests/<int:request_id>/fulfilment", api.PrivacyFulfilmentView.as_view()),
    path("privacy-requests/<int:request_id>/refusal", api.PrivacyRefusalView.as_view()),
    path("access-log", log_api.AccessLogView.as_view()),
    path("access-log/csv", log_api.AccessLogCsvView.as_view()),
    path("treatment-reports/<str:report>", report_api.TreatmentReportView.as_view()),
    path("treatment-reports/<str:report>/pdf", report_api.TreatmentReportPdfView.as_view()),
]
