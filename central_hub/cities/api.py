"""Cities, plans and cameras over REST."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.accounts.idempotency import once
from central_hub.api import caller_of, validated, validated_query
from central_hub.cities import domain, services
from central_hub.cities.models import Camera, City, Plan, RefusedCamera
from central_hub.edits import Editable, EtagField, expected
from central_hub.streaming import services as streaming
from central_hub.streaming.domain import CAMERA_STATES


class PlanSerializer(serializers.ModelSerializer[Plan]):
    retention_days = serializers.IntegerField()

    class Meta:
        model = Plan
        fields = ("name", "retention_days")


class CitySerializer(serializers.ModelSerializer[City]):
    plan = PlanSerializer()
    timezone = serializers.CharField()
    etag = EtagField()

    class Meta:
        model = City
        fields = ("code", "name", "timezone", "plan", "failover_after_minutes", "etag")


class NewCitySerializer(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=domain.MAX_CITY_CODE)
    name = serializers.CharField(max_length=200)
    timezone = serializers.CharField(max_length=64, default="America/Sao_Paulo")
    plan = serializers.CharField(max_length=100, help_text="Name of a plan")


class CityChangeSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200, required=False)
    timezone = serializers.CharField(max_length=64, required=False)
    plan = serializers.CharField(max_length=100, required=False, help_text="Name of a plan")

    failover_after_minutes = serializers.IntegerField(
        min_value=domain.FAILOVER_MINUTES[0],
        max_value=domain.FAILOVER_MINUTES[-1],
        allow_null=True,
        required=False,
        help_text="After so long without its box a camera is given to another one; null: never",
    )


class CityRefSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class MeasuredSerializer(serializers.Serializer[Any]):
    """A camera's stream as its recorder measures it; 0, null and "" mean that it is not known."""

    video_codec = serializers.CharField()
    audio_codec = serializers.CharField(help_text="Empty also where the camera sends no sound")
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    fps = serializers.FloatField()
    bitrate_bps = serializers.IntegerField()
    gop_s = serializers.FloatField(allow_null=True, help_text="Seconds between keyframes")
    packets_lost = serializers.IntegerField(help_text="Since the recorder began")
    reconnects = serializers.IntegerField(help_text="Since the recorder began")
    clock_drift_ms = serializers.IntegerField(
        allow_null=True, help_text="The box's clock less the camera's, since the stream began"
    )


