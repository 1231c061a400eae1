"""Addresses of plans, cities and cameras."""

from django.urls import path

from central_hub.cities import api
from central_hub.cities.import_api import CameraImportView, ImportTemplateView
from central_hub.cities.plate_sources_api import PlateSourceView, PlateTokenView

urlpatterns = [
    path("plans", api.PlansView.as_view()),
    path("cities", api.CitiesView.as_view()),
    path("cities/<str:code>", api.CityView.as_view()),
    path("cameras", api.CamerasView.as_view()),
    path("cameras/import", CameraImportView.as_view()),
    path("cameras/import-template", ImportTemplateView.as_view()),
    path("refused-cameras", api.RefusedCamerasView.as_view()),
    path("cameras/<uuid:camera_id>", api.CameraView.as_view()),
    path("cameras/<uuid:camera_id>/lpr-source", PlateSourceView.as_view()),
    path("cameras/<uuid:camera_id>/lpr-token", PlateTokenView.as_view()),
]
