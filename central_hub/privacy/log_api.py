"""The log of accesses to personal data over REST."""

from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.api import caller_of, keyset_page, validated_query
from central_hub.privacy import access_log
from central_hub.privacy.access_log import LogSearch
from central_hub.spreadsheets import csv_answer


class DataAccessSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(help_text="Of the entry of the audit trail")
    at = serializers.DateTimeField(source="fact.at")
    actor = serializers.CharField(source="fact.actor")
    action = serializers.CharField(source="fact.action")
    target = serializers.CharField(source="fact.target")
    city_code = serializers.CharField(source="fact.city_code")
    plate = serializers.CharField(help_text="That was named, as it was written; empty: none")
    purpose = serializers.CharField()


class DataAccessPageSerializer(serializers.Serializer[Any]):
    results = DataAccessSerializer(many=True)
    next = serializers.CharField(allow_null=True, help_text="Cursor of the next page")


class DataAccessSearchSerializer(serializers.Serializer[Any]):
    city = serializers.CharField(max_length=63, default="", help_text="Code of the prefeitura")
    actor = serializers.CharField(max_length=500, default="", help_text="User name, exactly")
    plate = serializers.CharField(max_length=40, default="", help_text="A whole plate, in either spelling")
    since = serializers.DateTimeField(default=None, help_text="The first instant")
    until = serializers.DateTimeField(default=None, help_text="The first instant after the end")


class DataAccessQuerySerializer(DataAccessSearchSerializer):
    cursor = serializers.CharField(required=False)
    limit = serializers.IntegerField(min_value=1, max_value=200, default=50)


class AccessLogView(APIView):
    @extend_schema(
        operation_id="listDataAccesses",
        description="Who saw, searched, exported or played what, when, and for what purpose; newest first.",
        parameters=[DataAccessQuerySerializer],
        responses=DataAccessPageSerializer,
    )
    def get(self, request: Request) -> Response:
        query = validated_query(DataAccessQuerySerializer, request)
        page = keyset_page(
            query,
            int,
            lambda before, limit: access_log.page(caller_of(request), LogSearch(**query), before, limit),
            lambda access: access.id,
        )
        return Response(DataAccessPageSerializer(page).data)


class AccessLogCsvView(APIView):
    @extend_schema(
        operation_id="exportDataAccessesCsv",
        parameters=[DataAccessSearchSerializer],
        responses={(200, "text/csv"): OpenApiTypes.BINARY},
        description="All of a search, of any size, oldest first. Audited.",
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        wanted = LogSearch(**validated_query(DataAccessSearchSerializer, request))
        return csv_answer(access_log.stream_csv(caller_of(request), wanted), "acessos.csv")
