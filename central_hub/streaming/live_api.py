"""Live sessions in the shape that the box's own console has for them, and lines of boxes, over REST."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.api import ProblemSerializer, caller_of, validated
from central_hub.edits import Editable, expected
from central_hub.streaming import line, live
from central_hub.streaming.domain import LIMITS_KBPS, QUALITIES

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


class IceServerSerializer(serializers.Serializer[Any]):
    """As a browser's RTCPeerConnection takes it."""

    urls = serializers.ListField(child=serializers.CharField())
    username = serializers.CharField(help_text="Empty for STUN")
    credential = serializers.CharField(help_text="Good until the session ends")


class LiveSessionSerializer(serializers.Serializer[Any]):
    """Live video for whoever has the addresses, until `expires_at`."""

    id = serializers.UUIDField()
    camera = serializers.UUIDField()
    expires_at = serializers.DateTimeField()
    adaptive_url = serializers.CharField(
        allow_null=True, help_text="HLS of all qualities, between which a player adapts; null: there is one"
    )
    qualities = LiveQualitySerializer(many=True)
    ice_servers = IceServerSerializer(many=True, help_text="For WebRTC; empty: none is needed")


class LineSerializer(serializers.Serializer[Any]):
    """The line by which a box sends video to the hub."""

    limit_kbps = serializers.IntegerField(help_text="kbit/s that video may take of it")
    is_default = serializers.BooleanField(help_text="Nobody has set it")
    used_kbps = serializers.IntegerField(help_text="Of what is watched now, as the cameras were measured")
    etag = serializers.CharField(help_text="Of this state, for If-Match")


class LineChangeSerializer(serializers.Serializer[Any]):
    limit_kbps = serializers.IntegerField(
        min_value=LIMITS_KBPS[0], max_value=LIMITS_KBPS[-1], allow_null=True, help_text="Null: the default"
    )


class LineView(Editable):
    """How much of a box's line the videos that are watched at the hub may take."""

    @extend_schema(operation_id="getNodeLine", responses=LineSerializer)
    def get(self, request: Request, city: str, code: str) -> Response:
        return Response(LineSerializer(line.visible_line(caller_of(request), city, code)).data)

    @extend_schema(operation_id="setNodeLine", request=LineChangeSerializer, responses=LineSerializer)
    def put(self, request: Request, city: str, code: str) -> Response:
        asked = validated(LineChangeSerializer, request)
        changed = line.set_limit(caller_of(request), city, code, asked["limit_kbps"], expected(request))
        return Response(LineSerializer(changed).data)


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
