"""Login over REST: name, password and code in, tokens out; refreshing them, and logging out."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.settings import api_settings as jwt_settings

from central_hub.accounts import services, sessions, terms
from central_hub.accounts.api import MeSerializer, checked_password
from central_hub.api import problem, validated
from central_hub.throttles import LoginThrottle

COOKIE = "gtv_refresh"
COOKIE_PATH = "/api/v1/auth"


class CredentialsSerializer(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=200, trim_whitespace=False, style={"input_type": "password"})
    code = serializers.CharField(
        max_length=20,
        default="",
        allow_blank=True,
        help_text="Code of the authenticator app, or a recovery code; needed after `second-factor-needed`",
    )


class LoginSerializer(serializers.Serializer[Any]):
    access = serializers.CharField(help_text="Bearer token, good for 10 minutes")
    user = MeSerializer()
    second_factor_missing = serializers.BooleanField(
        help_text="The role asks for a second factor: until it is set up, nothing else is answered"
    )
    documents_pending = serializers.BooleanField(
        help_text="Terms or privacy policy are new: until they are accepted, nothing else is answered"
    )


def logged_in(login: sessions.Login) -> Response:
    """The answer that carries a session: the access token in its body, the refresh token in a cookie."""
    response = Response(
        LoginSerializer(
            {
                "access": login.access,
                "user": login.user,
                "second_factor_missing": services.second_factor_missing(login.user),
                "documents_pending": terms.is_pending(login.user, login.session_id),
            }
        ).data
    )
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
        given = validated(CredentialsSerializer, request)
        try:
            login = services.log_in(request._request, given["username"], given["password"], given["code"])
        except services.Locked as locked:
            return too_many(locked.wait_s)
        except services.CodeNeeded:
            return problem(401, "second-factor-needed", "Informe o código do aplicativo autenticador.")
        except services.WrongCredentials as wrong:
            if wrong.code_wrong:
                return problem(401, "wrong-code", "Código incorreto ou vencido. Espere o próximo.")
            return problem(401, "wrong-credentials", "Usuário ou senha incorretos.")
        return logged_in(login)


class ChosenPasswordSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(max_length=100, help_text="What follows # in the link")
    password = serializers.CharField(max_length=200, trim_whitespace=False, style={"input_type": "password"})

    def validate_password(self, password: str) -> str:
        return checked_password(password)


class PasswordByLinkView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (LoginThrottle,)

    @extend_schema(
        operation_id="setPasswordByLink",
        description="By a link that somebody made who looks after the person; it is then used up.",
        request=ChosenPasswordSerializer,
        responses={204: None},
    )
    def post(self, request: Request) -> Response:
        given = validated(ChosenPasswordSerializer, request)
        services.set_password_by_link(given["token"], given["password"])
        return Response(status=204)


def too_many(wait_s: float) -> Response:
    seconds = int(wait_s) + 1
    minutes = -(-seconds // 60)
    words = f"{seconds} segundos" if seconds <= 60 else f"{minutes} minutos"
    detail = f"Muitas tentativas sem sucesso. Espere {words} e tente de novo."
    return problem(429, "locked", detail, headers={"Retry-After": str(seconds)})


class RefreshView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(operation_id="refreshLogin", request=None, responses=LoginSerializer)
    def post(self, request: Request) -> Response:
        login = sessions.refresh(request.COOKIES.get(COOKIE, ""), services.peer_of(request._request))
        if login is None:
            raise NotAuthenticated
        return logged_in(login)


class LogoutView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(operation_id="logout", request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        sessions.log_out(request.COOKIES.get(COOKIE, ""))
        response = Response(status=204)
        response.delete_cookie(COOKIE, path=COOKIE_PATH, samesite="Strict")
        return response
