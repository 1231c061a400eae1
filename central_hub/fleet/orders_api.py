"""Orders to boxes over REST."""

import uuid
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.accounts.idempotency import once
from central_hub.api import caller_of, validated
from central_hub.fleet import domain, orders
from central_hub.fleet.models import Command


class FindingSerializer(serializers.Serializer[Any]):
    subject = serializers.CharField()
    ok = serializers.BooleanField()
    text = serializers.CharField()
    fix = serializers.CharField(help_text="What to do when it is not well")


class StreamFactsSerializer(serializers.Serializer[Any]):
    ok = serializers.BooleanField(help_text="It can be recorded")
    verdict = serializers.CharField()
    codec = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    fps = serializers.FloatField()
    bitrate_bps = serializers.IntegerField()
    gop_s = serializers.FloatField(allow_null=True)
    audio = serializers.CharField()
    transport = serializers.CharField()
    notes = serializers.ListField(child=serializers.CharField())


class OrderResultSerializer(serializers.Serializer[Any]):
    findings = FindingSerializer(many=True, help_text="Of run-doctor")
    log = serializers.ListField(child=serializers.CharField(), help_text="Of collect-logs, oldest first")
    stream = StreamFactsSerializer(allow_null=True, help_text="Of probe-camera")


class OrderSerializer(serializers.ModelSerializer[Command]):
    state = serializers.SerializerMethodField(
        help_text="`waiting`, `done`, `failed`, or `expired`: not answered by the deadline"
    )
    error = serializers.CharField(help_text="Why it failed")

    class Meta:
        model = Command
        fields = ("id", "action", "state", "requester", "created_at", "deadline", "replied_at", "error")
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=domain.ORDER_STATES))
    def get_state(self, command: Command) -> str:
        return orders.state_of(command, timezone.now())


class OrderDetailSerializer(OrderSerializer):
    result = OrderResultSerializer(allow_null=True, help_text="null: not answered yet")

    class Meta:
        model = Command
        fields = (*OrderSerializer.Meta.fields, "result")
        read_only_fields = fields


class NewOrderSerializer(serializers.Serializer[Any]):
    action = serializers.ChoiceField(choices=orders.ACTIONS)
    camera = serializers.UUIDField(required=False, help_text="For probe-camera: one of the box's")
    within_s = serializers.IntegerField(
        default=60,
        min_value=orders.WITHIN[0],
        max_value=orders.WITHIN[-1],
        help_text="A box out of contact gets it if it comes back so soon; after that it is not carried out",
    )


class OrdersView(APIView):
    @extend_schema(operation_id="listNodeCommands", responses=OrderSerializer(many=True))
    def get(self, request: Request, city: str, code: str) -> Response:
        found = orders.visible_orders(caller_of(request), city, code)
        return Response(OrderSerializer(found, many=True).data)

    @extend_schema(
        operation_id="giveNodeCommand", request=NewOrderSerializer, responses={202: OrderDetailSerializer}
    )
    @once
    def post(self, request: Request, city: str, code: str) -> Response:
        asked = validated(NewOrderSerializer, request)
        command = orders.give(
            caller_of(request),
            city,
            code,
            asked["action"],
            camera=asked.get("camera"),
            within_s=asked["within_s"],
        )
        return Response(OrderDetailSerializer(command).data, status=202)


class OrderView(APIView):
    @extend_schema(operation_id="getNodeCommand", responses=OrderDetailSerializer)
    def get(self, request: Request, command_id: uuid.UUID) -> Response:
        return Response(OrderDetailSerializer(orders.visible_order(caller_of(request), command_id)).data)
