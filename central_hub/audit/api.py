"""The audit trail over REST: admins read it, nobody writes it."""

from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.api import caller_of, keyset_page, validated_query
from central_hub.audit import search
from central_hub.audit.models import AuditEntry
from central_hub.audit.search import AuditSearch
from central_hub.spreadsheets import csv_answer


class AuditEntrySerializer(serializers.ModelSerializer[AuditEntry]):
    details = serializers.DictField(child=serializers.JSONField())

    class Meta:
        model = AuditEntry
        fields = ("id", "at", "actor", "action", "target", "city_code", "details", "hash")
        read_only_fields = fields


class AuditPageSerializer(serializers.Serializer[Any]):
    results = AuditEntrySerializer(many=True)
    next = serializers.CharField(allow_null=True, help_text="Cursor of the next page")


class AuditSearchSerializer(serializers.Serializer[Any]):
    actor = serializers.CharField(max_length=500, default="", help_text="User name, exactly")
    action = serializers.CharField(max_length=500, default="", help_text="One of `/audit/actions`")
    target = serializers.CharField(max_length=500, default="", help_text="Exactly")
    city = serializers.CharField(max_length=63, default="", help_text="Code of the prefeitura")
    since = serializers.DateTimeField(default=None, help_text="The first instant")
    until = serializers.DateTimeField(default=None, help_text="The first instant after the end")


class AuditQuerySerializer(AuditSearchSerializer):
    cursor = serializers.CharField(required=False)
    limit = serializers.IntegerField(min_value=1, max_value=200, default=50)


class AuditView(APIView):
    @extend_schema(operation_id="listAudit", parameters=[AuditQuerySerializer], responses=AuditPageSerializer)
    def get(self, request: Request) -> Response:
        query = validated_query(AuditQuerySerializer, request)
        page = keyset_page(
            query,
            int,
            lambda before, limit: search.page(caller_of(request), AuditSearch(**query), before, limit),
            lambda entry: entry.id,
        )
        return Response(AuditPageSerializer(page).data)


class AuditActionsView(APIView):
    @extend_schema(
        operation_id="listAuditActions",
        responses={(200, "application/json"): {"type": "array", "items": {"type": "string"}}},
    )
    def get(self, request: Request) -> Response:
        return Response(search.actions(caller_of(request)))


class AuditCsvView(APIView):
    @extend_schema(
        operation_id="exportAuditCsv",
        parameters=[AuditSearchSerializer],
        responses={(200, "text/csv"): OpenApiTypes.BINARY},
        description="All entries of a search, of any size, oldest first, with the hashes of the chain.",
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        wanted = AuditSearch(**validated_query(AuditSearchSerializer, request))
        return csv_answer(search.stream_csv(caller_of(request), wanted), "auditoria.csv")
