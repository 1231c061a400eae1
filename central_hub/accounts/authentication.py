"""Who sends a request, and whether their login is complete. Every view but the login's own asks both."""

from typing import TYPE_CHECKING, Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import AuthenticationFailed
from rest_framework_simplejwt.tokens import Token

from central_hub.accounts import second_factor, sessions
from central_hub.kernel import NotPermitted

if TYPE_CHECKING:  # the views' module imports this one
    from rest_framework.views import APIView


class SessionAuthentication(JWTAuthentication):
    """An access token, of a session that is still open."""

    def get_user(self, validated_token: Token) -> Any:
        user = super().get_user(validated_token)
        if not sessions.is_open(user.pk, validated_token.get(sessions.SESSION_CLAIM)):
            raise AuthenticationFailed("The session has ended.", code="session_ended")
        return user


class CompleteLogin(BasePermission):
    """Somebody, with a second factor where the role asks for one. The default of every view."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not request.user.is_authenticated:
            return False
        if second_factor.is_missing(request.user):
            raise NotPermitted(
                "Cadastre o segundo fator para continuar: o seu papel exige.", code="second-factor-missing"
            )
        return True
