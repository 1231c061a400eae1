"""Clips over REST: order, list, follow, download, delete."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.accounts.idempotency import once
from central_hub.api import ProblemSerializer, caller_of, validated
from central_hub.streaming import clips
from central_hub.streaming.models import Clip

_CONFLICT = (409, "application/problem+json")
_UNAVAILABLE = (503, "application/problem+json")


class ClipCameraSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class ClipCitySerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class ClipSerializer(serializers.ModelSerializer[Clip]):
    city = ClipCitySerializer()
    camera = ClipCameraSerializer()
    requester = serializers.CharField(source="requester.username")
    state = serializers.ChoiceField(choices=Clip.State.choices)
    progress = serializers.SerializerMethodField(help_text="0 to 1")

    class Meta:
        model = Clip
        fields = (
            "id",
            "city",
            "camera",
            "requester",
            "start",
            "end",
            "reason",
            "created_at",
            "state",
            "progress",
            "error",
            "size_bytes",
            "sha256",
        )
        read_only_fields = fields

    def get_progress(self, clip: Clip) -> float:
        return clips.progress(clip)


class NewClipSerializer(serializers.Serializer[Any]):
    camera = serializers.UUIDField()
    start = serializers.DateTimeField()
    end = serializers.DateTimeField(help_text="At most one hour after start, and past")
    reason = serializers.CharField(
        max_length=500, help_text="It is written into the clip and the audit trail"
    )


class ClipDownloadSerializer(serializers.Serializer[Any]):
    url = serializers.CharField(help_text="Good for some minutes; ranges are served")


class ClipsView(APIView):
    @extend_schema(operation_id="listClips", responses=ClipSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(ClipSerializer(clips.visible(caller_of(request)), many=True).data)

    @extend_schema(
        operation_id="orderClip",
        request=NewClipSerializer,
        responses={202: ClipSerializer, _CONFLICT: ProblemSerializer},
    )
    @once
    def post(self, request: Request) -> Response:
        asked = validated(NewClipSerializer, request)
        clip = clips.order(caller_of(request), asked["camera"], asked["start"], asked["end"], asked["reason"])
        return Response(ClipSerializer(clips.get(caller_of(request), clip.pk)).data, status=202)


class ClipView(APIView):
    @extend_schema(operation_id="getClip", responses=ClipSerializer)
    def get(self, request: Request, clip_id: uuid.UUID) -> Response:
        return Response(ClipSerializer(clips.get(caller_of(request), clip_id)).data)

    @extend_schema(operation_id="deleteClip", responses={204: None, _UNAVAILABLE: ProblemSerializer})
    def delete(self, request: Request, clip_id: uuid.UUID) -> Response:
        clips.delete(caller_of(request), clip_id)
        return Response(status=204)


class ClipDownloadView(APIView):
    @extend_schema(
        operation_id="downloadClip", responses={200: ClipDownloadSerializer, _CONFLICT: ProblemSerializer}
    )
    def get(self, request: Request, clip_id: uuid.UUID) -> Response:
        body = {"url": clips.download_url(caller_of(request), clip_id)}
        return Response(ClipDownloadSerializer(body).data)
