"""The reports about the treatment of personal data over REST."""

import tempfile
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.api import caller_of, validated_query
from central_hub.privacy import reports
from central_hub.privacy.api import file_answer

REPORT = OpenApiParameter(
    "report",
    location=OpenApiParameter.PATH,
    enum=sorted(reports.KINDS),
    description="`ropa`: record of processing (art. 37); `ripd`: impact report (art. 38)",
)


class PrivacyReportQuerySerializer(serializers.Serializer[Any]):
    city = serializers.CharField(
        max_length=63, default="", help_text="Code; the own city, or all of them for who sees all"
    )
    since = serializers.DateTimeField(default=None, help_text="A year before the end if absent")
    until = serializers.DateTimeField(default=None, help_text="Now if absent")


class ReportLineSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    value = serializers.CharField()


class ReportTableSerializer(serializers.Serializer[Any]):
    columns = serializers.ListField(child=serializers.CharField())
    rows = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))


class ReportSectionSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    paragraphs = serializers.ListField(child=serializers.CharField())
    table = ReportTableSerializer(allow_null=True)


class PrivacyReportSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    law = serializers.CharField()
    made_at = serializers.DateTimeField()
    head = ReportLineSerializer(many=True)
    sections = ReportSectionSerializer(many=True)
    sha256 = serializers.CharField(help_text="Of the content; the audit trail has it")


class TreatmentReportView(APIView):
    @extend_schema(
        operation_id="readTreatmentReport",
        description="From the configuration in force and the audit trail, in Portuguese. Audited.",
        parameters=[REPORT, PrivacyReportQuerySerializer],
        responses=PrivacyReportSerializer,
    )
    def get(self, request: Request, report: str) -> Response:
        asked = reports.Asked(report, **validated_query(PrivacyReportQuerySerializer, request))
        shown, facts = reports.show(caller_of(request), asked)
        told = {
            "title": shown.title,
            "law": shown.law,
            "made_at": facts.made_at,
            "head": [{"name": name, "value": value} for name, value in shown.head],
            "sections": shown.sections,
            "sha256": shown.sha256,
        }
        return Response(PrivacyReportSerializer(told).data)


class TreatmentReportPdfView(APIView):
    @extend_schema(
        operation_id="downloadTreatmentReport",
        description="The same as a PDF. Its Content-Digest (RFC 9530) is audited.",
        parameters=[REPORT, PrivacyReportQuerySerializer],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, report: str) -> HttpResponse:
        asked = reports.Asked(report, **validated_query(PrivacyReportQuerySerializer, request))
        with tempfile.TemporaryDirectory(prefix="gtv-report-") as folder:
            printed = reports.to_pdf(caller_of(request), asked, Path(folder))
            return file_answer(printed.path.read_bytes(), printed.name, printed.sha256)
