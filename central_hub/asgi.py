"""The web process' ASGI application: `uvicorn central_hub.asgi:application`."""

import os
import warnings

from django.core.asgi import get_asgi_application

from central_hub import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "central_hub.settings")
logs.configure()
# WhiteNoise serves files through Django's synchronous iterator, which reads each whole: they are small.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
application = get_asgi_application()
