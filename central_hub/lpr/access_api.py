"""Looking at one read, and requests of the person concerned, over REST."""

import tempfile
from base64 import b64encode
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.accounts.idempotency import once
from central_hub.api import caller_of, validated, validated_query
from central_hub.cities import services as cities
from central_hub.lpr import access
from central_hub.lpr.api import PlateReadSerializer, ReadCitySerializer
from central_hub.lpr.models import AccessRequest, Export, PlateRead

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


class AccessRequestSerializer(serializers.ModelSerializer[AccessRequest]):
    city = ReadCitySerializer()
    overdue = serializers.SerializerMethodField()

    class Meta:
        model = AccessRequest
        fields = (
            "id", "city", "plate", "plate_digest", "requester", "reference", "received_on", "due_on",
            "overdue", "created_by", "created_at", "report_sha256", "answered_by", "answered_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_overdue(self, request: AccessRequest) -> bool:
        zone = cities.zone_of(request.city)
        return request.answered_at is None and request.due_on < timezone.now().astimezone(zone).date()


class NewAccessRequestSerializer(serializers.Serializer[Any]):
    city = serializers.CharField(required=False, help_text="Code; the caller's own city if absent")
    plate = serializers.CharField(max_length=40)
    requester = serializers.CharField(max_length=200, help_text="The person concerned")
    reference = serializers.CharField(max_length=200, help_text="By which the city knows the request")
    received_on = serializers.DateField(allow_null=True, default=None, help_text="Today if absent")


class NewAccessReportSerializer(serializers.Serializer[Any]):
    format = serializers.ChoiceField(choices=Export.Format.choices)


class AccessRequestsView(APIView):
    """Requests for what is held of a plate, by deadline."""

    @extend_schema(operation_id="listPlateAccessRequests", responses=AccessRequestSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(AccessRequestSerializer(access.requests(caller_of(request)), many=True).data)

    @extend_schema(
        operation_id="openPlateAccessRequest",
        request=NewAccessRequestSerializer,
        responses={201: AccessRequestSerializer},
    )
    @once
    def post(self, request: Request) -> Response:
        asked = validated(NewAccessRequestSerializer, request)
        caller = caller_of(request)
        city = cities.city_code_for(caller, asked.pop("city", None))
        return Response(AccessRequestSerializer(access.open_request(caller, city, **asked)).data, 201)


class AccessReportView(APIView):
    @extend_schema(
        operation_id="makePlateAccessReport",
        request=NewAccessReportSerializer,
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        description="Reads, who looked, retention and legal basis. Its Content-Digest (RFC 9530) is audited.",
    )
    def post(self, request: Request, request_id: int) -> HttpResponse:
        caller = caller_of(request)
        access.own_request(caller, request_id)  # what is not theirs is not there, whatever the body says
        asked = validated(NewAccessReportSerializer, request)
        with tempfile.TemporaryDirectory(prefix="gtv-access-") as folder:
            report = access.make_report(caller, request_id, asked["format"], Path(folder))
            answer = HttpResponse(report.path.read_bytes(), content_type="application/octet-stream")
        answer["Content-Disposition"] = f'attachment; filename="{report.name}"'
        answer["Content-Digest"] = f"sha-256=:{b64encode(bytes.fromhex(report.sha256)).decode()}:"
        answer["Cache-Control"] = "no-store"
        return answer


class AccessAnswerView(APIView):
    @extend_schema(operation_id="answerPlateAccessRequest", request=None, responses=AccessRequestSerializer)
    def post(self, request: Request, request_id: int) -> Response:
        return Response(AccessRequestSerializer(access.answer_request(caller_of(request), request_id)).data)
