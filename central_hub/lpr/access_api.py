"""Looking at one read over REST."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.api import caller_of, validated_query
from central_hub.lpr import access
from central_hub.lpr.api import PlateReadSerializer
from central_hub.lpr.models import PlateRead

_MIN_PURPOSE = 3


class PlateCandidateSerializer(serializers.Serializer[Any]):
    plate = serializers.CharField()
    confidence = serializers.FloatField(allow_null=True)


class PlateReadDetailSerializer(PlateReadSerializer):
    candidates = serializers.SerializerMethodField(help_text="What the camera also thought possible")
    latitude = serializers.FloatField(source="camera.latitude", allow_null=True)
    longitude = serializers.FloatField(source="camera.longitude", allow_null=True)

    class Meta:
        model = PlateRead
        fields = (
            *PlateReadSerializer.Meta.fields,
            "stored_at",
            "candidates",
            "image_sha256",
            "image_size_bytes",
            "latitude",
            "longitude",
        )
        read_only_fields = fields

    @extend_schema_field(PlateCandidateSerializer(many=True))
    def get_candidates(self, read: PlateRead) -> list[dict[str, Any]]:
        return [{"plate": plate, "confidence": sure} for plate, sure in read.candidates or []]


class PlateReadViewQuerySerializer(serializers.Serializer[Any]):
    captured_at = serializers.DateTimeField(help_text="As the search told it")
    purpose = serializers.CharField(
        min_length=_MIN_PURPOSE, max_length=500, help_text="Why; kept in the audit trail"
    )


class PlateReadView(APIView):
    @extend_schema(
        operation_id="viewPlateRead",
        parameters=[PlateReadViewQuerySerializer],
        responses=PlateReadDetailSerializer,
        description="One read with its picture. Every look is audited, with its purpose.",
    )
    def get(self, request: Request, read_id: int) -> Response:
        asked = validated_query(PlateReadViewQuerySerializer, request)
        read = access.view_read(caller_of(request), read_id, **asked)
        return Response(PlateReadDetailSerializer(read).data)
