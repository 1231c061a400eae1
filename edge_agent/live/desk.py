"""Gives live video to people: tokens, the engine, and who is watching through WebRTC.

A WebRTC viewer uses no token while he watches, so the desk itself ends the
viewers whose login is over or whose camera was removed (`keep_reviewing`).
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from edge_agent.console.auth import Login
from edge_agent.live.adaptive import multivariant_playlist
from edge_agent.live.engine import LiveEngine, Variant
from edge_agent.live.tokens import LiveTokens
from edge_agent.sync.desired import DesiredStateKeeper
from passthrough.errors import LiveUnavailable
from passthrough.whep import WhepAnswer
from protocol.messages import DesiredCamera
from protocol.uplink import Quality

REVIEW_EVERY_S = 2.0
#: A quality that takes longer to begin (second streams are pulled on demand) is left out: a picture first.
VARIANT_WITHIN_S = 4.0
#: Browsers that vanish without hanging up are remembered too; the oldest is long gone.
MAX_REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class _Viewer:
    login: Login
    camera: str
    quality: Quality


def qualities_of(camera: DesiredCamera) -> list[Quality]:
    return ["main", "sub"] if camera.sub_rtsp_url else ["main"]


class LiveDesk:
    """The live video of one box. `engine` is None until the agent has started one."""

    def __init__(self, desired: DesiredStateKeeper, holds: Callable[[Login], bool]) -> None:
        self._desired = desired
        self._holds = holds
        self._engine: LiveEngine | None = None
        self._viewers: dict[str, _Viewer] = {}
        self.tokens = LiveTokens(holds)

    @property
    def engine(self) -> LiveEngine:
        """Raises LiveUnavailable while there is none."""
        if self._engine is None:
            raise LiveUnavailable(
                "O vídeo ao vivo ainda está iniciando. Tente de novo em alguns segundos.",
                HTTPStatus.SERVICE_UNAVAILABLE,
            )
        return self._engine

    @engine.setter
    def engine(self, engine: LiveEngine) -> None:
        self._engine = engine

    @property
    def watching(self) -> int:
        """How many live views are open: the engine knows, also of browsers that just vanished."""
        return self._engine.sessions() if self._engine is not None else 0

    def require_camera(self, camera_id: str) -> None:
        """Raises LiveUnavailable for a camera that is not, or no longer, this box's."""
        if self._desired.camera(camera_id) is None:
            raise LiveUnavailable("Esta câmera não está mais nesta caixa.")

    async def offer(self, login: Login, camera: str, quality: Quality, sdp: str) -> WhepAnswer:
        """Start a WebRTC viewer. Raises LiveError."""
        answer = await self.engine.offer(camera, quality, sdp)
        self._viewers[answer.resource_id] = _Viewer(login, camera, quality)
        if len(self._viewers) > MAX_REMEMBERED:
            oldest_id, oldest = next(iter(self._viewers.items()))
            await self.hang_up(oldest.camera, oldest.quality, oldest_id)
        return answer

    async def hang_up(self, camera: str, quality: Quality, resource_id: str) -> None:
        self._viewers.pop(resource_id, None)
        await self.engine.hang_up(camera, quality, resource_id)

    async def adaptive(self, camera_id: str) -> str:
        """The playlist of all qualities that have a picture now. Raises LiveUnavailable when none has."""
        camera = self._desired.camera(camera_id)
        qualities = qualities_of(camera) if camera else []
        asked = await asyncio.gather(*(self._variant(camera_id, quality) for quality in qualities))
        variants = [variant for variant in asked if variant is not None]
        if not variants:
            raise LiveUnavailable("A câmera está sem vídeo agora.")
        return multivariant_playlist(variants)

    async def _variant(self, camera: str, quality: Quality) -> Variant | None:
        try:
            async with asyncio.timeout(VARIANT_WITHIN_S):
                return await self.engine.variant(camera, quality)
        except (LiveUnavailable, TimeoutError):
            return None

    async def keep_reviewing(self) -> None:
        """End viewers who may not watch any more, until cancelled."""
        while True:
            await asyncio.sleep(REVIEW_EVERY_S)
            await self.review()

    async def review(self) -> None:
        for resource_id, viewer in list(self._viewers.items()):
            if not self._may_watch(viewer):
                await self.hang_up(viewer.camera, viewer.quality, resource_id)

    def _may_watch(self, viewer: _Viewer) -> bool:
        return self._holds(viewer.login) and self._desired.camera(viewer.camera) is not None
