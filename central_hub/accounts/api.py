"""Users over REST: oneself, and those whom one looks after."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.accounts import second_factor, services, sessions
from central_hub.accounts.idempotency import once
from central_hub.accounts.models import LoginSession, User
from central_hub.api import caller_of, validated
from central_hub.edits import Editable, EtagField, expected
from central_hub.kernel import Role


class UserCitySerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    timezone = serializers.CharField()


class MeSerializer(serializers.ModelSerializer[User]):
    city = UserCitySerializer(allow_null=True)

    class Meta:
        model = User
        fields = ("id", "username", "name", "role", "city")


class UserSerializer(MeSerializer):
    etag = EtagField()

    class Meta(MeSerializer.Meta):
        fields = (*MeSerializer.Meta.fields, "is_active", "etag")  # type: ignore[assignment]
        read_only_fields = ("is_active",)


def checked_password(password: str) -> str:
    """A password that the policy takes. Raises a serializer's ValidationError."""
    try:
        validate_password(password)
    except ValidationError as error:
        raise serializers.ValidationError(error.messages) from None
    return password


class SessionSerializer(serializers.ModelSerializer[LoginSession]):
    class Meta:
        model = LoginSession
        fields: tuple[str, ...] = ("id", "started_at", "last_seen_at", "address", "device")
        read_only_fields = ("address", "device")


class NewUserSerializer(serializers.Serializer[Any]):
    username = serializers.RegexField(r"^[\w.@+-]+$", max_length=150)
    password = serializers.CharField(max_length=200, trim_whitespace=False, write_only=True)
    name = serializers.CharField(max_length=200)
    role = serializers.ChoiceField(choices=User.RoleChoice.choices)
    city = serializers.CharField(allow_null=True, default=None, help_text="Code; null for an admin")

    def validate_password(self, password: str) -> str:
        return checked_password(password)


class UserChangeSerializer(serializers.Serializer[Any]):
    password = serializers.CharField(max_length=200, trim_whitespace=False, write_only=True, required=False)
    name = serializers.CharField(max_length=200, required=False)
    is_active = serializers.BooleanField(required=False)

    def validate_password(self, password: str) -> str:
        return checked_password(password)


class MeView(APIView):
    @extend_schema(operation_id="getMe", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        return Response(MeSerializer(services.user_of(caller_of(request))).data)


class UsersView(APIView):
    @extend_schema(operation_id="listUsers", responses=UserSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(UserSerializer(services.visible_users(caller_of(request)), many=True).data)

    @extend_schema(operation_id="addUser", request=NewUserSerializer, responses={201: UserSerializer})
    @once
    def post(self, request: Request) -> Response:
        new = validated(NewUserSerializer, request)
        user = services.add_user(
            caller_of(request),
            username=new["username"],
            password=new["password"],
            name=new["name"],
            role=Role(new["role"]),
            city_code=new["city"],
        )
        return Response(UserSerializer(user).data, status=201)


class UserView(Editable):
    @extend_schema(operation_id="changeUser", request=UserChangeSerializer, responses=UserSerializer)
    def patch(self, request: Request, user_id: int) -> Response:
        changes = validated(UserChangeSerializer, request)
        user = services.change_user(caller_of(request), user_id, expected=expected(request), **changes)
        return Response(UserSerializer(user).data)


class UserSessionsView(APIView):
    @extend_schema(operation_id="listUserSessions", responses=SessionSerializer(many=True))
    def get(self, request: Request, user_id: int) -> Response:
        user = services.managed_user(caller_of(request), user_id)
        return Response(SessionSerializer(sessions.of_user(user), many=True).data)

    @extend_schema(operation_id="endUserSessions", responses={204: None})
    def delete(self, request: Request, user_id: int) -> Response:
        user = services.managed_user(caller_of(request), user_id)
        sessions.end_all(user, "ended-by-administration", by=caller_of(request))
        return Response(status=204)


class UserSecondFactorView(APIView):
    @extend_schema(
        operation_id="resetSecondFactor",
        description="For a lost telephone: the person sets up a new one at the next login.",
        responses={204: None},
    )
    def delete(self, request: Request, user_id: int) -> Response:
        caller = caller_of(request)
        second_factor.reset(caller, services.managed_user(caller, user_id))
        return Response(status=204)