class CameraSerializer(serializers.Serializer[Any]):
    """A camera. Its RTSP addresses carry a password, and are never shown again."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    city = CityRefSerializer()
    node = serializers.CharField(source="node.code", allow_null=True, help_text="Code of its box")
    home_node = serializers.CharField(
        source="home_node.code",
        allow_null=True,
        default=None,
        help_text="Code of the box that it belongs to, while another has it; null: it is where it belongs",
    )
    state = serializers.SerializerMethodField()
    reason = serializers.SerializerMethodField(
        help_text="In words for people: why it is not recorded, or what is wrong while it is"
    )
    last_seen_at = serializers.SerializerMethodField()
    measured = serializers.SerializerMethodField()
    transport = serializers.ChoiceField(choices=domain.TRANSPORTS)
    sub_stream = serializers.BooleanField(help_text="Has it a smaller stream?")
    lpr = serializers.BooleanField(help_text="Does it read plates?")
    latitude = serializers.FloatField(allow_null=True, help_text="WGS 84 degrees")
    longitude = serializers.FloatField(allow_null=True)
    etag = EtagField()

    @extend_schema_field(serializers.ChoiceField(choices=CAMERA_STATES))
    def get_state(self, camera: Camera) -> str:
        return self._status(camera).state

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_last_seen_at(self, camera: Camera) -> str | None:
        at = self._status(camera).last_seen_at
        return serializers.DateTimeField().to_representation(at) if at else None

    def get_reason(self, camera: Camera) -> str:
        return self._status(camera).reason

    @extend_schema_field(MeasuredSerializer(allow_null=True))
    def get_measured(self, camera: Camera) -> Any:
        measured = self._status(camera).measured
        return MeasuredSerializer(measured).data if measured else None

    def _status(self, camera: Camera) -> streaming.CameraStatus:
        statuses: dict[uuid.UUID, streaming.CameraStatus] = self.context["statuses"]
        return statuses.get(camera.pk, streaming.UNKNOWN)


class CameraWithSecretSerializer(CameraSerializer):
    lpr_secret = serializers.SerializerMethodField(
        help_text="Shown this once: the password with which the camera sends plate reads"
    )

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_lpr_secret(self, camera: Camera) -> str | None:
        secret: str | None = self.context["lpr_secret"]
        return secret


class NewCameraSerializer(serializers.Serializer[Any]):
    city = serializers.CharField(required=False, help_text="Code; the caller's own city if absent")
    name = serializers.CharField(max_length=200)
    rtsp_url = serializers.CharField(max_length=1000)
    sub_rtsp_url = serializers.CharField(
        max_length=1000, allow_blank=True, default="", help_text="The smaller stream; empty: none"
    )
    transport = serializers.ChoiceField(choices=domain.TRANSPORTS, default="auto")
    node = serializers.CharField(
        allow_null=True, required=False, help_text="Code of the box; null: none; absent: the nearest one"
    )
    lpr = serializers.BooleanField(default=False)
    latitude = serializers.FloatField(min_value=-90, max_value=90, allow_null=True, default=None)
    longitude = serializers.FloatField(min_value=-180, max_value=180, allow_null=True, default=None)


class CameraChangeSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200, required=False)
    rtsp_url = serializers.CharField(max_length=1000, required=False)
    sub_rtsp_url = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    transport = serializers.ChoiceField(choices=domain.TRANSPORTS, required=False)
    latitude = serializers.FloatField(min_value=-90, max_value=90, allow_null=True, required=False)
    longitude = serializers.FloatField(min_value=-180, max_value=180, allow_null=True, required=False)
    node = serializers.CharField(allow_null=True, required=False)
    lpr = serializers.BooleanField(
        required=False,
        help_text="true makes a new secret, which replaces the present one; false forgets all of lpr-source",
    )


class RefusedCameraSerializer(serializers.ModelSerializer[RefusedCamera]):
    node = serializers.CharField(source="node.code", help_text="Code of the box where it was added")
    city = CityRefSerializer(source="node.city")

    class Meta:
        model = RefusedCamera
        fields = ("camera", "name", "city", "node", "reason", "at")


class CameraQuerySerializer(serializers.Serializer[Any]):
    city = serializers.CharField(required=False)


class PlansView(APIView):
    @extend_schema(operation_id="listPlans", responses=PlanSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(PlanSerializer(services.all_plans(), many=True).data)


class CitiesView(APIView):
    @extend_schema(operation_id="listCities", responses=CitySerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(CitySerializer(services.visible_cities(caller_of(request)), many=True).data)

    @extend_schema(operation_id="addCity", request=NewCitySerializer, responses={201: CitySerializer})
    @once
    def post(self, request: Request) -> Response:
        new = validated(NewCitySerializer, request)
        city = services.add_city(caller_of(request), **{**new, "plan": services.plan_named(new["plan"])})
        return Response(CitySerializer(city).data, status=201)


class CityView(Editable):
    @extend_schema(operation_id="changeCity", request=CityChangeSerializer, responses=CitySerializer)
    def patch(self, request: Request, code: str) -> Response:
        changes = validated(CityChangeSerializer, request)
        if "plan" in changes:
            changes["plan"] = services.plan_named(changes["plan"])
        city = services.change_city(caller_of(request), code, expected=expected(request), **changes)
        return Response(CitySerializer(city).data)


def _with_status(cameras: list[Camera]) -> dict[str, Any]:
    return {"statuses": streaming.camera_statuses([camera.pk for camera in cameras])}


def _answer_with_secret(camera: Camera, secret: domain.LprSecret | None, status: int) -> Response:
    context = {**_with_status([camera]), "lpr_secret": secret.secret if secret else None}
    return Response(CameraWithSecretSerializer(camera, context=context).data, status=status)


class CamerasView(APIView):
    @extend_schema(
        operation_id="listCameras", parameters=[CameraQuerySerializer], responses=CameraSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        query = validated_query(CameraQuerySerializer, request)
        cameras = services.visible_cameras(caller_of(request), query.get("city"))
        return Response(CameraSerializer(cameras, many=True, context=_with_status(cameras)).data)

    @extend_schema(
        operation_id="addCamera", request=NewCameraSerializer, responses={201: CameraWithSecretSerializer}
    )
    @once
    def post(self, request: Request) -> Response:
        new = validated(NewCameraSerializer, request)
        secret = domain.LprSecret.new() if new["lpr"] else None
        camera = services.add_camera(
            caller_of(request),
            city_code=services.city_code_for(caller_of(request), new.get("city")),
            name=new["name"],
            rtsp_url=new["rtsp_url"],
            sub_rtsp_url=new["sub_rtsp_url"],
            transport=new["transport"],
            latitude=new["latitude"],
            longitude=new["longitude"],
            node_code=new.get("node"),
            at_nearest="node" not in new,
            lpr_secret=secret,
        )
        return _answer_with_secret(camera, secret, 201)


class RefusedCamerasView(APIView):
    """Cameras added at a box that the prefeitura did not take, with the reason that the box shows."""

    @extend_schema(operation_id="listRefusedCameras", responses=RefusedCameraSerializer(many=True))
    def get(self, request: Request) -> Response:
        refused = services.visible_refused_cameras(caller_of(request))
        return Response(RefusedCameraSerializer(refused, many=True).data)


class CameraView(Editable):
    @extend_schema(
        operation_id="changeCamera", request=CameraChangeSerializer, responses=CameraWithSecretSerializer
    )
    def patch(self, request: Request, camera_id: uuid.UUID) -> Response:
        asked = validated(CameraChangeSerializer, request)
        kept = ("name", "rtsp_url", "sub_rtsp_url", "transport", "latitude", "longitude")
        changes: dict[str, Any] = {field: asked[field] for field in kept if field in asked}
        secret = domain.LprSecret.new() if asked.get("lpr") else None
        if "lpr" in asked:
            changes |= secret.columns(camera_id) if secret else {**domain.NO_SECRET, "lpr_source": {}}
        if "node" in asked:
            changes["node_code"] = asked["node"]
        camera = services.visible_camera(caller_of(request), camera_id)
        services.change_camera(caller_of(request), camera, expected=expected(request), **changes)
        return _answer_with_secret(camera, secret, 200)

    @extend_schema(operation_id="archiveCamera", responses={204: None})
    def delete(self, request: Request, camera_id: uuid.UUID) -> Response:
        services.archive_camera(caller_of(request), camera_id)
        return Response(status=204)
