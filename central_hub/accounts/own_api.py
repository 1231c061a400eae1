"""What a person does about the own account over REST: password, sessions, second factor."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.accounts import second_factor, services, sessions
from central_hub.accounts.api import SessionSerializer, checked_password
from central_hub.accounts.login_api import LoginSerializer, logged_in
from central_hub.accounts.models import User
from central_hub.api import caller_of, validated


class OwnSessionSerializer(SessionSerializer):
    current = serializers.SerializerMethodField(help_text="The session that asks")

    class Meta(SessionSerializer.Meta):
        fields = (*SessionSerializer.Meta.fields, "current")

    def get_current(self, session: Any) -> bool:
        return bool(str(session.pk) == self.context["current"])


class PasswordChangeSerializer(serializers.Serializer[Any]):
    present = serializers.CharField(max_length=200, trim_whitespace=False)
    new = serializers.CharField(max_length=200, trim_whitespace=False)

    def validate_new(self, password: str) -> str:
        return checked_password(password)


class SecondFactorSerializer(serializers.Serializer[Any]):
    required = serializers.BooleanField(help_text="The role asks for it")  # type: ignore[assignment]
    active = serializers.BooleanField()
    recovery_codes_left = serializers.IntegerField()


class PasswordSerializer(serializers.Serializer[Any]):
    password = serializers.CharField(max_length=200, trim_whitespace=False)


class CodeSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=20, help_text="Six digits of the authenticator app")


class PasswordAndCodeSerializer(PasswordSerializer, CodeSerializer):
    pass


class SecondFactorKeySerializer(serializers.Serializer[Any]):
    uri = serializers.CharField(help_text="otpauth address, for the QR code")
    key = serializers.CharField(help_text="The same key, for typing (base 32)")


class RecoveryCodesSerializer(serializers.Serializer[Any]):
    recovery_codes = serializers.ListField(
        child=serializers.CharField(), help_text="Each replaces the app once; they are not shown again"
    )


class OwnAccountView(APIView):
    """Open before the second factor is set up: this is where that is done."""

    permission_classes = (IsAuthenticated,)

    def me(self, request: Request) -> User:
        return services.user_of(caller_of(request))

    def session_id(self, request: Request) -> str:
        claims: Any = request.auth or {}
        return str(claims.get(sessions.SESSION_CLAIM, ""))


class OwnSessionsView(OwnAccountView):
    @extend_schema(operation_id="listOwnSessions", responses=OwnSessionSerializer(many=True))
    def get(self, request: Request) -> Response:
        found = sessions.of_user(self.me(request))
        context = {"current": self.session_id(request)}
        return Response(OwnSessionSerializer(found, many=True, context=context).data)

    @extend_schema(
        operation_id="endOtherSessions",
        description="End every session of one's own but the one that asks.",
        responses={204: None},
    )
    def delete(self, request: Request) -> Response:
        me = self.me(request)
        sessions.end_all(me, "ended-by-user", by=me, but=self.session_id(request))
        return Response(status=204)


class OwnSessionView(OwnAccountView):
    @extend_schema(operation_id="endOwnSession", responses={204: None})
    def delete(self, request: Request, session_id: uuid.UUID) -> Response:
        sessions.end_one(self.me(request), session_id)
        return Response(status=204)


class OwnPasswordView(OwnAccountView):
    @extend_schema(
        operation_id="changeOwnPassword",
        description="Ends every session; the answer opens a new one here.",
        request=PasswordChangeSerializer,
        responses=LoginSerializer,
    )
    def post(self, request: Request) -> Response:
        given = validated(PasswordChangeSerializer, request)
        peer = services.peer_of(request._request)
        return logged_in(services.change_own_password(self.me(request), given["present"], given["new"], peer))


class SecondFactorView(OwnAccountView):
    @extend_schema(operation_id="getSecondFactor", responses=SecondFactorSerializer)
    def get(self, request: Request) -> Response:
        return Response(SecondFactorSerializer(second_factor.state_of(self.me(request))).data)

    @extend_schema(
        operation_id="beginSecondFactor",
        request=PasswordSerializer,
        responses={201: SecondFactorKeySerializer},
    )
    def post(self, request: Request) -> Response:
        password = validated(PasswordSerializer, request)["password"]
        return Response(
            SecondFactorKeySerializer(second_factor.begin(self.me(request), password)).data, status=201
        )


class SecondFactorCodeView(OwnAccountView):
    @extend_schema(
        operation_id="confirmSecondFactor", request=CodeSerializer, responses=RecoveryCodesSerializer
    )
    def post(self, request: Request) -> Response:
        code = validated(CodeSerializer, request)["code"]
        codes = second_factor.confirm(self.me(request), code, session=self.session_id(request))
        return Response(RecoveryCodesSerializer({"recovery_codes": codes}).data)


class SecondFactorRemovalView(OwnAccountView):
    @extend_schema(
        operation_id="removeSecondFactor", request=PasswordAndCodeSerializer, responses={204: None}
    )
    def post(self, request: Request) -> Response:
        given = validated(PasswordAndCodeSerializer, request)
        second_factor.remove(self.me(request), given["password"], given["code"])
        return Response(status=204)


class RecoveryCodesView(OwnAccountView):
    @extend_schema(
        operation_id="renewRecoveryCodes", request=CodeSerializer, responses=RecoveryCodesSerializer
    )
    def post(self, request: Request) -> Response:
        code = validated(CodeSerializer, request)["code"]
        codes = second_factor.renew_recovery_codes(self.me(request), code)
        return Response(RecoveryCodesSerializer({"recovery_codes": codes}).data)
