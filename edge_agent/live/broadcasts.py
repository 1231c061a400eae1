"""The streams of this box that somebody watches now: each is read once, however many watch it and from where.

The recorder gives the packets of a main stream; the second stream is pulled while somebody watches it.
"""

from collections.abc import Callable

from edge_agent.live.puller import StreamPuller
from edge_agent.recording.logins import RefusedLogins
from edge_agent.recording.supervisor import OnPacket, Supervisor
from passthrough.broadcast import Broadcast, Closable
from passthrough.errors import LiveUnavailable
from protocol.uplink import Quality


class Broadcasts:
    """By camera and quality. `sub_url` gives the address of a camera's second stream; empty: it has none."""

    def __init__(self, supervisor: Supervisor, sub_url: Callable[[str], str]) -> None:
        self._supervisor = supervisor
        self._sub_url = sub_url
        self._logins = RefusedLogins()
        self._broadcasts: dict[tuple[str, Quality], Broadcast] = {}
        self._audiences: dict[tuple[str, Quality], set[object]] = {}

    def join(self, camera: str, quality: Quality, who: object) -> Broadcast:
        """The stream goes on at least until `who` leaves. Raises LiveUnavailable."""
        key = camera, quality
        if key not in self._broadcasts:
            self._broadcasts[key] = Broadcast(self._source(camera, quality))
            self._audiences[key] = set()
        self._audiences[key].add(who)
        return self._broadcasts[key]

    def leave(self, camera: str, quality: Quality, who: object) -> None:
        """With the last of its audience a broadcast ends."""
        key = camera, quality
        audience = self._audiences.get(key, set())
        audience.discard(who)
        if not audience and key in self._broadcasts:
            del self._audiences[key]
            self._broadcasts.pop(key).close()

    def _source(self, camera: str, quality: Quality) -> Callable[[OnPacket], Closable]:
        """Raises LiveUnavailable."""
        if quality == "main":
            return lambda on_packet: self._supervisor.watch(camera, on_packet)
        url = self._sub_url(camera)
        if not url:
            raise LiveUnavailable("Esta câmera não tem segundo fluxo.")
        return lambda on_packet: StreamPuller(camera, url, on_packet, self._logins)
