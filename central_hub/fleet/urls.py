"""Addresses of boxes and their enrolment."""

from django.urls import path

from central_hub.fleet import alarms_api, api, orders_api, rollouts_api

urlpatterns = [
    path("nodes", api.NodesView.as_view()),
    path("node-alarms", alarms_api.AlarmsView.as_view()),
    path("node-alarms/<int:alarm_id>/acknowledgement", alarms_api.AcknowledgementView.as_view()),
    path("nodes/<str:city>/<str:code>", api.NodeView.as_view()),
    path("nodes/<str:city>/<str:code>/enrolment-tokens", api.EnrolmentTokensView.as_view()),
    path("nodes/<str:city>/<str:code>/configuration", api.ConfigurationView.as_view()),
    path("nodes/<str:city>/<str:code>/place", api.NodePlaceView.as_view()),
    path("nodes/<str:city>/<str:code>/cameras-home", api.CamerasHomeView.as_view()),
    path("nodes/<str:city>/<str:code>/commands", orders_api.OrdersView.as_view()),
    path("node-commands/<uuid:command_id>", orders_api.OrderView.as_view()),
    path("nodes/<str:city>/<str:code>/revocation", api.RevocationView.as_view()),
    path("releases", rollouts_api.ReleasesView.as_view()),
    path("rollouts", rollouts_api.RolloutsView.as_view()),
    path("rollouts/<int:rollout_id>", rollouts_api.RolloutView.as_view()),
    path("rollouts/<int:rollout_id>/action", rollouts_api.RolloutActionView.as_view()),
    path("enrolment", api.EnrolmentView.as_view()),
]
