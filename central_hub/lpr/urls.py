"""Addresses of plate reads."""

from django.urls import path

from central_hub.lpr.api import PlateReadsView

urlpatterns = [path("plate-reads", PlateReadsView.as_view())]
