"""A city's plate policy, legal holds and erasure over REST."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.accounts.idempotency import once
from central_hub.api import caller_of, validated, validated_query
from central_hub.cities import services as cities
from central_hub.edits import Editable, EtagField, expected
from central_hub.lpr import erasure, policy, privacy
from central_hub.lpr.api import ReadCitySerializer
from central_hub.lpr.models import LegalHold


class PlatePolicySerializer(serializers.Serializer[Any]):
    retention_days = serializers.IntegerField(help_text="Days that plate reads are kept")
    viewers_see_plates = serializers.BooleanField(help_text="False: visualizadores see masked plates")
    etag = EtagField()


class PlatePolicyView(Editable):
    @extend_schema(operation_id="getPlatePolicy", responses=PlatePolicySerializer)
    def get(self, request: Request, code: str) -> Response:
        return Response(PlatePolicySerializer(policy.policy_of(caller_of(request), code)).data)

    @extend_schema(
        operation_id="changePlatePolicy", request=PlatePolicySerializer, responses=PlatePolicySerializer
    )
    def put(self, request: Request, code: str) -> Response:
        caller = caller_of(request)
        cities.visible_city(caller, code)  # what is not theirs is not there, whatever the body says
        asked = validated(PlatePolicySerializer, request)
        changed = policy.change_policy(caller, code, expected=expected(request), **asked)
        return Response(PlatePolicySerializer(changed).data)


class LegalHoldSerializer(serializers.ModelSerializer[LegalHold]):
    city = ReadCitySerializer()

    class Meta:
        model = LegalHold
        fields = ("id", "city", "plate", "since", "until", "reference", "placed_by", "placed_at")
        read_only_fields = fields


class NewLegalHoldSerializer(serializers.Serializer[Any]):
    city = serializers.CharField(required=False, help_text="Code; the caller's own city if absent")
    plate = serializers.CharField(max_length=40)
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True, default=None)
    reference = serializers.CharField(max_length=200, help_text="The proceeding that asks for it")


class LegalHoldsView(APIView):
    """Reads that retention and erasure leave alone."""

    @extend_schema(operation_id="listLegalHolds", responses=LegalHoldSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(LegalHoldSerializer(privacy.holds(caller_of(request)), many=True).data)

    @extend_schema(
        operation_id="placeLegalHold",
        request=NewLegalHoldSerializer,
        responses={201: LegalHoldSerializer},
    )
    @once
    def post(self, request: Request) -> Response:
        asked = validated(NewLegalHoldSerializer, request)
        caller = caller_of(request)
        city = cities.city_code_for(caller, asked.pop("city", None))
        return Response(LegalHoldSerializer(privacy.place_hold(caller, city, **asked)).data, 201)


class LegalHoldView(APIView):
    @extend_schema(operation_id="releaseLegalHold", responses={204: None})
    def delete(self, request: Request, hold_id: int) -> Response:
        privacy.release_hold(caller_of(request), hold_id)
        return Response(status=204)


class ErasureRequestSerializer(serializers.Serializer[Any]):
    city = serializers.CharField(required=False, help_text="Code; the caller's own city if absent")
    plate = serializers.CharField(max_length=40)
    reference = serializers.CharField(max_length=200, help_text="The request that asks for it")


class ErasureSerializer(serializers.Serializer[Any]):
    removed = serializers.IntegerField()
    held = serializers.IntegerField(help_text="Under legal hold, and kept")
    digest = serializers.CharField(help_text="The target of the audit entry that is the proof")
    boxes = serializers.IntegerField(
        help_text="Boxes that are told to forget it too; each is an entry plate-erased-at-box when it has"
    )


class ErasureProofSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    by = serializers.CharField()
    city_code = serializers.CharField()
    digest = serializers.CharField(help_text="Of the plate, keyed: who knows the plate can have it compared")
    reference = serializers.CharField()
    removed = serializers.IntegerField()
    held = serializers.IntegerField(help_text="Under legal hold, and kept")
    boxes = serializers.IntegerField(help_text="That were told to forget it too")
    boxes_done = serializers.IntegerField(help_text="Of them, those that have answered that nothing is left")


class ErasureQuerySerializer(serializers.Serializer[Any]):
    city = serializers.CharField(max_length=63, default="", help_text="Code")


class ErasuresView(APIView):
    @extend_schema(
        operation_id="listPlateErasures",
        description="The newest 200, with the proof of each; the audit trail has all.",
        parameters=[ErasureQuerySerializer],
        responses=ErasureProofSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        city = validated_query(ErasureQuerySerializer, request)["city"]
        return Response(ErasureProofSerializer(erasure.proofs(caller_of(request), city), many=True).data)

    @extend_schema(operation_id="erasePlate", request=ErasureRequestSerializer, responses=ErasureSerializer)
    def post(self, request: Request) -> Response:
        asked = validated(ErasureRequestSerializer, request)
        caller = caller_of(request)
        city = cities.city_code_for(caller, asked.pop("city", None))
        return Response(ErasureSerializer(erasure.erase(caller, city, **asked)).data)
