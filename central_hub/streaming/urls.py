"""Addresses of coverage, relay sessions, live sessions, mosaics and clips."""

from django.urls import path

from central_hub.streaming import api, clips_api, live_api, mosaics_api

urlpatterns = [
    path("coverage", api.CoverageView.as_view()),
    path("relay-sessions", api.RelaySessionsView.as_view()),
    path("relay-sessions/<uuid:session_id>", api.RelaySessionView.as_view()),
    path("live-sessions", live_api.LiveSessionsView.as_view()),
    path("live-sessions/<uuid:live_id>", live_api.LiveSessionView.as_view()),
    path("live-sessions/<uuid:live_id>/resume", live_api.LiveSessionResumeView.as_view()),
    path("nodes/<str:city>/<str:code>/line", live_api.LineView.as_view()),
    path("mosaics", mosaics_api.MosaicsView.as_view()),
    path("mosaics/<uuid:mosaic_id>", mosaics_api.MosaicView.as_view()),
    path("clips", clips_api.ClipsView.as_view()),
    path("clips/<uuid:clip_id>", clips_api.ClipView.as_view()),
    path("clips/<uuid:clip_id>/download", clips_api.ClipDownloadView.as_view()),
]
