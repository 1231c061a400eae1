"""Users over REST: oneself, and those whom one looks after."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.accounts import lockout, password_links, second_factor, services, sessions
from central_hub.accounts.authentication import SecondFactorGiven
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
    locked_until = serializers.SerializerMethodField(
        help_text="Failed logins have locked the name, at least from one address; null: they have not"
    )

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_locked_until(self, user: User) -> str | None:
        until = self.context["locks"].get(user.username)
        return serializers.DateTimeField().to_representation(until) if until else None

    class Meta(MeSerializer.Meta):
        fields = (*MeSerializer.Meta.fields, "is_active", "locked_until", "etag")  # type: ignore[assignment]
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


class PasswordLinkSerializer(serializers.Serializer[Any]):
    url = serializers.CharField(help_text="Shown this once: there the person chooses a password")
    expires_at = serializers.DateTimeField()


class AddedUserSerializer(UserSerializer):
    password_link = serializers.SerializerMethodField()

    class Meta(UserSerializer.Meta):
        fields = (*UserSerializer.Meta.fields, "password_link")  # type: ignore[assignment]

    @extend_schema_field(PasswordLinkSerializer)
    def get_password_link(self, user: User) -> Any:
        return PasswordLinkSerializer(self.context["link"]).data


class NewUserSerializer(serializers.Serializer[Any]):
    """Without a password: the person chooses it by the link."""

    username = serializers.RegexField(r"^[\w.@+-]+$", max_length=150)
    name = serializers.CharField(max_length=200)
    role = serializers.ChoiceField(choices=User.RoleChoice.choices)
    city = serializers.CharField(
        allow_null=True, default=None, help_text="Code; null for the central's people"
    )


class UserChangeSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200, required=False)
    is_active = serializers.BooleanField(required=False)
    role = serializers.ChoiceField(
        choices=User.RoleChoice.choices,
        required=False,
        help_text="Within the central, or within the person's prefeitura; ends the person's sessions",
    )


def _locks(users: Sequence[User]) -> dict[str, Any]:
    return {"locks": lockout.locked_until(user.username for user in users)}


class MeView(APIView):
    permission_classes = (SecondFactorGiven,)

    @extend_schema(operation_id="getMe", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        return Response(MeSerializer(services.user_of(caller_of(request))).data)


class UsersView(APIView):
    @extend_schema(operation_id="listUsers", responses=UserSerializer(many=True))
    def get(self, request: Request) -> Response:
        users = services.visible_users(caller_of(request))
        return Response(UserSerializer(users, many=True, context=_locks(users)).data)

    @extend_schema(operation_id="addUser", request=NewUserSerializer, responses={201: AddedUserSerializer})
    @once
    @transaction.atomic
    def post(self, request: Request) -> Response:
        new = validated(NewUserSerializer, request)
        user = services.add_user(
            caller_of(request),
            username=new["username"],
            password=None,
            name=new["name"],
            role=Role(new["role"]),
            city_code=new["city"],
        )
        context = {**_locks([user]), "link": password_links.make(caller_of(request), user)}
        return Response(AddedUserSerializer(user, context=context).data, status=201)


class UserView(Editable):
    @extend_schema(operation_id="changeUser", request=UserChangeSerializer, responses=UserSerializer)
    def patch(self, request: Request, user_id: int) -> Response:
        changes = validated(UserChangeSerializer, request)
        user = services.change_user(caller_of(request), user_id, expected=expected(request), **changes)
        return Response(UserSerializer(user, context=_locks([user])).data)


class UserPasswordLinkView(APIView):
    @extend_schema(
        operation_id="makePasswordLink",
        description="For a forgotten password. The present one is good until the person has chosen another.",
        request=None,
        responses={201: PasswordLinkSerializer},
    )
    @once
    def post(self, request: Request, user_id: int) -> Response:
        caller = caller_of(request)
        link = password_links.make(caller, services.managed_user(caller, user_id))
        return Response(PasswordLinkSerializer(link).data, 201, headers={"Cache-Control": "no-store"})


class UserLockView(APIView):
    @extend_schema(operation_id="unlockUser", responses={204: None})
    def delete(self, request: Request, user_id: int) -> Response:
        services.unlock(caller_of(request), user_id)
        return Response(status=204)


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
