"""A city's line to the object store: what goes through it can be counted, and it can break."""

import contextlib
import socket
import threading
from typing import Self


class Line:
    """Forwards TCP to `host:port`. After `break_after` bytes towards it nothing passes until `mend`."""

    def __init__(self, endpoint: str) -> None:
        host, _, port = endpoint.partition(":")
        self._to = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.sent_bytes = 0
        self._left: int | None = None
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._hang_up()
        for thread in self._threads:
            thread.join(5)

    @property
    def broken(self) -> bool:
        return self._left is not None and self._left <= 0

    def break_after(self, size_bytes: int) -> None:
        self._left = size_bytes

    def mend(self) -> None:
        self._left = None

    def _start(self, target: object, *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # the listener was closed
            while True:
                client, _ = self._listener.accept()
                if self.broken:
                    client.close()
                    continue
                server = socket.create_connection(self._to)
                self._open |= {client, server}
                self._start(self._pump, client, server, True)
                self._start(self._pump, server, client, False)

    def _pump(self, source: socket.socket, target: socket.socket, outward: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(16_384):
                if outward and not self._may_pass(len(data)):
                    self._hang_up()
                    return
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _may_pass(self, size_bytes: int) -> bool:
        self.sent_bytes += size_bytes
        if self._left is not None:
            self._left -= size_bytes
        return not self.broken

    def _hang_up(self) -> None:
        for end in tuple(self._open):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._open.clear()
