"""Every address of the hub: the API, the admin, and the web app for the rest."""

from django.conf import settings
from django.contrib import admin
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from django.views.defaults import server_error
from drf_spectacular.views import SpectacularJSONAPIView

from central_hub.api import problem_body
from central_hub.pki import Authority
from central_hub.spa import web_app
from protocol.problems import CONTENT_TYPE

admin.site.site_header = admin.site.site_title = "GT-Vision"
admin.site.index_title = "Administração da central"


def _problem(status: int, code: str, detail: str) -> JsonResponse:
    """For what no view of the API answers."""
    return JsonResponse(problem_body(status, code, detail), status=status, content_type=CONTENT_TYPE)


@csrf_exempt  # it does nothing, and a form's page of refusal is no answer of the API
def unknown_api_path(request: HttpRequest) -> JsonResponse:
    return _problem(404, "not-found", "Este endereço não existe na API.")


def handler500(request: HttpRequest) -> HttpResponse:
    """Whatever nobody foresaw; Django has logged it."""
    if request.path.startswith("/api/"):
        return _problem(500, "internal", "Algo falhou na central. A equipe foi avisada.")
    return server_error(request)


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """For load balancers: is this process able to answer from the database?"""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return HttpResponse("database unavailable\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def authority(request: HttpRequest) -> HttpResponse:
    """The certificate that signed clips are checked against, for anybody (ADR 42)."""
    try:
        text = Authority(settings.GTV_PKI_DIR).published()
    except OSError:
        return HttpResponse("certificate unavailable\n", status=503, content_type="text/plain")
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


api = [
    path("", include("central_hub.accounts.urls")),
    path("", include("central_hub.cities.urls")),
    path("", include("central_hub.fleet.urls")),
    path("", include("central_hub.lpr.urls")),
    path("", include("central_hub.streaming.urls")),
    path("", include("central_hub.audit.urls")),
    path("", include("central_hub.privacy.urls")),
]

urlpatterns = [
    path("api/v1/", include(api)),
    path("api/schema", SpectacularJSONAPIView.as_view(), name="schema"),
    re_path(r"^api(?:/.*)?$", unknown_api_path),
    path("healthz", health),
    path("authority.crt", authority),
    path("admin/", admin.site.urls),
    re_path(r"^(?!static/)(?P<path>.*)$", web_app),
]
