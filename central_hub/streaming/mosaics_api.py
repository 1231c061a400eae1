"""Mosaics over REST."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.accounts.idempotency import once
from central_hub.api import ProblemSerializer, caller_of, validated
from central_hub.edits import Editable, EtagField, expected
from central_hub.kernel import Caller
from central_hub.streaming import mosaics
from central_hub.streaming.domain import LAYOUTS, MAX_MOSAIC_CAMERAS
from central_hub.streaming.models import Mosaic

LAYOUT_CHOICES = tuple(LAYOUTS)


class MosaicCitySerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class MosaicSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    city = MosaicCitySerializer()
    owner = serializers.CharField(source="owner.username")
    layout = serializers.ChoiceField(choices=LAYOUT_CHOICES)
    shared = serializers.BooleanField(help_text="Seen by all who see the city")
    may_change = serializers.SerializerMethodField()
    etag = EtagField()
    cameras = serializers.SerializerMethodField(
        help_text="By place; a camera that was put out of use leaves its place out"
    )

    def get_may_change(self, mosaic: Mosaic) -> bool:
        caller: Caller = self.context["caller"]
        return mosaics.may_change(caller, mosaic)

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_cameras(self, mosaic: Mosaic) -> list[str]:
        return [str(place.camera_id) for place in mosaic.places.all() if place.camera.archived_at is None]


class MosaicChangeSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=100)
    layout = serializers.ChoiceField(
        choices=LAYOUT_CHOICES, help_text="`1`, `2h` side by side, `2v` one above the other, `1+2`, `2x2`"
    )
    cameras = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=MAX_MOSAIC_CAMERAS, help_text="By place"
    )
    shared = serializers.BooleanField(default=False)


def _answer(request: Request, mosaic: Mosaic, status: int = 200) -> Response:
    shown = MosaicSerializer(mosaic, context={"caller": caller_of(request)})
    return Response(shown.data, status=status)


class MosaicsView(APIView):
    @extend_schema(operation_id="listMosaics", responses=MosaicSerializer(many=True))
    def get(self, request: Request) -> Response:
        found = mosaics.visible_mosaics(caller_of(request))
        context = {"caller": caller_of(request)}
        return Response(MosaicSerializer(found, many=True, context=context).data)

    @extend_schema(
        operation_id="addMosaic",
        request=MosaicChangeSerializer,
        responses={201: MosaicSerializer, (409, "application/problem+json"): ProblemSerializer},
    )
    @once
    def post(self, request: Request) -> Response:
        asked = validated(MosaicChangeSerializer, request)
        return _answer(request, mosaics.add_mosaic(caller_of(request), **asked), 201)


class MosaicView(Editable):
    @extend_schema(operation_id="getMosaic", responses=MosaicSerializer)
    def get(self, request: Request, mosaic_id: uuid.UUID) -> Response:
        return _answer(request, mosaics.visible_mosaic(caller_of(request), mosaic_id))

    @extend_schema(operation_id="changeMosaic", request=MosaicChangeSerializer, responses=MosaicSerializer)
    def put(self, request: Request, mosaic_id: uuid.UUID) -> Response:
        asked = validated(MosaicChangeSerializer, request)
        return _answer(
            request, mosaics.change_mosaic(caller_of(request), mosaic_id, expected(request), **asked)
        )

    @extend_schema(operation_id="deleteMosaic", responses={204: None})
    def delete(self, request: Request, mosaic_id: uuid.UUID) -> Response:
        mosaics.delete_mosaic(caller_of(request), mosaic_id)
        return Response(status=204)
