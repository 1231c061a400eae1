"""The web process' ASGI application: `uvicorn central_hub.asgi:application`."""

import os

from django.core.asgi import get_asgi_application

from central_hub import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "central_hub.settings")
logs.configure()
application = get_asgi_application()
