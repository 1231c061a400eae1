"""Watchlists, their hits and webhooks over REST."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.accounts.idempotency import once
from central_hub.api import caller_of, decode_cursor, encode_cursor, validated, validated_query
from central_hub.cities import services as cities
from central_hub.lpr import alerts, privacy, watchlist
from central_hub.lpr.api import PlateReadSerializer, ReadCameraSerializer, ReadCitySerializer
from central_hub.lpr.models import WatchlistEntry, WatchlistHit, Webhook

KINDS = WatchlistEntry.Kind.choices


class WatchlistEntrySerializer(serializers.ModelSerializer[WatchlistEntry]):
    city = ReadCitySerializer()

    class Meta:
        model = WatchlistEntry
        fields = (
            "id",
            "city",
            "pattern",
            "tolerant",
            "kind",
            "reason",
            "valid_from",
            "valid_until",
            "created_by",
            "created_at",
        )
        read_only_fields = fields


class NewWatchlistEntrySerializer(serializers.Serializer[Any]):
    city = serializers.CharField(required=False, help_text="Code; the caller's own city if absent")
    pattern = serializers.CharField(max_length=40, help_text="A plate, or a pattern with ? and *")
    tolerant = serializers.BooleanField(default=False, help_text="Also what a camera may have misread")
    kind = serializers.ChoiceField(choices=KINDS)
    reason = serializers.CharField(max_length=500)
    valid_from = serializers.DateTimeField(allow_null=True, default=None)
    valid_until = serializers.DateTimeField(allow_null=True, default=None)


class WatchlistQuerySerializer(serializers.Serializer[Any]):
    city = serializers.CharField(required=False)
    kind = serializers.ChoiceField(choices=KINDS, required=False)


class WatchlistView(APIView):
    @extend_schema(
        operation_id="listWatchlist",
        parameters=[WatchlistQuerySerializer],
        responses=WatchlistEntrySerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        asked = validated_query(WatchlistQuerySerializer, request)
        privacy.require_plates(caller_of(request))
        listed = watchlist.entries(caller_of(request), asked.get("city"), asked.get("kind"))
        return Response(WatchlistEntrySerializer(listed, many=True).data)

    @extend_schema(
        operation_id="addWatchlistEntry",
        request=NewWatchlistEntrySerializer,
        responses={201: WatchlistEntrySerializer},
    )
    @once
    def post(self, request: Request) -> Response:
        asked = validated(NewWatchlistEntrySerializer, request)
        city = cities.city_code_for(caller_of(request), asked.pop("city", None))
        entry = watchlist.add_entry(caller_of(request), city, **asked)
        return Response(WatchlistEntrySerializer(entry).data, 201)


class WatchlistEntryView(APIView):
    @extend_schema(operation_id="removeWatchlistEntry", responses={204: None})
    def delete(self, request: Request, entry_id: uuid.UUID) -> Response:
        watchlist.remove_entry(caller_of(request), entry_id)
        return Response(status=204)


class WatchlistHitSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    city = ReadCitySerializer()
    camera = ReadCameraSerializer()
    plate = serializers.CharField()
    captured_at = serializers.DateTimeField()
    stored_at = serializers.DateTimeField()
    entry = WatchlistEntrySerializer()
    read = serializers.SerializerMethodField(help_text="With its picture; null once its retention is over")

    @extend_schema_field(PlateReadSerializer(allow_null=True))
    def get_read(self, hit: WatchlistHit) -> dict[str, Any] | None:
        read = self.context["reads"].get(hit.pk)
        return PlateReadSerializer(read).data if read else None


class WatchlistHitPageSerializer(serializers.Serializer[Any]):
    results = WatchlistHitSerializer(many=True)
    next = serializers.CharField(allow_null=True, help_text="Cursor of the next page")


class WatchlistHitQuerySerializer(serializers.Serializer[Any]):
    city = serializers.CharField(required=False)
    cursor = serializers.CharField(required=False)
    limit = serializers.IntegerField(min_value=1, max_value=200, default=50)


class WatchlistHitsView(APIView):
    @extend_schema(
        operation_id="listWatchlistHits",
        parameters=[WatchlistHitQuerySerializer],
        responses=WatchlistHitPageSerializer,
        description="Newest first. Live: the WebSocket /api/v1/alerts, after a first message"
        ' {"token": access token}.',
    )
    def get(self, request: Request) -> Response:
        asked = validated_query(WatchlistHitQuerySerializer, request)
        privacy.require_plates(caller_of(request))
        before = decode_cursor(asked["cursor"], int) if "cursor" in asked else None
        limit = asked["limit"]
        found = watchlist.hits(caller_of(request), asked.get("city"), before, limit + 1)
        following = encode_cursor(found[limit - 1].pk) if len(found) > limit else None
        page = {"results": found[:limit], "next": following}
        context = {"reads": watchlist.reads_of(caller_of(request), found[:limit])}
        return Response(WatchlistHitPageSerializer(page, context=context).data)


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    city = ReadCitySerializer()

    class Meta:
        model = Webhook
        fields = ("id", "city", "url", "created_by", "created_at", "failures", "rests_until")
        read_only_fields = fields


class WebhookWithSecretSerializer(WebhookSerializer):
    class Meta:
        model = Webhook
        fields = (*WebhookSerializer.Meta.fields, "secret")
        read_only_fields = fields


class NewWebhookSerializer(serializers.Serializer[Any]):
    city = serializers.CharField(required=False, help_text="Code; the caller's own city if absent")
    url = serializers.CharField(max_length=1000, help_text="https, public")


class WebhooksView(APIView):
    """Where alerts are posted to: JSON, signed with the secret (X-GTV-Signature)."""

    @extend_schema(operation_id="listWebhooks", responses=WebhookSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(WebhookSerializer(alerts.visible_webhooks(caller_of(request)), many=True).data)

    @extend_schema(
        operation_id="addWebhook",
        request=NewWebhookSerializer,
        responses={201: WebhookWithSecretSerializer},
        description="The secret is shown this once.",
    )
    @once
    def post(self, request: Request) -> Response:
        asked = validated(NewWebhookSerializer, request)
        city = cities.city_code_for(caller_of(request), asked.get("city"))
        hook = alerts.add_webhook(caller_of(request), city, asked["url"])
        return Response(WebhookWithSecretSerializer(hook).data, 201)


class WebhookView(APIView):
    @extend_schema(operation_id="removeWebhook", responses={204: None})
    def delete(self, request: Request, webhook_id: int) -> Response:
        alerts.remove_webhook(caller_of(request), webhook_id)
        return Response(status=204)
