"""The server in a thread of its own, for tests."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping

from demo.ports import LOOPBACK, free_port
from demo.process import Startable
from demo.rtsp_server.auth import Login
from demo.rtsp_server.faults import Fault, HangUp, TimeJump
from demo.rtsp_server.looped import LoopedFile, LoopPlayer
from demo.rtsp_server.manners import USUAL, Manners
from demo.rtsp_server.server import RtspServer
from demo.rtsp_server.stream import Stream


class RtspCameras(Startable):
    """Cameras that play `files`, by path, in endless loops."""

    def __init__(
        self,
        files: Mapping[str, LoopedFile],
        login: Login | None = None,
        transports: Iterable[str] = ("tcp", "udp"),
        port: int | None = None,
        *,
        host: str = LOOPBACK,
        manners: Manners = USUAL,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.port = port or free_port()
        self._host, self._manners, self._tls = host, manners, tls
        self._login = login
        self._transports = transports
        self._files = dict(files)
        self._streams = {path: Stream(file.tracks) for path, file in files.items()}
        self._players: dict[str, LoopPlayer] = {}
        self._playing: dict[str, asyncio.Task[None]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._server: RtspServer | None = None

    def url(self, path: str, username: str = "", password: str = "") -> str:
        user = f"{username}:{password}@" if username else ""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"rtsp{'s' if self._tls else ''}://{user}{host}:{self.port}/{path}"

    def connections(self, path: str) -> int:
        """How often clients have begun to play."""
        return self._streams[path].connections

    def inject(self, path: str, fault: Fault) -> None:
        """Takes effect on whoever plays now; see each fault."""
        self._call(lambda: self._inject(path, fault))

    def switch(self, path: str, file: LoopedFile, hang_up: bool = False) -> None:
        """Play another file from now on, in the connections that are open unless these are hung up."""
        self._call(lambda: self._switch(path, file, hang_up))

    def start(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="rtsp-server", daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()

    def stop(self) -> None:
        """Idempotent."""
        loop, thread = self._loop, self._thread
        if loop is None or thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._close(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        self._loop = self._thread = None

    async def _open(self) -> None:
        for path, file in self._files.items():
            self._play(path, file)
        self._server = RtspServer(
            self._streams, self.port, self._login, self._transports, self._host, self._manners, self._tls
        )
        await self._server.start()

    async def _close(self) -> None:
        for task in self._playing.values():
            task.cancel()
        await asyncio.gather(*self._playing.values(), return_exceptions=True)
        if self._server is not None:
            await self._server.close()

    def _play(self, path: str, file: LoopedFile) -> None:
        player = LoopPlayer(file, [self._streams[path]])
        self._players[path] = player
        self._playing[path] = asyncio.get_running_loop().create_task(player.run())

    def _inject(self, path: str, fault: Fault) -> None:
        if isinstance(fault, TimeJump):
            self._players[path].jump_s += fault.by_s
            return
        for client in tuple(self._streams[path].clients):
            client.suffer(fault)

    def _switch(self, path: str, file: LoopedFile, hang_up: bool) -> None:
        self._playing[path].cancel()
        stream = self._streams[path]
        stream.tracks = file.tracks
        for sender, track in zip(stream.senders, file.tracks, strict=True):
            sender.track = track
        self._play(path, file)
        if hang_up:
            self._inject(path, HangUp())

    def _call(self, act: Callable[[], None]) -> None:
        async def now() -> None:
            act()

        assert self._loop is not None, "not started"
        asyncio.run_coroutine_threadsafe(now(), self._loop).result()
