"""Exports of plate reads over REST."""

import uuid
from typing import Any

from django.db import transaction
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.accounts.idempotency import once
from central_hub.api import caller_of, validated, validated_query
from central_hub.lpr import exports
from central_hub.lpr.api import PlateReadQuerySerializer, search_of
from central_hub.lpr.models import Export
from central_hub.lpr.search import ReadSearch
from central_hub.spreadsheets import csv_answer


class ExportSerializer(serializers.ModelSerializer[Export]):
    filters = serializers.DictField(child=serializers.JSONField())

    class Meta:
        model = Export
        fields = (
            "id", "format", "filters", "purpose", "state", "error", "rows_done", "rows_total", "created_at",
            "finished_at", "expires_at", "size_bytes", "sha256",
        )  # fmt: skip
        read_only_fields = fields


class NewExportSerializer(PlateReadQuerySerializer):
    format = serializers.ChoiceField(choices=Export.Format.choices)
    purpose = serializers.CharField(
        max_length=500, help_text="Why the data is needed; kept in the audit trail"
    )


class ExportAddressSerializer(serializers.Serializer[Any]):
    url = serializers.CharField(help_text="Good for some minutes")


class CsvQuerySerializer(PlateReadQuerySerializer):
    purpose = serializers.CharField(
        max_length=500, help_text="Why the data is needed; kept in the audit trail"
    )


def search_from(filters: Any) -> ReadSearch:
    """The search of a stored query."""
    checked = PlateReadQuerySerializer(data=filters)
    checked.is_valid(raise_exception=True)
    return search_of(checked.validated_data)


class PlateReadsCsvView(APIView):
    @extend_schema(
        operation_id="streamPlateReadsCsv",
        parameters=[CsvQuerySerializer],
        responses={(200, "text/csv"): OpenApiTypes.BINARY},
        description="All reads of a search, of any size, as they are read.",
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        asked = validated_query(CsvQuerySerializer, request)
        purpose = asked.pop("purpose")
        pieces = exports.stream_csv(caller_of(request), search_of(asked), purpose)
        return csv_answer(pieces, "placas.csv")


class ExportsView(APIView):
    """The caller's own exports, made by a job."""

    @extend_schema(operation_id="listPlateExports", responses=ExportSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(ExportSerializer(exports.own_exports(caller_of(request)), many=True).data)

    @extend_schema(
        operation_id="orderPlateExport", request=NewExportSerializer, responses={202: ExportSerializer}
    )
    @once
    def post(self, request: Request) -> Response:
        from central_hub.lpr.tasks import start_exports

        asked = validated(NewExportSerializer, request)
        format_, purpose = asked.pop("format"), asked.pop("purpose")
        query = {key: value for key, value in PlateReadQuerySerializer(asked).data.items() if value}
        export = exports.order_export(caller_of(request), format_, search_of(asked), query, purpose)
        transaction.on_commit(start_exports)
        return Response(ExportSerializer(export).data, 202)


class ExportView(APIView):
    @extend_schema(operation_id="getPlateExport", responses=ExportSerializer)
    def get(self, request: Request, export_id: uuid.UUID) -> Response:
        return Response(ExportSerializer(exports.own_export(caller_of(request), export_id)).data)

    @extend_schema(operation_id="deletePlateExport", responses={204: None})
    def delete(self, request: Request, export_id: uuid.UUID) -> Response:
        exports.delete_export(caller_of(request), export_id)
        return Response(status=204)


class ExportDownloadView(APIView):
    @extend_schema(operation_id="downloadPlateExport", request=None, responses=ExportAddressSerializer)
    def post(self, request: Request, export_id: uuid.UUID) -> Response:
        caller = caller_of(request)
        export = exports.own_export(caller, export_id)
        return Response({"url": exports.download_address(caller, export)})
