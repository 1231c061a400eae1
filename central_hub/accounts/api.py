"""Login and users over REST."""

from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView
from rest_framework_simplejwt.settings import api_settings as jwt_settings

from central_hub.accounts import services
from central_hub.accounts.models import User
from central_hub.api import caller_of, problem, validated
from central_hub.kernel import Role

COOKIE = "gtv_refresh"
COOKIE_PATH = "/api/v1/auth"


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
    class Meta(MeSerializer.Meta):
        fields = (*MeSerializer.Meta.fields, "is_active")  # type: ignore[assignment]
        read_only_fields = ("is_active",)


class CredentialsSerializer(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=200, trim_whitespace=False, style={"input_type": "password"})


class LoginSerializer(serializers.Serializer[Any]):
    access = serializers.CharField(help_text="Bearer token, good for 10 minutes")
    user = MeSerializer()


def _check_password(password: str) -> str:
    try:
        validate_password(password)
    except ValidationError as error:
        raise serializers.ValidationError(error.messages) from None
    return password


class NewUserSerializer(serializers.Serializer[Any]):
    username = serializers.RegexField(r"^[\w.@+-]+$", max_length=150)
    password = serializers.CharField(max_length=200, trim_whitespace=False, write_only=True)
    name = serializers.CharField(max_length=200)
    role = serializers.ChoiceField(choices=User.RoleChoice.choices)
    city = serializers.CharField(allow_null=True, default=None, help_text="Code; null for an admin")

    def validate_password(self, password: str) -> str:
        return _check_password(password)


class UserChangeSerializer(serializers.Serializer[Any]):
    password = serializers.CharField(max_length=200, trim_whitespace=False, write_only=True, required=False)
    name = serializers.CharField(max_length=200, required=False)
    is_active = serializers.BooleanField(required=False)

    def validate_password(self, password: str) -> str:
        return _check_password(password)


class LoginThrottle(SimpleRateThrottle):
    """Locks out who tries many passwords: counted by address and user name together."""

    scope = "login"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        username = request.data.get("username", "") if isinstance(request.data, dict) else ""
        return self.cache_format % {
            "scope": self.scope,
            "ident": f"{self.get_ident(request)}|{str(username).lower()[:150]}",
        }


def _logged_in(login: services.Login) -> Response:
    response = Response(LoginSerializer({"access": login.access, "user": login.user}).data)
    response.set_cookie(
        COOKIE,
        login.refresh,
        max_age=int(jwt_settings.REFRESH_TOKEN_LIFETIME.total_seconds()),
        path=COOKIE_PATH,
        httponly=True,
        secure=settings.HTTPS,
        samesite="Strict",
    )
    return response


class LoginView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (LoginThrottle,)

    @extend_schema(operation_id="login", request=CredentialsSerializer, responses=LoginSerializer)
    def post(self, request: Request) -> Response:
        credentials = validated(CredentialsSerializer, request)
        login = services.log_in(request._request, credentials["username"], credentials["password"])
        if login is None:
            return problem(401, "wrong-credentials", "Usuário ou senha incorretos.")
        return _logged_in(login)


class RefreshView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(operation_id="refreshLogin", request=None, responses=LoginSerializer)
    def post(self, request: Request) -> Response:
        login = services.refresh_login(request.COOKIES.get(COOKIE, ""))
        if login is None:
            raise NotAuthenticated
        return _logged_in(login)


class LogoutView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(operation_id="logout", request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        services.log_out(request.COOKIES.get(COOKIE, ""))
        response = Response(status=204)
        response.delete_cookie(COOKIE, path=COOKIE_PATH, samesite="Strict")
        return response


class MeView(APIView):
    @extend_schema(operation_id="getMe", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        return Response(MeSerializer(services.user_of(caller_of(request))).data)


class UsersView(APIView):
    @extend_schema(operation_id="listUsers", responses=UserSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(UserSerializer(services.visible_users(caller_of(request)), many=True).data)

    @extend_schema(operation_id="addUser", request=NewUserSerializer, responses={201: UserSerializer})
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


class UserView(APIView):
    @extend_schema(operation_id="changeUser", request=UserChangeSerializer, responses=UserSerializer)
    def patch(self, request: Request, user_id: int) -> Response:
        changes = validated(UserChangeSerializer, request)
        return Response(UserSerializer(services.change_user(caller_of(request), user_id, **changes)).data)
