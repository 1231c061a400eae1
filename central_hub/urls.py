"""Every address of the hub: the API, the admin, and the web app for the rest."""

from django.contrib import admin
from django.http import HttpRequest, JsonResponse
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView

from central_hub.spa import web_app

admin.site.site_header = admin.site.site_title = "GT-Vision"
admin.site.index_title = "Administração da central"


def unknown_api_path(request: HttpRequest) -> JsonResponse:
    body = {
        "type": "urn:gtv:problem:not-found",
        "title": "Não encontrado",
        "status": 404,
        "detail": "Este endereço não existe na API.",
    }
    return JsonResponse(body, status=404, content_type="application/problem+json")


api = [
    path("", include("central_hub.accounts.urls")),
    path("", include("central_hub.cities.urls")),
    path("", include("central_hub.fleet.urls")),
    path("", include("central_hub.lpr.urls")),
    path("", include("central_hub.streaming.urls")),
    path("", include("central_hub.audit.urls")),
]

urlpatterns = [
    path("api/v1/", include(api)),
    path("api/schema", SpectacularJSONAPIView.as_view(), name="schema"),
    re_path(r"^api(?:/.*)?$", unknown_api_path),
    path("admin/", admin.site.urls),
    re_path(r"^(?!static/)(?P<path>.*)$", web_app),
]
