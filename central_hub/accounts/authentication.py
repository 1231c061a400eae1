"""Who sends a request, and whether their login is complete. Every view but the login's own asks both."""

from typing import TYPE_CHECKING, Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import AuthenticationFailed
from rest_framework_simplejwt.tokens import Token

from central_hub.accounts import second_factor, sessions, terms
from central_hub.kernel import Caller, NotPermitted

if TYPE_CHECKING:  # the views' module imports this one
    from rest_framework.views import APIView


class SessionAuthentication(JWTAuthentication):
    """An access token, of a session that is still open."""

    def get_user(self, validated_token: Token) -> Any:
        user = super().get_user(validated_token)
        if not sessions.is_open(user.pk, validated_token.get(sessions.SESSION_CLAIM)):
            raise AuthenticationFailed("The session has ended.", code="session_ended")
        return user


def require_second_factor(user: Caller) -> None:
    """Raises NotPermitted."""
    if second_factor.is_missing(user):
        raise NotPermitted(
            "Cadastre o segundo fator para continuar: o seu papel exige.", code="second-factor-missing"
        )


def require_complete_login(user: Caller, token: Any) -> None:
    """A second factor where the role asks for one, and the documents accepted. Raises NotPermitted."""
    require_second_factor(user)
    if token is not None and terms.is_pending(user, str(token[sessions.SESSION_CLAIM])):
        raise NotPermitted(
            "Leia e aceite os termos de uso e a política de privacidade para continuar.",
            code="documents-pending",
        )


class SecondFactorGiven(BasePermission):
    """Somebody, with a second factor where the role asks for one."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not request.user.is_authenticated:
            return False
        require_second_factor(request.user)
        return True


class CompleteLogin(BasePermission):
    """Somebody whom nothing is to be asked any more. The default of every view."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not request.user.is_authenticated:
            return False
        require_complete_login(request.user, request.auth)
        return True
