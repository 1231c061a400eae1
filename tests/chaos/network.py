"""The internet between a box and the hub: TCP that can be cut, or go silent as a NAT does that forgot.

`cut`: connections end with a reset, new ones are refused, until `mend`. `silence`: what is connected
now passes nothing any more, ever, and neither end is told; what connects until `mend` is answered by nobody.
"""

import contextlib
import socket
import struct
import threading
from typing import Literal, Self

from demo.ports import LOOPBACK
from demo.process import Startable

State = Literal["whole", "cut", "silent"]
#: Close with a reset, as a router does, and not with a polite end.
RESET = struct.pack("ii", 1, 0)


class Connection:
    """Two sockets and the threads that carry between them."""

    def __init__(self, near: socket.socket, far: socket.socket | None) -> None:
        self._ends = [end for end in (near, far) if end is not None]
        self.silent = far is None
        for source, target in [(near, far), (far, near)]:
            if source is not None:
                threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def reset(self) -> None:
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _carry(self, source: socket.socket, target: socket.socket | None) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                if target is not None and not self.silent:
                    target.sendall(data)
        if not self.silent:
            self.reset()


class Line(Startable):
    """One port of the hub as the box sees it; `port` is there from the start."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        self._lock = threading.Lock()
        self._state: State = "whole"
        self._open: list[Connection] = []

    def start(self) -> None:
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        with self._lock:
            self._state = "cut"
            for connection in self._open:
                connection.reset()
            self._open.clear()

    def silence(self) -> None:
        with self._lock:
            self._state = "silent"
            for connection in self._open:
                connection.silent = True

    def mend(self) -> None:
        with self._lock:
            self._state = "whole"

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # the listener was closed
            while True:
                near, _ = self._listener.accept()
                with self._lock:
                    self._connect(near)

    def _connect(self, near: socket.socket) -> None:
        if self._state == "silent":
            self._open.append(Connection(near, None))
            return
        try:
            if self._state == "cut":
                raise ConnectionRefusedError
            far = socket.create_connection((LOOPBACK, self._to_port), timeout=2)
            far.settimeout(None)
        except OSError:
            near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            near.close()
            return
        self._open.append(Connection(near, far))


class Network:
    """All lines between the box and the hub, which break together."""

    def __init__(self, *lines: Line) -> None:
        self._lines = lines

    def __enter__(self) -> Self:
        for line in self._lines:
            line.start()
        return self

    def __exit__(self, *_: object) -> None:
        for line in self._lines:
            line.stop()

    def cut(self) -> None:
        for line in self._lines:
            line.cut()

    def silence(self) -> None:
        for line in self._lines:
            line.silence()

    def mend(self) -> None:
        for line in self._lines:
            line.mend()
