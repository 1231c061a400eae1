"""Live sessions over REST: what a player needs, in the shape that the box's own console has for it."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.api import ProblemSerializer, caller_of, validated
from central_hub.streaming import live
from central_hub.streaming.domain import QUALITIES

PROBLEMS: dict[Any, Any] = {
    (404, "application/problem+json"): ProblemSerializer,
    (409, "application/problem+json"): ProblemSerializer,
    (503, "application/problem+json"): ProblemSerializer,
}


class NewLiveSessionSerializer(serializers.Serializer[Any]):
    camera = serializers.UUIDField()
    quality = serializers.ChoiceField(
        choices=QUALITIES,
        default="sub",
        help_text="The best that is watched: `sub`, the small stream, weighs less on the box's line",
    )


class LiveQualitySerializer(serializers.Serializer[Any]):
    name = serializers.ChoiceField(choices=QUALITIES)
    codec = serializers.CharField(help_text="h264, h265; empty while it is not known")
    whep_url = serializers.CharField(help_text="WebRTC by WHEP at the relay")
    hls_url = serializers.CharField(help_text="HLS at the relay, where WebRTC does not get through")


class LiveSessionSerializer(serializers.Serializer[Any]):
    """Live video for whoever has the addresses, until `expires_at`."""

    id = serializers.UUIDField()
    camera = serializers.UUIDField()
    expires_at = serializers.DateTimeField()
    adaptive_url = serializers.CharField(
        allow_null=True, help_text="HLS of all qualities, between which a player adapts; null: there is one"
    )
    qualities = LiveQualitySerializer(many=True)


class LiveSessionsView(APIView):
    @extend_schema(
        operation_id="openLiveSession",
        request=NewLiveSessionSerializer,
        responses={201: LiveSessionSerializer, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        asked = validated(NewLiveSessionSerializer, request)
        opened = live.open_session(caller_of(request), asked["camera"], asked["quality"])
        return Response(LiveSessionSerializer(opened).data, status=201)


class LiveSessionView(APIView):
    @extend_schema(operation_id="closeLiveSession", responses={204: None})
    def delete(self, request: Request, live_id: uuid.UUID) -> Response:
        live.close_session(caller_of(request), live_id)
        return Response(status=204)


class LiveSessionResumeView(APIView):
    @extend_schema(
        operation_id="resumeLiveSession",
        request=None,
        responses={200: LiveSessionSerializer, **PROBLEMS},
        description="Fresh addresses after the picture was lost; a box that is not connected is asked again.",
    )
    def post(self, request: Request, live_id: uuid.UUID) -> Response:
        resumed = live.resume_session(caller_of(request), live_id)
        return Response(LiveSessionSerializer(resumed).data)
