"""Boxes and their enrolment over REST."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.accounts.idempotency import once
from central_hub.api import caller_of, validated
from central_hub.cities import placement
from central_hub.cities import services as cities
from central_hub.cities.domain import MAX_NODE_CODE, place
from central_hub.edits import Editable, EtagField, expected
from central_hub.fleet import certificates, domain, services
from central_hub.fleet.models import NodeCertificate, NodeSample, NodeState
from central_hub.throttles import EnrolmentThrottle


class NodeCitySerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class AlarmSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    since = serializers.DateTimeField(allow_null=True, help_text="When it last came true, if that is known")
    critical = serializers.BooleanField(
        default=False, help_text="Footage, or the contact with the central, is being lost"
    )


class NodeSerializer(serializers.ModelSerializer[NodeState]):
    code = serializers.CharField(source="node.code")
    city = NodeCitySerializer(source="node.city")
    latitude = serializers.FloatField(source="node.latitude", allow_null=True, help_text="WGS 84 degrees")
    longitude = serializers.FloatField(source="node.longitude", allow_null=True)
    differences = serializers.ListField(
        child=serializers.CharField(), help_text="What the box could not make as desired"
    )
    alarms = AlarmSerializer(many=True, help_text="What else is wrong at the box, in its own words")
    forced_out_until = serializers.SerializerMethodField(
        help_text="A full disk took footage of before this instant that the plan still promises; null: none"
    )

    etag = EtagField(source="node")

    class Meta:
        model = NodeState
        fields = (
            "etag",
            "code",
            "city",
            "latitude",
            "longitude",
            "online",
            "last_seen_at",
            "desired_revision",
            "reported_revision",
            "behind_since",
            "differences",
            "alarms",
            "forced_out_until",
            "agent_version",
            "disk_free_bytes",
            "disk_total_bytes",
            "outbox_depth",
            "cpu_share",
            "clock_synchronised",
            "clock_error_ms",
            "cameras_online",
            "cameras_total",
            "system",
            "certificate_serial",
            "certificate_expires_at",
            "revoked_at",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_forced_out_until(self, state: NodeState) -> str | None:
        until = domain.promised_until(
            state.forced_out_until, state.node.city.plan.retention_days, timezone.now()
        )
        return serializers.DateTimeField().to_representation(until) if until else None


class SampleSerializer(serializers.ModelSerializer[NodeSample]):
    class Meta:
        model = NodeSample
        fields = (
            "at",
            "disk_free_bytes",
            "cpu_share",
            "clock_error_ms",
            "outbox_depth",
            "cameras_online",
            "cameras_total",
        )
        read_only_fields = fields


class CertificateSerializer(serializers.ModelSerializer[NodeCertificate]):
    refused_since = serializers.DateTimeField(
        allow_null=True, help_text="When the broker had been told of the revocation"
    )

    class Meta:
        model = NodeCertificate
        fields = ("serial", "issued_at", "expires_at", "revoked_at", "refused_since")
        read_only_fields = fields


class NodeDetailSerializer(serializers.Serializer[Any]):
    node = NodeSerializer()
    history = SampleSerializer(many=True, help_text="One of every five minutes of two days, oldest first")
    certificates = CertificateSerializer(many=True, help_text="Newest first")


class DifferenceSerializer(serializers.Serializer[Any]):
    field = serializers.CharField(
        help_text="E.g. `retention_days`, `cameras/<id>/name`, `users/<username>/role`"
    )
    applied = serializers.JSONField(allow_null=True, help_text="At the box; null: not there, or secret")
    desired = serializers.JSONField(allow_null=True, help_text="At the hub; null: not there, or secret")
    secret = serializers.BooleanField(help_text="The values carry a credential and are not shown")


class ConfigurationSerializer(serializers.Serializer[Any]):
    desired_revision = serializers.IntegerField(source="state.desired_revision")
    reported_revision = serializers.IntegerField(source="state.reported_revision", allow_null=True)
    behind_since = serializers.DateTimeField(
        source="state.behind_since",
        allow_null=True,
        help_text="When the first change was made that the box has not applied; null: it has all of them",
    )
    lag_s = serializers.SerializerMethodField(help_text="Seconds since then; 0: it has applied everything")
    reported_at = serializers.DateTimeField(source="state.reported_at", allow_null=True)
    differences = DifferenceSerializer(
        many=True, allow_null=True, help_text="null: not known, because several changes are on their way"
    )
    not_as_desired = serializers.ListField(
        source="state.differences", child=serializers.CharField(), help_text="In the box's own words"
    )

    def get_lag_s(self, configuration: services.ConfigurationState) -> float:
        since = configuration.state.behind_since
        return round((timezone.now() - since).total_seconds(), 1) if since else 0.0


class NodePlaceSerializer(serializers.Serializer[Any]):
    latitude = serializers.FloatField(
        min_value=-90, max_value=90, allow_null=True, help_text="WGS 84 degrees"
    )
    longitude = serializers.FloatField(min_value=-180, max_value=180, allow_null=True)


class CamerasHomeSerializer(serializers.Serializer[Any]):
    cameras = serializers.IntegerField(help_text="How many")


class NewNodeSerializer(serializers.Serializer[Any]):
    city = serializers.CharField(help_text="Code")
    code = serializers.CharField(max_length=MAX_NODE_CODE)


class EnrolmentTokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField()
    command = serializers.CharField(help_text="What to type on the box")
    expires_at = serializers.DateTimeField()


class EnrolmentRequestSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(max_length=100)
    csr_pem = serializers.CharField(max_length=10_000, trim_whitespace=False)
    present = serializers.CharField(
        max_length=64,
        default="",
        allow_blank=True,
        help_text="`<city>/<node>`: what the box is called already, if anything",
    )


class RevocationSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500)


class EnrolmentSerializer(serializers.Serializer[Any]):
    city = serializers.CharField()
    node = serializers.CharField()
    certificate_pem = serializers.CharField()
    ca_pem = serializers.CharField()
    broker_host = serializers.CharField()
    broker_port = serializers.IntegerField()


class NodesView(APIView):
    @extend_schema(operation_id="listNodes", responses=NodeSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(NodeSerializer(services.visible_nodes(caller_of(request)), many=True).data)

    @extend_schema(operation_id="addNode", request=NewNodeSerializer, responses={201: NodeSerializer})
    @once
    def post(self, request: Request) -> Response:
        new = validated(NewNodeSerializer, request)
        cities.add_node(caller_of(request), new["city"], new["code"])
        state = services.visible_node_state(caller_of(request), new["city"], new["code"])
        return Response(NodeSerializer(state).data, status=201)


class NodeView(APIView):
    @extend_schema(operation_id="getNode", responses=NodeDetailSerializer)
    def get(self, request: Request, city: str, code: str) -> Response:
        state = services.visible_node_state(caller_of(request), city, code)
        body = {
            "node": state,
            "history": services.history(state.node_id),
            "certificates": certificates.certificates_of(state.node_id),
        }
        return Response(NodeDetailSerializer(body).data)


class ConfigurationView(APIView):
    """What the box is told against what it has applied."""

    @extend_schema(operation_id="getNodeConfiguration", responses=ConfigurationSerializer)
    def get(self, request: Request, city: str, code: str) -> Response:
        found = services.configuration_state(caller_of(request), city, code)
        return Response(ConfigurationSerializer(found).data)


class NodePlaceView(Editable):
    """Where the box stands: new cameras without a box go to the nearest."""

    @extend_schema(operation_id="placeNode", request=NodePlaceSerializer, responses=NodeSerializer)
    def put(self, request: Request, city: str, code: str) -> Response:
        asked = validated(NodePlaceSerializer, request)
        where = place(asked["latitude"], asked["longitude"])
        placement.place_node(caller_of(request), city, code, where, expected(request))
        return Response(NodeSerializer(services.visible_node_state(caller_of(request), city, code)).data)


class CamerasHomeView(APIView):
    """Give the box back the cameras that were moved away from it while it was out of contact."""

    @extend_schema(operation_id="bringCamerasHome", request=None, responses=CamerasHomeSerializer)
    def post(self, request: Request, city: str, code: str) -> Response:
        count = placement.bring_home(caller_of(request), city, code)
        return Response(CamerasHomeSerializer({"cameras": count}).data)


class EnrolmentTokensView(APIView):
    @extend_schema(
        operation_id="issueEnrolmentToken", request=None, responses={201: EnrolmentTokenSerializer}
    )
    @once
    def post(self, request: Request, city: str, code: str) -> Response:
        new = certificates.issue_token(caller_of(request), city, code)
        command = domain.enrol_command(settings.GTV_PUBLIC_URL, new.token)
        body = {"token": new.token, "command": command, "expires_at": new.expires_at}
        return Response(EnrolmentTokenSerializer(body).data, status=201)


class RevocationView(APIView):
    """Its certificates count no more: the broker refuses the box within seconds, and the hub at once."""

    @extend_schema(operation_id="revokeNode", request=RevocationSerializer, responses=NodeSerializer)
    def post(self, request: Request, city: str, code: str) -> Response:
        asked = validated(RevocationSerializer, request)
        certificates.revoke(caller_of(request), city, code, asked["reason"])
        state = services.visible_node_state(caller_of(request), city, code)
        return Response(NodeSerializer(state).data)


class EnrolmentView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (EnrolmentThrottle,)

    @extend_schema(
        operation_id="enrol", request=EnrolmentRequestSerializer, responses={201: EnrolmentSerializer}
    )
    def post(self, request: Request) -> Response:
        asked = validated(EnrolmentRequestSerializer, request)
        enrolment = certificates.enrol(asked["token"], asked["csr_pem"], asked["present"])
        return Response(EnrolmentSerializer(enrolment).data, status=201)
