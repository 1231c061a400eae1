"""Addresses of login, the own account, and users."""

from django.urls import path

from central_hub.accounts import api, login_api, own_api, terms_api

urlpatterns = [
    path("auth/login", login_api.LoginView.as_view()),
    path("auth/refresh", login_api.RefreshView.as_view()),
    path("auth/logout", login_api.LogoutView.as_view()),
    path("auth/password", login_api.PasswordByLinkView.as_view()),
    path("me", api.MeView.as_view()),
    path("me/password", own_api.OwnPasswordView.as_view()),
    path("me/acceptances", terms_api.OwnAcceptancesView.as_view()),
    path("me/sessions", own_api.OwnSessionsView.as_view()),
    path("me/sessions/<uuid:session_id>", own_api.OwnSessionView.as_view()),
    path("me/second-factor", own_api.SecondFactorView.as_view()),
    path("me/second-factor/confirm", own_api.SecondFactorCodeView.as_view()),
    path("me/second-factor/remove", own_api.SecondFactorRemovalView.as_view()),
    path("me/second-factor/recovery-codes", own_api.RecoveryCodesView.as_view()),
    path("legal-documents", terms_api.LegalDocumentsView.as_view()),
    path("legal-documents/templates", terms_api.LegalDocumentTemplatesView.as_view()),
    path("legal-documents/<int:document_id>", terms_api.LegalDocumentView.as_view()),
    path("legal-documents/<int:document_id>/acceptances", terms_api.DocumentAcceptancesView.as_view()),
    path("users", api.UsersView.as_view()),
    path("users/<int:user_id>", api.UserView.as_view()),
    path("users/<int:user_id>/password-link", api.UserPasswordLinkView.as_view()),
    path("users/<int:user_id>/lock", api.UserLockView.as_view()),
    path("users/<int:user_id>/sessions", api.UserSessionsView.as_view()),
    path("users/<int:user_id>/second-factor", api.UserSecondFactorView.as_view()),
]
