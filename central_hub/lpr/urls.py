"""Addresses of plate reads."""

from django.urls import path

from central_hub.lpr.access_api import PlateReadView
from central_hub.lpr.analysis_api import (
    CompanionsView,
    PlatePathView,
    SavedSearchesView,
    SavedSearchView,
    StatisticsView,
)
from central_hub.lpr.api import PlateReadsView
from central_hub.lpr.export_api import ExportDownloadView, ExportsView, ExportView, PlateReadsCsvView
from central_hub.lpr.privacy_api import ErasuresView, LegalHoldsView, LegalHoldView, PlatePolicyView
from central_hub.lpr.watch_api import (
    WatchlistEntryView,
    WatchlistHitsView,
    WatchlistView,
    WebhooksView,
    WebhookView,
)

urlpatterns = [
    path("plate-reads", PlateReadsView.as_view()),
    path("plate-reads/<int:read_id>", PlateReadView.as_view()),
    path("plate-reads/csv", PlateReadsCsvView.as_view()),
    path("plate-exports", ExportsView.as_view()),
    path("plate-exports/<uuid:export_id>", ExportView.as_view()),
    path("plate-exports/<uuid:export_id>/download", ExportDownloadView.as_view()),
    path("plate-searches", SavedSearchesView.as_view()),
    path("plate-searches/<int:search_id>", SavedSearchView.as_view()),
    path("plate-path", PlatePathView.as_view()),
    path("plate-companions", CompanionsView.as_view()),
    path("plate-statistics", StatisticsView.as_view()),
    path("watchlist", WatchlistView.as_view()),
    path("watchlist/<uuid:entry_id>", WatchlistEntryView.as_view()),
    path("watchlist-hits", WatchlistHitsView.as_view()),
    path("cities/<str:code>/plate-policy", PlatePolicyView.as_view()),
    path("legal-holds", LegalHoldsView.as_view()),
    path("legal-holds/<int:hold_id>", LegalHoldView.as_view()),
    path("plate-erasures", ErasuresView.as_view()),
    path("webhooks", WebhooksView.as_view()),
    path("webhooks/<int:webhook_id>", WebhookView.as_view()),
]
