"""Coverage and relay sessions over REST."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.api import ProblemSerializer, caller_of, validated, validated_query
from central_hub.streaming import services


class SpanSerializer(serializers.Serializer[Any]):
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()


class CoverageQuerySerializer(serializers.Serializer[Any]):
    camera = serializers.UUIDField()
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()


class NewRelaySessionSerializer(serializers.Serializer[Any]):
    camera = serializers.UUIDField()
    start = serializers.DateTimeField()
    end = serializers.DateTimeField(help_text="At most one hour after start")


class RelaySessionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    playlist_url = serializers.CharField(
        help_text="HLS at the relay, for whoever has this address. With `?from=` (RFC 3339), the instant at"
        " which playing starts, its picture comes sooner"
    )
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class CoverageView(APIView):
    @extend_schema(
        operation_id="getCoverage",
        parameters=[CoverageQuerySerializer],
        responses=SpanSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        query = validated_query(CoverageQuerySerializer, request)
        spans = services.coverage(caller_of(request), query["camera"], query["since"], query["until"])
        return Response(SpanSerializer(spans, many=True).data)


class RelaySessionsView(APIView):
    @extend_schema(
        operation_id="openRelaySession",
        request=NewRelaySessionSerializer,
        responses={
            201: RelaySessionSerializer,
            (409, "application/problem+json"): ProblemSerializer,
            (503, "application/problem+json"): ProblemSerializer,
        },
    )
    def post(self, request: Request) -> Response:
        asked = validated(NewRelaySessionSerializer, request)
        session = services.open_session(caller_of(request), asked["camera"], asked["start"], asked["end"])
        return Response(RelaySessionSerializer(session).data, status=201)


class RelaySessionView(APIView):
    @extend_schema(operation_id="closeRelaySession", responses={204: None})
    def delete(self, request: Request, session_id: uuid.UUID) -> Response:
        services.close_session(caller_of(request), session_id)
        return Response(status=204)
