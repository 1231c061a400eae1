"""Plans, cities, boxes and cameras in Django's admin."""

from django.contrib import admin

from central_hub.cities.models import Camera, City, EdgeNode, Plan, RefusedCamera
from central_hub.readonly_admin import ReadOnlyAdmin


@admin.register(Plan)
class PlanAdmin(ReadOnlyAdmin):
    list_display = ("name", "retention_days")


@admin.register(City)
class CityAdmin(ReadOnlyAdmin):
    list_display = ("name", "code", "plan", "timezone")
    search_fields = ("name", "code")


@admin.register(EdgeNode)
class EdgeNodeAdmin(ReadOnlyAdmin):
    list_display = ("code", "city")
    list_filter = ("city",)


@admin.register(Camera)
class CameraAdmin(ReadOnlyAdmin):
    list_display = ("name", "city", "node", "transport", "lpr", "archived_at")
    list_filter = ("city",)
    search_fields = ("name",)
    # The addresses carry passwords, and from an ha1 a weak password can be guessed.
    exclude = ("rtsp_url", "sub_rtsp_url", "lpr_secret_sha256", "lpr_ha1_md5", "lpr_ha1_sha256", "lpr_source")


@admin.register(RefusedCamera)
class RefusedCameraAdmin(ReadOnlyAdmin):
    list_display = ("name", "node", "reason", "at")
