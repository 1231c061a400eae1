"""Django settings, read from the environment; every variable is named here, with its default.

Secrets come from the environment only. With GTV_DEBUG=1, for development, missing
ones get fixed and well-known values, and every other setting points at loopback.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

from central_hub.logs import LOGGING_CONFIG as LOGGING_CONFIG_DICT

BASE_DIR = Path(__file__).resolve().parent
DEBUG = os.environ.get("GTV_DEBUG", "0") == "1"


def secret(name: str, in_development: str) -> str:
    value = os.environ.get(name) or (in_development if DEBUG else "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set")
    return value


def database(url: str) -> dict[str, Any]:
    parameters = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parameters.pop("dbname", ""),
        "USER": parameters.pop("user", ""),
        "PASSWORD": parameters.pop("password", ""),
        "HOST": parameters.pop("host", ""),
        "PORT": parameters.pop("port", ""),
        # Threads of one process share a few connections, checked before use: a restarted server costs
        # nobody an error. A broken network is noticed in seconds.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            "pool": {"min_size": 1, "max_size": 10, "timeout": 5},
            **parameters,
        },
    }


SECRET_KEY = secret("GTV_SECRET_KEY", "development-only-key-that-is-long-enough-for-hs256")
ALLOWED_HOSTS = os.environ.get("GTV_ALLOWED_HOSTS", "localhost,127.0.0.1").split(",")

# --- the hub's surroundings ---------------------------------------------------

GTV_REDIS_URL = os.environ.get("GTV_REDIS_URL", "redis://127.0.0.1:6379/0")
GTV_MQTT_HOST = os.environ.get("GTV_MQTT_HOST", "127.0.0.1")
GTV_MQTT_PORT = int(os.environ.get("GTV_MQTT_PORT", "8884"))
GTV_PKI_DIR = Path(os.environ.get("GTV_PKI_DIR", "pki"))
GTV_BROKER_PUBLIC_HOST = os.environ.get("GTV_BROKER_PUBLIC_HOST", GTV_MQTT_HOST)
GTV_BROKER_PUBLIC_PORT = int(os.environ.get("GTV_BROKER_PUBLIC_PORT", "8883"))
GTV_S3_ENDPOINT = os.environ.get("GTV_S3_ENDPOINT", "127.0.0.1:9000")
GTV_S3_SECURE = os.environ.get("GTV_S3_SECURE", "0") == "1"
GTV_S3_ACCESS_KEY = secret("GTV_S3_ACCESS_KEY", "development")
GTV_S3_SECRET_KEY = secret("GTV_S3_SECRET_KEY", "development")
GTV_S3_REGION = os.environ.get("GTV_S3_REGION", "us-east-1")
GTV_S3_BUCKET = os.environ.get("GTV_S3_BUCKET", "gtv")
#: Days that plate reads are kept in a city that has not chosen otherwise.
GTV_PLATE_RETENTION_DAYS = int(os.environ.get("GTV_PLATE_RETENTION_DAYS", "180"))
#: Central roles need a second factor. `0` for trials and demonstrations only.
GTV_REQUIRE_SECOND_FACTOR = os.environ.get("GTV_REQUIRE_SECOND_FACTOR", "0" if DEBUG else "1") == "1"
#: Webhooks may go to plain HTTP and to addresses of our own network: for one-box trials and tests.
GTV_WEBHOOK_PRIVATE = os.environ.get("GTV_WEBHOOK_PRIVATE", "0") == "1"
#: Cameras may be on the box itself: for trials and demonstrations.
GTV_ALLOW_LOOPBACK_CAMERAS = os.environ.get("GTV_ALLOW_LOOPBACK_CAMERAS", "1" if DEBUG else "0") == "1"
#: Where the central hears of critical alarms of boxes that nobody has acknowledged in time.
GTV_ALARM_ESCALATE_MINUTES = float(os.environ.get("GTV_ALARM_ESCALATE_MINUTES", "10"))
GTV_ALARM_WEBHOOK_URL = os.environ.get("GTV_ALARM_WEBHOOK_URL", "")
GTV_ALARM_WEBHOOK_SECRET = secret("GTV_ALARM_WEBHOOK_SECRET", "development") if GTV_ALARM_WEBHOOK_URL else ""
GTV_ALARM_EMAILS = [to for to in os.environ.get("GTV_ALARM_EMAILS", "").split(",") if to]
GTV_PUBLIC_URL = os.environ.get("GTV_PUBLIC_URL", "http://localhost:8000").rstrip("/")
GTV_RELAY_URL = os.environ.get("GTV_RELAY_URL", "http://localhost:8100").rstrip("/")
#: Where boxes dial, if another way than the viewers': a CDN serves those, and charges for what boxes send.
GTV_RELAY_UPLINK_URL = os.environ.get("GTV_RELAY_UPLINK_URL", "").rstrip("/") or GTV_RELAY_URL
#: What videos may take of a box's line to the hub, kbit/s, where nobody has set it for the box.
GTV_BOX_LINE_KBPS = int(os.environ.get("GTV_BOX_LINE_KBPS", "10000"))
#: STUN and TURN servers for viewers of live video, and the secret shared with TURN (docs/turn.md).
GTV_ICE_URLS = [url.strip() for url in os.environ.get("GTV_ICE_URLS", "").split(",") if url.strip()]
GTV_TURN_SECRET = os.environ.get("GTV_TURN_SECRET", "")
GTV_RELAY_SECRET = secret("GTV_RELAY_SECRET", "development-only-relay-secret-long-enough")

# --- e-mail ---------------------------------------------------------------------

EMAIL_HOST = os.environ.get("GTV_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("GTV_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("GTV_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("GTV_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("GTV_SMTP_STARTTLS", "0") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("GTV_EMAIL_FROM", "gtv@localhost")

# --- Django ---------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "rest_framework",
    "drf_spectacular",
    "central_hub.accounts",
    "central_hub.cities",
    "central_hub.fleet",
    "central_hub.lpr",
    "central_hub.streaming",
    "central_hub.audit",
    "central_hub.ingest",
    "central_hub.privacy",
]

MIDDLEWARE = [
    "central_hub.requests_seen.RequestsSeenMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "central_hub.headers.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "central_hub.languages.ApiLanguageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "central_hub.urls"
ASGI_APPLICATION = "central_hub.asgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = {"default": database(secret("GTV_DATABASE_URL", "postgresql://gtv@127.0.0.1:5432/gtv"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": GTV_REDIS_URL}}

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

OTP_TOTP_ISSUER = "GT-Vision"

LANGUAGE_CODE = "pt-br"
LANGUAGES = [("pt-br", "Português"), ("en", "English")]  # of the API; see central_hub.languages
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
#: The web app's build (index.html, assets/); absent in a checkout where it was not built.
SPA_DIR = BASE_DIR / "static_app"
WHITENOISE_ROOT = SPA_DIR if SPA_DIR.is_dir() else None
#: Vite puts a digest of the content into these names.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/assets/.+-[\w-]{8}\.\w+$"

LOGGING_CONFIG = None  # structlog configures logging when a process starts; see central_hub.logs
LOGGING = LOGGING_CONFIG_DICT

# --- security ----------------------------------------------------------------------

_public = urlsplit(GTV_PUBLIC_URL)
HTTPS = _public.scheme == "https"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS and not DEBUG else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
CSRF_TRUSTED_ORIGINS = [GTV_PUBLIC_URL]
X_FRAME_OPTIONS = "DENY"

# --- API -----------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["central_hub.accounts.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["central_hub.accounts.authentication.CompleteLogin"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "central_hub.openapi.ProblemAwareSchema",
    "EXCEPTION_HANDLER": "central_hub.api.problem_response",
    "DEFAULT_THROTTLE_CLASSES": ["central_hub.throttles.PersonThrottle"],
    "DEFAULT_THROTTLE_RATES": {"person": "1200/min", "login": "60/min", "enrolment": "30/min"},
    "NUM_PROXIES": 0,  # the peer's address as uvicorn gives it, never a header that anyone can send
    "UNICODE_JSON": True,
}

SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=10),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=7),
    "UPDATE_LAST_LOGIN": False,
    "CHECK_REVOKE_TOKEN": True,  # a changed password ends every session
}

SPECTACULAR_SETTINGS = {
    "TITLE": "GT-Vision hub",
    "DESCRIPTION": "REST API of the central hub. Errors are application/problem+json (RFC 9457).",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_NO_READ_ONLY_REQUIRED": False,
    "ENUM_NAME_OVERRIDES": {
        "RoleEnum": "central_hub.accounts.models.User.RoleChoice",
        "NodeCommandStateEnum": "central_hub.fleet.domain.ORDER_STATES",
        "CameraStateEnum": "central_hub.streaming.domain.CAMERA_STATES",
        "KindEnum": "central_hub.lpr.models.WatchlistEntry.Kind",
        "PrivacyRequestKindEnum": "central_hub.privacy.models.SubjectRequest.KindChoice",
        "PrivacyRequestStateEnum": "central_hub.privacy.models.SubjectRequest.StateChoice",
        "LegalDocumentKindEnum": "central_hub.accounts.models.LegalDocument.Kind",
        "LiveQualityEnum": "central_hub.streaming.domain.QUALITIES",
    },
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
}

# --- jobs --------------------------------------------------------------------------------

#: Redis, or RabbitMQ (`amqp://user:password@host/vhost`) for who has one that is watched and replicated.
CELERY_BROKER_URL = os.environ.get("GTV_CELERY_BROKER_URL") or GTV_REDIS_URL
# Whoever starts a job waits for a silent broker no longer than this; a worker asks every second.
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"connect_timeout": 2}
    if CELERY_BROKER_URL.startswith(("amqp:", "amqps:"))
    else {"socket_connect_timeout": 2, "socket_timeout": 10}
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
