"""Plate search over REST."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.api import caller_of, decode_cursor, encode_cursor, validated_query
from central_hub.lpr import privacy, services
from central_hub.lpr.models import PlateRead
from protocol.plates import masked


class ReadCameraSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class ReadCitySerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class PlateReadSerializer(serializers.ModelSerializer[PlateRead]):
    camera = ReadCameraSerializer()
    city = ReadCitySerializer()
    plate = serializers.SerializerMethodField(help_text="Masked for people who may not see whole plates")
    passage = serializers.CharField(help_text="The same for all reads of one vehicle within seconds")
    image_url = serializers.SerializerMethodField(
        help_text="Good for some minutes; null until it arrives, and where the plate is masked"
    )

    class Meta:
        model = PlateRead
        fields = (
            "id",
            "plate",
            "passage",
            "confidence",
            "captured_at",
            "received_at",
            "camera",
            "city",
            "direction",
            "lane",
            "speed_kmh",
            "vehicle_type",
            "vehicle_color",
            "vehicle_make",
            "vehicle_model",
            "country",
            "region",
            "vendor",
            "camera_at",
            "camera_clock",
            "image_url",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_image_url(self, read: PlateRead) -> str | None:
        return None if self._masks else services.image_url(read)

    def get_plate(self, read: PlateRead) -> str:
        return masked(read.plate) if self._masks else read.plate

    @property
    def _masks(self) -> bool:
        """Off unless the view says otherwise: what only people with the permission reach shows plates."""
        return bool(self.context.get("masked"))


#: Who looks for somebody says why (LGPD, art. 6, I); who watches a street is in the trail without.
#: The purpose of who asks for no plate, and says no other (docs/adr/0038).
WATCHING = "acompanhamento das passagens"
WITHOUT_PURPOSE = "Informe a finalidade da busca por uma placa, por exemplo o número do BO."


class PlateReadPageSerializer(serializers.Serializer[Any]):
    results = PlateReadSerializer(many=True)
    next = serializers.CharField(allow_null=True, help_text="Cursor of the next page")


class PlateReadQuerySerializer(serializers.Serializer[Any]):
    plate = serializers.CharField(
        default="", allow_blank=True, max_length=64, help_text="? is one character, * any number of them"
    )
    match = serializers.ChoiceField(
        choices=["exact", "similar"],
        default="exact",
        help_text="`similar`: also what a camera may have misread (0/O, 1/I, 2/Z, 5/S, 6/G, 8/B)",
    )
    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False, help_text="Not included")
    camera = serializers.UUIDField(required=False)
    city = serializers.CharField(required=False)
    direction = serializers.CharField(required=False, max_length=32)
    vehicle_type = serializers.CharField(required=False, max_length=32)
    vehicle_color = serializers.CharField(required=False, max_length=32)
    vehicle_make = serializers.CharField(required=False, max_length=32)
    vehicle_model = serializers.CharField(required=False, max_length=32)
    vendor = serializers.CharField(required=False, max_length=32)
    min_confidence = serializers.FloatField(required=False, min_value=0, max_value=1)
    order = serializers.ChoiceField(choices=["newest", "oldest"], default="newest")


class AuditedQuerySerializer(PlateReadQuerySerializer):
    purpose = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=500,
        help_text=f"Why; kept in the audit trail. Whoever asks for a plate must say it; else: {WATCHING}",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["plate"].strip() and not attrs["purpose"].strip():
            raise serializers.ValidationError({"purpose": WITHOUT_PURPOSE})
        return {**attrs, "purpose": attrs["purpose"].strip() or WATCHING}


class PlateReadPageQuerySerializer(AuditedQuerySerializer):
    cursor = serializers.CharField(required=False)
    limit = serializers.IntegerField(min_value=1, max_value=200, default=50)


def search_of(query: Mapping[str, Any]) -> services.ReadSearch:
    """The search that a checked PlateReadQuerySerializer asks for."""
    asked = dict(query)
    similar = asked.pop("match") == "similar"
    return services.ReadSearch(**asked, similar=similar)


class PlateReadsView(APIView):
    @extend_schema(
        operation_id="searchPlateReads",
        parameters=[PlateReadPageQuerySerializer],
        responses=PlateReadPageSerializer,
    )
    def get(self, request: Request) -> Response:
        query = validated_query(PlateReadPageQuerySerializer, request)
        cursor, limit, purpose = query.pop("cursor", None), query.pop("limit"), query.pop("purpose")
        caller, search = caller_of(request), search_of(query)
        masked = not privacy.sees_plates(caller)
        if masked:
            privacy.require_known_plate(search.pattern)
        after = decode_cursor(cursor, services.Position) if cursor else None
        reads, following = services.search_reads(caller, search, after, limit, purpose)
        page = {"results": reads, "next": encode_cursor(following) if following else None}
        return Response(PlateReadPageSerializer(page, context={"masked": masked}).data)
