"""Alarms of boxes over REST."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.api import caller_of, decode_cursor, encode_cursor, validated, validated_query
from central_hub.fleet import alarms
from central_hub.fleet.models import NodeAlarm


class NodeAlarmSerializer(serializers.ModelSerializer[NodeAlarm]):
    city = serializers.CharField(source="node.city.code")
    node = serializers.CharField(source="node.code")
    acknowledged_by = serializers.CharField(help_text="Empty: nobody has taken it yet")
    escalated_at = serializers.DateTimeField(
        allow_null=True, help_text="When the central was told, because nobody had taken it"
    )
    closed_at = serializers.DateTimeField(allow_null=True, help_text="When its cause was over; null: open")

    class Meta:
        model = NodeAlarm
        fields = (
            "id",
            "city",
            "node",
            "key",
            "critical",
            "text",
            "opened_at",
            "closed_at",
            "acknowledged_at",
            "acknowledged_by",
            "note",
            "escalated_at",
        )
        read_only_fields = fields


class NodeAlarmPageSerializer(serializers.Serializer[Any]):
    results = NodeAlarmSerializer(many=True)
    next = serializers.CharField(allow_null=True, help_text="`cursor` of the next page; null: the last")


class NodeAlarmQuerySerializer(serializers.Serializer[Any]):
    city = serializers.CharField(required=False, help_text="Code")
    open = serializers.BooleanField(default=True, help_text="Only those whose cause is not over")
    cursor = serializers.CharField(required=False, max_length=100)


class AcknowledgementSerializer(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=500, default="", allow_blank=True)


class AlarmsView(APIView):
    """Newest first."""

    @extend_schema(
        operation_id="listNodeAlarms",
        parameters=[NodeAlarmQuerySerializer],
        responses=NodeAlarmPageSerializer,
    )
    def get(self, request: Request) -> Response:
        query = validated_query(NodeAlarmQuerySerializer, request)
        before = decode_cursor(query["cursor"], int) if "cursor" in query else None
        found = alarms.visible_alarms(
            caller_of(request), open_only=query["open"], city=query.get("city"), before=before
        )
        more = encode_cursor(found[-1].pk) if len(found) == alarms.PAGE else None
        return Response(NodeAlarmPageSerializer({"results": found, "next": more}).data)


class AcknowledgementView(APIView):
    @extend_schema(
        operation_id="acknowledgeNodeAlarm",
        request=AcknowledgementSerializer,
        responses=NodeAlarmSerializer,
    )
    def post(self, request: Request, alarm_id: int) -> Response:
        note = validated(AcknowledgementSerializer, request)["note"]
        return Response(NodeAlarmSerializer(alarms.acknowledge(caller_of(request), alarm_id, note)).data)
