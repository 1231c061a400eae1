"""Import of cameras from a spreadsheet over REST."""

from typing import IO, Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.accounts.idempotency import once
from central_hub.api import caller_of, validated_query
from central_hub.cities import services
from central_hub.cities.camera_import import import_cameras
from central_hub.cities.csv_rows import MAX_BYTES, template
from central_hub.spreadsheets import BYTE_ORDER_MARK


class CsvParser(BaseParser):
    """The body as it is: a spreadsheet says of itself neither its encoding nor its separator."""

    media_type = "text/csv"

    def parse(self, stream: IO[bytes], media_type: Any = None, parser_context: Any = None) -> Any:
        return stream.read(MAX_BYTES + 1)


class ImportQuerySerializer(serializers.Serializer[Any]):
    city = serializers.CharField(required=False, help_text="Code; the caller's own city if absent")
    dry_run = serializers.BooleanField(default=True, help_text="Only say what would be")
    mode = serializers.ChoiceField(
        choices=("good-rows", "all-or-nothing"),
        default="good-rows",
        help_text="`good-rows`: a bad row keeps no good one from being added. `all-or-nothing`: it does",
    )


class ImportRowSerializer(serializers.Serializer[Any]):
    line = serializers.IntegerField(help_text="Of the file")
    name = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]  # as in a problem
        child=serializers.ListField(child=serializers.CharField()),
        help_text="By column, in Portuguese; empty: nothing is wrong with it",
    )
    camera = serializers.UUIDField(allow_null=True, help_text="The camera that was made; null: none was")
    lpr_secret = serializers.CharField(
        allow_null=True, help_text="Shown this once: with what the camera sends plate reads"
    )


class ImportResultSerializer(serializers.Serializer[Any]):
    added = serializers.IntegerField(help_text="Cameras that were made")
    good = serializers.IntegerField(help_text="Rows with nothing wrong")
    rows = ImportRowSerializer(many=True)


class CameraImportView(APIView):
    """A CSV with the template's columns: UTF-8 or Latin-1, separated by semicolons, commas or tabs."""

    parser_classes = (CsvParser,)

    @extend_schema(
        operation_id="importCameras",
        parameters=[ImportQuerySerializer],
        request={"text/csv": OpenApiTypes.STR},
        responses=ImportResultSerializer,
    )
    @once
    def post(self, request: Request) -> Response:
        query = validated_query(ImportQuerySerializer, request)
        caller = caller_of(request)
        result = import_cameras(
            caller,
            services.city_code_for(caller, query.get("city")),
            request.data if isinstance(request.data, bytes) else b"",
            dry_run=query["dry_run"],
            keep_good=query["mode"] == "good-rows",
        )
        return Response(ImportResultSerializer(result).data)


class ImportTemplateView(APIView):
    @extend_schema(
        operation_id="getCameraImportTemplate",
        responses={(200, "text/csv"): OpenApiResponse(OpenApiTypes.STR)},
    )
    def get(self, request: Request) -> HttpResponse:
        text = BYTE_ORDER_MARK + template()
        answer = HttpResponse(text.encode(), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="cameras.csv"'
        return answer
