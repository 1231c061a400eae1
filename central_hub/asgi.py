"""The web process' ASGI application: Django, and the WebSocket of live alerts beside it."""

import os
import warnings

from django.core.asgi import get_asgi_application

from central_hub import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "central_hub.settings")
logs.configure()
# WhiteNoise serves files through Django's synchronous iterator, which reads each whole: they are small.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
django_application = get_asgi_application()

from central_hub.bodies import bounded  # noqa: E402 - needs Django's registry
from central_hub.lpr import live  # noqa: E402

http = bounded(django_application)


async def application(scope: live.Message, receive: live.Receive, send: live.Send) -> None:
    if scope["type"] != "websocket":
        await http(scope, receive, send)
    elif scope["path"] == live.PATH:
        await live.alerts(scope, receive, send)
    else:
        await receive()
        await send({"type": "websocket.close", "code": 4404})
