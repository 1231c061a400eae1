"""Requests of the people concerned over REST."""

import tempfile
from base64 import b64encode
from datetime import date
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.accounts.idempotency import once
from central_hub.api import caller_of, keyset_page, validated, validated_query
from central_hub.cities import services as cities
from central_hub.privacy import domain, services
from central_hub.privacy.domain import Kind, State
from central_hub.privacy.models import RequestStep, SubjectRequest

MAX_TEXT = 4000


class RequestCitySerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class PrivacyRequestSerializer(serializers.ModelSerializer[SubjectRequest]):
    city = RequestCitySerializer()
    kind = serializers.ChoiceField(choices=SubjectRequest.KindChoice.choices)
    state = serializers.ChoiceField(choices=SubjectRequest.StateChoice.choices)
    plate = serializers.CharField(help_text="Empty: it is about none, or it has been erased")
    days_left = serializers.SerializerMethodField(help_text="0 on the last day; negative: so many days late")
    overdue = serializers.SerializerMethodField()

    class Meta:
        model = SubjectRequest
        fields: tuple[str, ...] = (
            "id", "city", "kind", "state", "plate", "plate_digest", "requester", "reference", "received_on",
            "due_on", "days_left", "overdue", "created_by", "created_at", "closed_by", "closed_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_days_left(self, request: SubjectRequest) -> int:
        return domain.days_left(request.due_on, services.today_of(request))

    def get_overdue(self, request: SubjectRequest) -> bool:
        return domain.is_overdue(request.due_on, State(request.state), services.today_of(request))


class PrivacyRequestStepSerializer(serializers.ModelSerializer[RequestStep]):
    step = serializers.ChoiceField(choices=[step.value for step in domain.Step])
    details = serializers.DictField(child=serializers.JSONField())

    class Meta:
        model = RequestStep
        fields = ("at", "by", "step", "details")


class PrivacyRequestDetailSerializer(PrivacyRequestSerializer):
    refusal_basis = serializers.CharField(help_text="Empty: it was not refused")
    refusal_basis_text = serializers.CharField(source="get_refusal_basis_display")
    steps = PrivacyRequestStepSerializer(many=True)

    class Meta(PrivacyRequestSerializer.Meta):
        fields = (
            *PrivacyRequestSerializer.Meta.fields,
            "description", "answer", "refusal_basis", "refusal_basis_text", "report_sha256", "erased_at",
            "steps",
        )  # fmt: skip
        read_only_fields = fields


class PrivacyRequestPageSerializer(serializers.Serializer[Any]):
    results = PrivacyRequestSerializer(many=True)
    next = serializers.CharField(allow_null=True, help_text="Cursor of the next page")


class PrivacyRequestQuerySerializer(serializers.Serializer[Any]):
    city = serializers.CharField(max_length=63, default="", help_text="Code")
    kind = serializers.ChoiceField(choices=SubjectRequest.KindChoice.choices, required=False)
    open = serializers.BooleanField(default=True, help_text="Those that wait, the next deadline first")
    overdue = serializers.BooleanField(default=False, help_text="Only those that are late")
    cursor = serializers.CharField(required=False, max_length=200)
    limit = serializers.IntegerField(min_value=1, max_value=200, default=50)


class PrivacyRequestSummarySerializer(serializers.Serializer[Any]):
    open = serializers.IntegerField()
    soon = serializers.IntegerField(help_text="Of them, due within three days")
    overdue = serializers.IntegerField(help_text="Of them, late")


class NewPrivacyRequestSerializer(serializers.Serializer[Any]):
    city = serializers.CharField(required=False, help_text="Code; the caller's own city if absent")
    kind = serializers.ChoiceField(choices=SubjectRequest.KindChoice.choices)
    plate = serializers.CharField(max_length=40, default="", allow_blank=True)
    description = serializers.CharField(
        max_length=MAX_TEXT, default="", allow_blank=True, help_text="Needed where there is no plate"
    )
    requester = serializers.CharField(max_length=200, help_text="The person concerned")
    reference = serializers.CharField(max_length=200, help_text="By which the city knows the request")
    received_on = serializers.DateField(allow_null=True, default=None, help_text="Today if absent")


class PrivacyReportRequestSerializer(serializers.Serializer[Any]):
    format = serializers.ChoiceField(choices=(("csv", "CSV"), ("pdf", "PDF")))


class FulfilmentSerializer(serializers.Serializer[Any]):
    answer = serializers.CharField(
        max_length=MAX_TEXT, default="", allow_blank=True, help_text="What the person was told"
    )


class RefusalSerializer(serializers.Serializer[Any]):
    basis = serializers.ChoiceField(choices=SubjectRequest.BasisChoice.choices)
    answer = serializers.CharField(max_length=MAX_TEXT, help_text="What the person was told")


def _detail(request: SubjectRequest) -> Response:
    return Response(PrivacyRequestDetailSerializer(request).data)


class PrivacyRequestsView(APIView):
    @extend_schema(
        operation_id="listPrivacyRequests",
        parameters=[PrivacyRequestQuerySerializer],
        responses=PrivacyRequestPageSerializer,
    )
    def get(self, request: Request) -> Response:
        query = validated_query(PrivacyRequestQuerySerializer, request)
        page = keyset_page(
            query,
            tuple[date, int],
            lambda after, limit: services.page(
                caller_of(request), services.RequestSearch(**query), after, limit
            ),
            lambda one: (one.due_on, one.pk),
        )
        return Response(PrivacyRequestPageSerializer(page).data)

    @extend_schema(
        operation_id="openPrivacyRequest",
        request=NewPrivacyRequestSerializer,
        responses={201: PrivacyRequestDetailSerializer},
    )
    @once
    def post(self, request: Request) -> Response:
        asked = validated(NewPrivacyRequestSerializer, request)
        caller = caller_of(request)
        city = cities.city_code_for(caller, asked.pop("city", None))
        asked["kind"] = Kind(asked["kind"])
        opened = services.open_request(caller, city, **asked)
        return Response(PrivacyRequestDetailSerializer(opened).data, 201)


class PrivacyRequestSummaryView(APIView):
    @extend_schema(operation_id="summarisePrivacyRequests", responses=PrivacyRequestSummarySerializer)
    def get(self, request: Request) -> Response:
        return Response(PrivacyRequestSummarySerializer(services.summary(caller_of(request))).data)


class PrivacyRequestView(APIView):
    @extend_schema(
        operation_id="getPrivacyRequest",
        description="With its steps. Every look is audited: it names a person.",
        responses=PrivacyRequestDetailSerializer,
    )
    def get(self, request: Request, request_id: int) -> Response:
        return _detail(services.view(caller_of(request), request_id))


class PrivacyAnalysisView(APIView):
    @extend_schema(
        operation_id="analysePrivacyRequest", request=None, responses=PrivacyRequestDetailSerializer
    )
    def post(self, request: Request, request_id: int) -> Response:
        return _detail(services.start_analysis(caller_of(request), request_id))


class PrivacyReportView(APIView):
    @extend_schema(
        operation_id="makePrivacyRequestReport",
        request=PrivacyReportRequestSerializer,
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        description="Reads, who looked, retention and legal basis. Its Content-Digest (RFC 9530) is audited.",
    )
    def post(self, request: Request, request_id: int) -> HttpResponse:
        caller = caller_of(request)
        services.governed(caller, request_id)  # what is not theirs is not there, whatever the body says
        asked = validated(PrivacyReportRequestSerializer, request)
        with tempfile.TemporaryDirectory(prefix="gtv-access-") as folder:
            report = services.make_report(caller, request_id, asked["format"], Path(folder))
            return file_answer(report.path.read_bytes(), report.name, report.sha256)


def file_answer(content: bytes, name: str, sha256: str) -> HttpResponse:
    """A file that is made anew each time, with the digest that the trail has of it."""
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Content-Digest"] = f"sha-256=:{b64encode(bytes.fromhex(sha256)).decode()}:"
    answer["Cache-Control"] = "no-store"
    return answer


class PrivacyErasureView(APIView):
    @extend_schema(
        operation_id="erasePlateOfPrivacyRequest",
        description="As `erasePlate` does. What a legal hold protects stays; a step says how many.",
        request=None,
        responses=PrivacyRequestDetailSerializer,
    )
    def post(self, request: Request, request_id: int) -> Response:
        return _detail(services.erase(caller_of(request), request_id))


class PrivacyFulfilmentView(APIView):
    @extend_schema(
        operation_id="fulfilPrivacyRequest",
        request=FulfilmentSerializer,
        responses=PrivacyRequestDetailSerializer,
    )
    def post(self, request: Request, request_id: int) -> Response:
        services.governed(caller_of(request), request_id)
        answer = validated(FulfilmentSerializer, request)["answer"]
        return _detail(services.fulfil(caller_of(request), request_id, answer))


class PrivacyRefusalView(APIView):
    @extend_schema(
        operation_id="refusePrivacyRequest",
        request=RefusalSerializer,
        responses=PrivacyRequestDetailSerializer,
    )
    def post(self, request: Request, request_id: int) -> Response:
        services.governed(caller_of(request), request_id)
        asked = validated(RefusalSerializer, request)
        return _detail(services.refuse(caller_of(request), request_id, asked["basis"], asked["answer"]))
