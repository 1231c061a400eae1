"""Saved searches, a vehicle's path, its companions, and statistics over REST."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.accounts.idempotency import once
from central_hub.api import caller_of, validated, validated_query
from central_hub.lpr import analysis, saved
from central_hub.lpr.api import (
    AuditedQuerySerializer,
    PlateReadQuerySerializer,
    PlateReadSerializer,
    search_of,
)
from central_hub.lpr.models import SavedSearch

# --- saved searches -------------------------------------------------------------


class SavedSearchSerializer(serializers.ModelSerializer[SavedSearch]):
    filters = serializers.DictField(child=serializers.JSONField(), help_text="Parameters of searchPlateReads")

    class Meta:
        model = SavedSearch
        fields = ("id", "name", "filters", "created_at")
        read_only_fields = fields


class NewSavedSearchSerializer(PlateReadQuerySerializer):
    name = serializers.CharField(max_length=100, help_text="The search of this name is replaced")


class SavedSearchesView(APIView):
    """The caller's own."""

    @extend_schema(operation_id="listPlateSearches", responses=SavedSearchSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(SavedSearchSerializer(saved.saved_searches(caller_of(request)), many=True).data)

    @extend_schema(
        operation_id="savePlateSearch",
        request=NewSavedSearchSerializer,
        responses={201: SavedSearchSerializer},
    )
    @once
    def post(self, request: Request) -> Response:
        asked = validated(NewSavedSearchSerializer, request)
        name = asked.pop("name")
        search_of(asked).pattern  # noqa: B018 - a pattern that cannot be searched is not saved
        filters = {key: value for key, value in PlateReadQuerySerializer(asked).data.items() if value}
        return Response(SavedSearchSerializer(saved.save_search(caller_of(request), name, filters)).data, 201)


class SavedSearchView(APIView):
    @extend_schema(operation_id="deletePlateSearch", responses={204: None})
    def delete(self, request: Request, search_id: int) -> Response:
        saved.delete_search(caller_of(request), search_id)
        return Response(status=204)


# --- a vehicle's path -----------------------------------------------------------


class LegSerializer(serializers.Serializer[Any]):
    minutes = serializers.FloatField()
    distance_km = serializers.FloatField(allow_null=True, help_text="In a straight line; null: not known")
    impossible = serializers.BooleanField(
        help_text="No vehicle is that fast: the plate is cloned, or one of the two reads is wrong"
    )


class PathPointSerializer(serializers.Serializer[Any]):
    read = PlateReadSerializer()
    latitude = serializers.FloatField(source="read.camera.latitude", allow_null=True)
    longitude = serializers.FloatField(source="read.camera.longitude", allow_null=True)
    leg = LegSerializer(allow_null=True, help_text="From the point before")


class PlatePathView(APIView):
    @extend_schema(
        operation_id="getPlatePath",
        parameters=[AuditedQuerySerializer],
        responses=PathPointSerializer(many=True),
        description="Oldest first; of a very long path, the newest reads. `plate` is one whole plate.",
    )
    def get(self, request: Request) -> Response:
        asked = validated_query(AuditedQuerySerializer, request)
        purpose = asked.pop("purpose")
        points = analysis.vehicle_path(caller_of(request), search_of(asked), purpose)
        return Response(PathPointSerializer(points, many=True).data)


# --- companions -----------------------------------------------------------------


class CompanionSerializer(serializers.Serializer[Any]):
    plate = serializers.CharField()
    cameras = serializers.IntegerField(help_text="Different cameras at which both were read")
    meetings = serializers.IntegerField(help_text="Reads of the vehicle near which it was read")
    first_at = serializers.DateTimeField()
    last_at = serializers.DateTimeField()


class CompanionQuerySerializer(AuditedQuerySerializer):
    within_s = serializers.IntegerField(min_value=1, max_value=600, default=60, help_text="Before and after")
    min_cameras = serializers.IntegerField(min_value=2, max_value=50, default=3)


class CompanionsView(APIView):
    @extend_schema(
        operation_id="listPlateCompanions",
        parameters=[CompanionQuerySerializer],
        responses=CompanionSerializer(many=True),
        description="Plates read with this one (a convoy). `plate` is one whole plate.",
    )
    def get(self, request: Request) -> Response:
        asked = validated_query(CompanionQuerySerializer, request)
        within, cameras = timedelta(seconds=asked.pop("within_s")), asked.pop("min_cameras")
        purpose = asked.pop("purpose")
        found = analysis.companions(caller_of(request), search_of(asked), within, cameras, purpose)
        return Response(CompanionSerializer(found, many=True).data)


# --- statistics -----------------------------------------------------------------


class PeriodCountSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    reads = serializers.IntegerField()


class CameraCountSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    reads = serializers.IntegerField()


class PlateCountSerializer(serializers.Serializer[Any]):
    plate = serializers.CharField()
    reads = serializers.IntegerField()
    cameras = serializers.IntegerField()


class FirstSeenSerializer(serializers.Serializer[Any]):
    plate = serializers.CharField()
    at = serializers.DateTimeField()


class StatisticsSerializer(serializers.Serializer[Any]):
    reads = serializers.IntegerField()
    plates = serializers.IntegerField(help_text="Different ones")
    timezone = serializers.CharField(help_text="Of `by_period` and `heat`")
    by_period = PeriodCountSerializer(many=True)
    by_camera = CameraCountSerializer(many=True)
    top_plates = PlateCountSerializer(many=True)
    new_plates = serializers.IntegerField(
        help_text="Seen in the period for the first time, as far as the hub has heard"
    )
    first_seen = FirstSeenSerializer(many=True, help_text="The newest of them")
    heat = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()),
        help_text="Reads by day of the week (Monday first) and hour",
    )


class StatisticsQuerySerializer(AuditedQuerySerializer):
    by = serializers.ChoiceField(choices=["hour", "day"], default="day")


_CALENDAR_BEGINS = datetime.min.replace(tzinfo=UTC)


class StatisticsView(APIView):
    @extend_schema(
        operation_id="getPlateStatistics",
        parameters=[StatisticsQuerySerializer],
        responses=StatisticsSerializer,
        description="Of the last seven days, if no period is given; of 92 days at most.",
    )
    def get(self, request: Request) -> Response:
        asked = validated_query(StatisticsQuerySerializer, request)
        by, purpose = asked.pop("by"), asked.pop("purpose")
        until = asked.get("until") or timezone.now()
        since = asked.get("since") or until - min(timedelta(days=7), until - _CALENDAR_BEGINS)
        found = analysis.statistics(caller_of(request), search_of(asked), since, until, by, purpose)
        return Response(StatisticsSerializer(found).data)
