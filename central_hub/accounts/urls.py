"""Addresses of login and users."""

from django.urls import path

from central_hub.accounts import api

urlpatterns = [
    path("auth/login", api.LoginView.as_view()),
    path("auth/refresh", api.RefreshView.as_view()),
    path("auth/logout", api.LogoutView.as_view()),
    path("me", api.MeView.as_view()),
    path("users", api.UsersView.as_view()),
    path("users/<int:user_id>", api.UserView.as_view()),
]
