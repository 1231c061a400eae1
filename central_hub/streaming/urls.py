"""Addresses of coverage and relay sessions."""

from django.urls import path

from central_hub.streaming import api

urlpatterns = [
    path("coverage", api.CoverageView.as_view()),
    path("relay-sessions", api.RelaySessionsView.as_view()),
    path("relay-sessions/<uuid:session_id>", api.RelaySessionView.as_view()),
]
