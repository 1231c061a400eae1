"""An HTTP server that takes what boxes put."""

import hashlib
import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class ObjectStore:
    """An HTTP server that takes PUTs below /take and refuses others."""

    def __init__(self) -> None:
        self.taken: dict[str, bytes] = {}
        taken = self.taken

        class Handler(BaseHTTPRequestHandler):
            def do_PUT(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                accepted = self.path.startswith("/take")
                if accepted:
                    taken[self.path] = body
                self.send_response(HTTPStatus.OK if accepted else HTTPStatus.FORBIDDEN)
                self.send_header("ETag", f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"')
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def objects() -> Iterator[ObjectStore]:
    store = ObjectStore()
    thread = threading.Thread(target=store.server.serve_forever, args=(0.02,))
    thread.start()
    yield store
    store.server.shutdown()
    thread.join()
    store.server.server_close()
