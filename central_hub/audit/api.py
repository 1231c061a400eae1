"""The audit trail over REST: admins read it, nobody writes it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.api import caller_of, decode_cursor, encode_cursor, validated_query
from central_hub.audit import services
from central_hub.audit.models import AuditEntry


class AuditEntrySerializer(serializers.ModelSerializer[AuditEntry]):
    details = serializers.DictField(child=serializers.JSONField())

    class Meta:
        model = AuditEntry
        fields = ("id", "at", "actor", "action", "target", "city_code", "details", "hash")
        read_only_fields = fields


class AuditPageSerializer(serializers.Serializer[Any]):
    results = AuditEntrySerializer(many=True)
    next = serializers.CharField(allow_null=True, help_text="Cursor of the next page")


class AuditQuerySerializer(serializers.Serializer[Any]):
    cursor = serializers.CharField(required=False)
    limit = serializers.IntegerField(min_value=1, max_value=200, default=50)


class AuditView(APIView):
    @extend_schema(operation_id="listAudit", parameters=[AuditQuerySerializer], responses=AuditPageSerializer)
    def get(self, request: Request) -> Response:
        query = validated_query(AuditQuerySerializer, request)
        before = decode_cursor(query["cursor"], int) if "cursor" in query else None
        entries = services.page(caller_of(request), before, query["limit"] + 1)
        results, more = entries[: query["limit"]], len(entries) > query["limit"]
        following = encode_cursor(results[-1].id) if more else None
        return Response(AuditPageSerializer({"results": results, "next": following}).data)
