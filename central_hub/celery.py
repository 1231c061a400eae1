"""Background jobs: the Celery application and its schedule.

Every job is idempotent and may be run twice; a lost one runs again at its next turn.
"""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "central_hub.settings")

app = Celery("central_hub")
app.set_default()  # for the threads of every process that starts jobs, not for the importing one alone
app.config_from_object("django.conf:settings", namespace="CELERY")
_WITH_TASKS = ("accounts", "audit", "lpr", "streaming", "fleet", "privacy")
app.autodiscover_tasks([f"central_hub.{context}" for context in _WITH_TASKS])

app.conf.beat_schedule = {
    # `expires`: after an outage one run is enough, not one for every turn missed.
    "request-missing-images": {
        "task": "central_hub.lpr.tasks.request_missing_images",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "tell-boxes-to-erase": {
        "task": "central_hub.lpr.tasks.tell_boxes_to_erase",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "deliver-plate-alerts": {  # what a lost job or a failed attempt has left
        "task": "central_hub.lpr.tasks.deliver_alerts",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "run-plate-exports": {
        "task": "central_hub.lpr.tasks.run_exports",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "expire-plate-exports": {
        "task": "central_hub.lpr.tasks.expire_exports",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "make-plate-months": {
        "task": "central_hub.lpr.tasks.make_months",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "enforce-plate-retention": {
        "task": "central_hub.lpr.tasks.enforce_retention",
        "schedule": crontab(hour=6, minute=10),  # UTC: the small hours in Brazil
        "options": {"expires": 6 * 3600},
    },
    "expire-relay-sessions": {
        "task": "central_hub.streaming.tasks.expire_sessions",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "pursue-clips": {
        "task": "central_hub.streaming.tasks.pursue_clips",
        "schedule": 3.0,
        "options": {"expires": 3},
    },
    "forget-old-logins": {
        "task": "central_hub.accounts.tasks.forget_old_logins",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "check-audit-trail": {
        "task": "central_hub.audit.tasks.check_new",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "check-whole-audit-trail": {
        "task": "central_hub.audit.tasks.check_all",
        "schedule": crontab(hour=7, minute=40),  # UTC, after plate retention
        "options": {"expires": 6 * 3600},
    },
    "watch-nodes": {
        "task": "central_hub.fleet.tasks.watch_nodes",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "advance-rollouts": {
        "task": "central_hub.fleet.tasks.advance_rollouts",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "prune-node-health": {
        "task": "central_hub.fleet.tasks.prune_health",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "watch-privacy-requests": {
        "task": "central_hub.privacy.tasks.watch_requests",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "prune-enrolment-tokens": {
        "task": "central_hub.fleet.tasks.prune_tokens",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
}


@setup_logging.connect  # type: ignore[untyped-decorator]  # celery has no types
def _configure_logs(**_: object) -> None:
    from central_hub import logs

    logs.configure()
