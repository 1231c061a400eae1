"""What MediaMTX should pull, and what must change so that it does: facts in, actions out.

A camera's main stream is the path named after its id, always on; its sub stream is
`<id>-sub`, pulled while somebody watches. Camera ids are UUIDs, so the names cannot meet.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from edge_agent.recording.camera import ENDED, UNREADABLE
from protocol.messages import DesiredCamera

#: A path's settings, by MediaMTX's names.
PathSettings = dict[str, object]
Transport = Literal["automatic", "tcp", "udp"]

SUB = "-sub"
#: How long a sub stream is kept after its last viewer: changing back to it is then at once.
SUB_LINGERS = "30s"
#: A camera with transport `auto` that gives nothing for this long is tried the other way.
TRANSPORT_PATIENCE_S = 20.0
#: Recording goes to the cameras directly when MediaMTX has been away for this long ...
DIRECT_AFTER_S = 30.0
#: ... and back through it when it has been well for this long: each change costs a reconnect.
BACK_AFTER_S = 60.0


@dataclass(frozen=True, slots=True)
class Add:
    path: str
    settings: PathSettings


@dataclass(frozen=True, slots=True)
class Patch:
    path: str
    settings: PathSettings


@dataclass(frozen=True, slots=True)
class Delete:
    path: str


Change = Add | Patch | Delete


def address_of(path: str, cameras: Iterable[DesiredCamera]) -> str:
    """What a path pulls; empty when it is none of ours."""
    camera = next((camera for camera in cameras if camera.id == camera_of(path)), None)
    if camera is None:
        return ""
    return camera.sub_rtsp_url if path.endswith(SUB) else camera.rtsp_url


def path_of(camera: str, quality: str) -> str:
    return camera + SUB if quality == "sub" else camera


def camera_of(path: str) -> str:
    return path.removesuffix(SUB)


def wanted_paths(
    cameras: Iterable[DesiredCamera],
    over_udp: Collection[str] = (),
    rests: Callable[[str], bool] = lambda _url: False,
) -> dict[str, PathSettings]:
    """Every path and the settings that are held. `over_udp`: the `auto` cameras that refused TCP; `rests`:
    whether an address is left alone for now, because the camera refused its login."""
    paths = {}
    for camera in cameras:
        transport = _transport(camera, camera.id in over_udp)
        if not rests(camera.rtsp_url):
            paths[camera.id] = _settings(camera.rtsp_url, transport, on_demand=False)
        if camera.sub_rtsp_url and not rests(camera.sub_rtsp_url):
            paths[camera.id + SUB] = _settings(camera.sub_rtsp_url, transport, on_demand=True)
    return paths


def difference(wanted: Mapping[str, PathSettings], actual: Mapping[str, PathSettings]) -> list[Change]:
    """What makes `actual` into `wanted`; of a path that exists, only what differs.

    Deletions come first: they free connections of cameras that allow few.
    """
    deletions: list[Change] = [Delete(path) for path in actual if path not in wanted]
    changes: list[Change] = []
    for path, settings in wanted.items():
        if path not in actual:
            changes.append(Add(path, settings))
            continue
        differing = {key: value for key, value in settings.items() if actual[path].get(key) != value}
        if differing:
            changes.append(Patch(path, differing))
    return deletions + changes


class TransportChoice:
    """Which `auto` cameras are pulled over UDP: TCP first, the other way when that gives nothing.

    TCP loses no packets, so it is preferred; MediaMTX's own `automatic` begins with UDP.
    """

    def __init__(self) -> None:
        self.over_udp: set[str] = set()
        self._silent_since_mono: dict[str, float] = {}

    def observe(self, cameras: Collection[str], online: Collection[str], now_mono: float) -> None:
        """`cameras`: the ids with transport `auto`; `online`: those that give video."""
        self.over_udp.intersection_update(cameras)
        silent = [camera for camera in cameras if camera not in online]
        self._silent_since_mono = {camera: self._silent_since_mono.get(camera, now_mono) for camera in silent}
        for camera in silent:
            if now_mono - self._silent_since_mono[camera] >= TRANSPORT_PATIENCE_S:
                self.over_udp ^= {camera}
                self._silent_since_mono[camera] = now_mono


class RecordingRoute:
    """Whether the recorder reads through MediaMTX: a box records, with its MediaMTX or without it."""

    def __init__(self, now_mono: float) -> None:
        self.through_mediamtx = True
        self._against_since_mono = now_mono
        self._against = False

    def observe(self, ready: bool, now_mono: float) -> bool:
        """Takes how MediaMTX is now; whether the route has changed."""
        against = ready != self.through_mediamtx
        if against and not self._against:
            self._against_since_mono = now_mono
        self._against = against
        patience_s = DIRECT_AFTER_S if self.through_mediamtx else BACK_AFTER_S
        if not against or now_mono - self._against_since_mono < patience_s:
            return False
        self.through_mediamtx, self._against = ready, False
        return True


SILENT = "Não há comunicação com a câmera."
LOGIN_REFUSED = "A câmera recusou o usuário ou a senha."
#: What a guard is told, by a word in MediaMTX's log of the camera's connection.
_REASONS = (
    ("401", LOGIN_REFUSED),
    ("unauthorized", LOGIN_REFUSED),
    ("403", "A câmera não permite este acesso."),
    ("404", "O endereço do vídeo não existe na câmera."),
    ("461", "A câmera não aceita este modo de transporte (TCP ou UDP)."),
    ("connection refused", "A câmera recusou a conexão: endereço ou porta errados, ou câmera reiniciando."),
    ("timeout", "A câmera não respondeu a tempo."),
    ("timed out", "A câmera não respondeu a tempo."),
    ("no route", SILENT),
    ("unreachable", SILENT),
    ("dial ", SILENT),
    ("lookup ", SILENT),
    ("eof", ENDED),
    ("reset by peer", ENDED),
    ("terminated", ENDED),
)
RESTARTING = "O servidor de vídeo da caixa (MediaMTX) está reiniciando."


def source_reason(message: str) -> str:
    """Why a camera gives no video, for people, from MediaMTX's log. What is no trouble of the network is what
    the camera said."""
    lowered = message.lower()
    return next((text for word, text in _REASONS if word in lowered), UNREADABLE)


def _transport(camera: DesiredCamera, refused_tcp: bool) -> Transport:
    if camera.transport == "auto":
        return "udp" if refused_tcp else "tcp"
    return camera.transport


def _settings(source: str, transport: Transport, on_demand: bool) -> PathSettings:
    """Settings that differ from the defaults, and those that a hand must not change."""
    return {
        "source": source,
        "rtspTransport": transport,
        "sourceOnDemand": on_demand,
        "sourceOnDemandCloseAfter": SUB_LINGERS,
        "record": False,
        "maxReaders": 0,
        "alwaysAvailable": False,
    }
