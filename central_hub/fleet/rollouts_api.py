"""Releases and rollouts over REST."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.accounts.idempotency import once
from central_hub.api import ProblemSerializer, caller_of, validated
from central_hub.fleet import releases, rollout_rules, rollouts
from central_hub.fleet.rollout_models import Release, Rollout, RolloutNode

_CONFLICT = {(409, "application/problem+json"): ProblemSerializer}


class ReleaseSerializer(serializers.ModelSerializer[Release]):
    class Meta:
        model = Release
        fields = ("version", "size_bytes", "sha256", "notes", "registered_at")
        read_only_fields = fields


class RolloutSerializer(serializers.ModelSerializer[Rollout]):
    version = serializers.CharField(source="release.version")
    state = serializers.ChoiceField(
        choices=rollout_rules.ROLLOUT_STATES, help_text="`halted`: a box failed or went back by itself"
    )
    stage = serializers.IntegerField(help_text="Whose boxes are told, from 0")
    soak_s = serializers.IntegerField(help_text="A box must run the release well for so long")
    reason = serializers.CharField(help_text="Why it was halted")

    class Meta:
        model = Rollout
        fields = (
            "id",
            "version",
            "state",
            "stage",
            "stages",
            "soak_s",
            "allow_older",
            "reason",
            "created_by",
            "created_at",
            "ended_at",
        )
        read_only_fields = fields


class RolloutNodeSerializer(serializers.ModelSerializer[RolloutNode]):
    city = serializers.CharField(source="node.city.code")
    node = serializers.CharField(source="node.code")
    state = serializers.ChoiceField(
        choices=rollout_rules.NODE_STATES,
        help_text="`watched`: runs the release, and is not long enough well",
    )
    online = serializers.BooleanField(source="node.fleet_state.online")
    version = serializers.CharField(source="node.fleet_state.agent_version", help_text="That runs there")
    step = serializers.SerializerMethodField(help_text="Of the update, as the box reports it")
    reason = serializers.CharField(help_text="Why it failed or went back, for people")

    class Meta:
        model = RolloutNode
        fields = (
            "city",
            "node",
            "stage",
            "state",
            "online",
            "version",
            "step",
            "reason",
            "ordered_at",
            "well_since",
        )
        read_only_fields = fields

    def get_step(self, row: RolloutNode) -> str:
        report = row.node.fleet_state.update or {}
        return str(report["step"]) if report.get("attempt") == str(row.attempt) else ""


class RolloutDetailSerializer(serializers.Serializer[Any]):
    rollout = RolloutSerializer()
    nodes = RolloutNodeSerializer(many=True, help_text="By stage")


class NewRolloutSerializer(serializers.Serializer[Any]):
    version = serializers.CharField(max_length=32)
    canaries = serializers.ListField(
        child=serializers.CharField(max_length=100),
        default=list,
        max_length=1000,
        help_text="`<city>/<node>`: the boxes of a first stage of their own",
    )
    shares = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=100),
        default=lambda: [10, 50, 100],
        min_length=1,
        max_length=rollout_rules.MAX_STAGES,
        help_text="Percentages of the other boxes, a stage each, rising to 100",
    )
    soak_minutes = serializers.IntegerField(default=30, min_value=0, max_value=10_080)
    allow_older = serializers.BooleanField(default=False, help_text="Also to boxes that run a newer one")


class RolloutActionSerializer(serializers.Serializer[Any]):
    action = serializers.ChoiceField(
        choices=tuple(rollouts.ACTIONS), help_text="`resume` gives boxes that failed another try"
    )


def _answer(rollout: Rollout, status: int = 200) -> Response:
    body = {"rollout": rollout, "nodes": rollouts.nodes_of(rollout)}
    return Response(RolloutDetailSerializer(body).data, status=status)


class ReleasesView(APIView):
    """They are put in at the hub's command line: `gtv hub add-release`."""

    @extend_schema(operation_id="listReleases", responses=ReleaseSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(ReleaseSerializer(releases.visible_releases(caller_of(request)), many=True).data)


class RolloutsView(APIView):
    @extend_schema(operation_id="listRollouts", responses=RolloutSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(RolloutSerializer(rollouts.visible_rollouts(caller_of(request)), many=True).data)

    @extend_schema(
        operation_id="startRollout",
        request=NewRolloutSerializer,
        responses={201: RolloutDetailSerializer, **_CONFLICT},
    )
    @once
    def post(self, request: Request) -> Response:
        asked = validated(NewRolloutSerializer, request)
        return _answer(rollouts.start(caller_of(request), **asked), 201)


class RolloutView(APIView):
    @extend_schema(operation_id="getRollout", responses=RolloutDetailSerializer)
    def get(self, request: Request, rollout_id: int) -> Response:
        return _answer(rollouts.visible_rollout(caller_of(request), rollout_id))


class RolloutActionView(APIView):
    @extend_schema(
        operation_id="actOnRollout",
        request=RolloutActionSerializer,
        responses={200: RolloutDetailSerializer, **_CONFLICT},
    )
    def post(self, request: Request, rollout_id: int) -> Response:
        asked = validated(RolloutActionSerializer, request)
        return _answer(rollouts.act(caller_of(request), rollout_id, asked["action"]))
