"""What Prometheus reads of a hub process, and whether it does its work: `/metrics` and `/healthz`.

Both are on a port of their own (`--metrics-port`), which no proxy leads to: what it tells is for the
operators' network. Figures are kept where they arise, in the process' registry; no label holds anything of a
person, a plate or a password. Names follow https://prometheus.io/docs/practices/naming/.
"""

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

#: What is wrong with the process, in words for its log; None: it does its work.
Ailment = Callable[[], str | None]

#: The jobs of every few seconds run in this time many times over, also on a busy machine.
SILENT_FOR_S = 120.0


class Pulse:
    """Beats when a process has done a piece of its work. One that begins has time to do its first."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._last_mono = monotonic()

    def beat(self, **_: object) -> None:
        self._last_mono = self._monotonic()

    def ailment(self) -> str | None:
        silent_s = self._monotonic() - self._last_mono
        return f"nothing done for {silent_s:.0f} s" if silent_s > SILENT_FOR_S else None


def serve(port: int, host: str, ailment: Ailment = lambda: None) -> ThreadingHTTPServer | None:
    """Answer on this port until the process ends; port 0: not at all. Raises OSError when it is taken."""
    if not port:
        return None
    server = ThreadingHTTPServer((host, port), _handler(ailment))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server


def _handler(ailment: Ailment) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10  # of who connects and asks nothing

        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._answer(200, generate_latest(REGISTRY), CONTENT_TYPE_LATEST)
            elif self.path == "/healthz":
                wrong = ailment()
                self._answer(503 if wrong else 200, f"{wrong or 'ok'}\n".encode(), "text/plain")
            else:
                self._answer(404, b"", "text/plain")

        def _answer(self, status: int, body: bytes, content_type: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Not each scrape."""

    return Handler
