"""How a camera's plates reach its box, over REST."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.accounts.idempotency import once
from central_hub.api import caller_of, validated
from central_hub.cities import plate_sources
from central_hub.edits import Editable, EtagField, expected
from central_hub.streaming import services as streaming
from protocol.plate_cameras import VENDORS


class PlateFeedSerializer(serializers.Serializer[Any]):
    """How its plates reach the box, as the box says."""

    last_read_at = serializers.DateTimeField(allow_null=True, help_text="By the box's clock")
    refused = serializers.IntegerField(help_text="Pushes of the last 24 hours that were not understood")
    refused_at = serializers.DateTimeField(allow_null=True)
    refusal = serializers.CharField(help_text="Why the last one was refused, as the device was told")
    clock_off_s = serializers.IntegerField(
        allow_null=True, help_text="The box's clock less the camera's, where that is wrong"
    )
    addresses = serializers.ListField(
        child=serializers.CharField(), help_text="The box's plate port on each of its networks"
    )


class PlateSourceSerializer(serializers.Serializer[Any]):
    """A camera's settings for plate reads. Secrets are never shown again."""

    vendor = serializers.CharField(source="source.vendor", help_text="Empty: the push's address says it")
    token_set = serializers.BooleanField()
    digest_username = serializers.CharField(
        source="source.username", help_text="Empty: the camera's id, with the token for a password"
    )
    allowed_sources = serializers.ListField(
        source="source.allowed_sources", child=serializers.CharField(), help_text="Empty: from any address"
    )
    by_address = serializers.BooleanField(source="source.by_address")
    pull = serializers.CharField(source="source.pull")
    http_port = serializers.IntegerField(source="source.http_port")
    mapping = serializers.DictField(source="source.mapping", child=serializers.CharField())
    time_format = serializers.CharField(source="source.time_format")
    reported = serializers.SerializerMethodField(help_text="Null: the box has told nothing")
    etag = EtagField(source="camera")

    @extend_schema_field(PlateFeedSerializer(allow_null=True))
    def get_reported(self, found: plate_sources.PlateSource) -> Any:
        feed = streaming.plate_feed(found.camera.pk)
        return PlateFeedSerializer(feed).data if feed else None


class PlateSourceChangeSerializer(serializers.Serializer[Any]):
    vendor = serializers.ChoiceField(choices=VENDORS, required=False, allow_blank=True)
    digest_username = serializers.CharField(
        required=False,
        allow_blank=True,
        trim_whitespace=False,
        help_text="For Digest and Basic, where the device cannot take the camera's id; empty takes it away",
    )
    digest_password = serializers.CharField(required=False, write_only=True, trim_whitespace=False)
    allowed_sources = serializers.ListField(
        child=serializers.CharField(max_length=64),
        max_length=32,
        required=False,
        help_text="Addresses and networks (CIDR) that it may push from",
    )
    by_address = serializers.BooleanField(
        required=False, help_text="One of these addresses alone says which camera it is"
    )
    pull = serializers.ChoiceField(
        choices=["dahua"], required=False, allow_blank=True, help_text="The box asks for its event stream"
    )
    http_port = serializers.IntegerField(
        min_value=1, max_value=65535, required=False, help_text="Of the camera, for `pull`"
    )
    mapping = serializers.DictField(
        child=serializers.CharField(max_length=200),
        required=False,
        help_text="From our names of fields to dotted paths in the device's JSON",
    )
    time_format = serializers.CharField(
        max_length=64, required=False, help_text="iso, epoch_s, epoch_ms, or a strptime format"
    )


class PlateTokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="Shown this once")


class PlateSourceView(Editable):
    @extend_schema(operation_id="getPlateSource", responses=PlateSourceSerializer)
    def get(self, request: Request, camera_id: uuid.UUID) -> Response:
        found = plate_sources.source_of(caller_of(request), camera_id)
        return Response(PlateSourceSerializer(found).data)

    @extend_schema(
        operation_id="changePlateSource",
        request=PlateSourceChangeSerializer,
        responses=PlateSourceSerializer,
    )
    def patch(self, request: Request, camera_id: uuid.UUID) -> Response:
        caller = caller_of(request)
        plate_sources.source_of(caller, camera_id)  # what is not theirs is not there, whatever the body says
        asked = validated(PlateSourceChangeSerializer, request)
        if "digest_username" in asked:
            asked["username"] = asked.pop("digest_username")
        changed = plate_sources.change_source(caller, camera_id, expected=expected(request), **asked)
        return Response(PlateSourceSerializer(changed).data)


class PlateTokenView(APIView):
    """The secret with which a camera pushes: its password, or a token in header or address."""

    @extend_schema(
        operation_id="makePlateToken",
        request=None,
        responses={201: PlateTokenSerializer},
        description="Replaces the present token, which is good for nothing from then on.",
    )
    @once
    def post(self, request: Request, camera_id: uuid.UUID) -> Response:
        made = plate_sources.new_token(caller_of(request), camera_id)
        return Response({"token": made.secret}, 201, headers={"Cache-Control": "no-store"})

    @extend_schema(operation_id="removePlateToken", responses={204: None})
    def delete(self, request: Request, camera_id: uuid.UUID) -> Response:
        plate_sources.remove_token(caller_of(request), camera_id)
        return Response(status=204)
