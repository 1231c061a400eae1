"""Carries out the hub's commands; each gets exactly one reply, also when it is late or fails."""

import asyncio
from collections import deque
from collections.abc import Callable

import httpx
import structlog

from edge_agent.clock import now_us, to_us
from edge_agent.evidence.hub import HubClips
from edge_agent.lpr.erasure import PlateErasure
from edge_agent.lpr.search import PlateSearch
from edge_agent.recording.index import RecordingIndex
from edge_agent.sync.footage import Footage
from edge_agent.sync.uplink import Answers, Uplink, UplinkRefused, dial
from edge_agent.technician import Technician
from edge_agent.updates.orders import UpdateOrders
from protocol.messages import (
    Command,
    ErasePlate,
    ImageUpload,
    InstallRelease,
    MakeClip,
    OpenLive,
    OpenUplink,
    Reply,
    UploadClip,
    UploadImages,
)

log = structlog.get_logger()

#: Uplinks at once: what a city's line carries is limited by the hub; this protects the box.
MAX_UPLINKS = 16
UPLOAD_TIMEOUT_S = 30.0
#: MQTT repeats a message within one connection; far fewer commands than this lie between.
REMEMBERED_COMMANDS = 1000


class CommandRunner:
    """Runs commands as tasks of a group that the agent owns."""

    def __init__(
        self,
        index: RecordingIndex,
        live: Callable[[str], Answers],
        plates: PlateSearch,
        erasure: PlateErasure,
        clips: HubClips,
        technician: Technician,
        updates: UpdateOrders,
        group: asyncio.TaskGroup,
        send_reply: Callable[[Reply], None],
    ) -> None:
        self._index = index
        self._live = live
        self._plates = plates
        self._erasure = erasure
        self._clips = clips
        self._technician = technician
        self._updates = updates
        self._group = group
        self._send_reply = send_reply
        self._answered: deque[str] = deque(maxlen=REMEMBERED_COMMANDS)
        self._uplinks = 0
        self._live_uplinks: dict[str, asyncio.Task[None]] = {}  # by camera

    def receive(self, command: Command) -> None:
        """Start a command. MQTT may deliver it twice; it is run once."""
        if command.id in self._answered:
            return
        self._answered.append(command.id)
        self._group.create_task(self._run(command))

    async def _run(self, command: Command) -> None:
        if to_us(command.deadline) < now_us():
            reply = Reply(command=command.id, ok=False, error="deadline passed before the box got it")
        else:
            reply = await self._attempt(command)
        log.info("command_done", command=command.id, ok=reply.ok, error=reply.error)
        self._send_reply(reply)

    async def _attempt(self, command: Command) -> Reply:
        try:
            return await self._carry_out(command)
        except Exception:
            # The border of the command: whatever goes wrong in one must not take the recorder down.
            log.exception("command_failed", command=command.id)
            return Reply(command=command.id, ok=False, error="internal error; see the box's log")

    async def _carry_out(self, command: Command) -> Reply:
        match command.action:
            case OpenUplink():
                return await self._open_uplink(command.id, command.action)
            case OpenLive():
                return await self._open_live(command.id, command.action)
            case UploadImages():
                uploaded = await self._upload(command.action.images)
                missing = len(command.action.images) - len(uploaded)
                error = f"{missing} images could not be uploaded" if missing else ""
                return Reply(command=command.id, ok=not missing, error=error, uploaded=uploaded)
            case MakeClip():
                return await self._clips.make(command.id, command.requester, command.action)
            case UploadClip():
                return await self._clips.upload(command.id, command.requester, command.action)
            case ErasePlate():
                waiting = await asyncio.to_thread(self._erasure.erase, command.action, command.requester)
                error = f"{waiting} reads wait for the hub's acknowledgement" if waiting else ""
                return Reply(command=command.id, ok=not waiting, error=error)
            case InstallRelease():
                return self._updates.begin(command, command.action)
            case _:
                return await self._technician.carry_out(command.id, command.requester, command.action)

    async def _open_uplink(self, command_id: str, order: OpenUplink) -> Reply:
        answers = Footage(self._index, order)
        _, reply = await self._dial(command_id, order, order.session, answers)
        return reply

    async def _open_live(self, command_id: str, order: OpenLive) -> Reply:
        """In place of the camera's uplink that is open: the hub knows of none, so that one leads nowhere."""
        if (old := self._live_uplinks.pop(order.camera, None)) is not None:
            old.cancel()
        serving, reply = await self._dial(command_id, order, order.uplink, self._live(order.camera))
        if serving is not None:
            self._live_uplinks[order.camera] = serving
        return reply

    async def _dial(
        self, command_id: str, order: OpenUplink | OpenLive, name: str, answers: Answers
    ) -> tuple[asyncio.Task[None] | None, Reply]:
        """Open an uplink and serve it; None where it is not open."""
        if self._uplinks >= MAX_UPLINKS:
            return None, Reply(command=command_id, ok=False, error=f"{MAX_UPLINKS} uplinks are open already")
        connection = None
        self._uplinks += 1  # while it is being dialled too
        try:
            connection = await dial(order.url, order.token)
        except UplinkRefused as error:
            return None, Reply(command=command_id, ok=False, error=str(error))
        finally:
            self._uplinks -= connection is None
        uplink = Uplink(connection, name, answers)
        return self._group.create_task(self._serve(uplink, order)), Reply(command=command_id, ok=True)

    async def _serve(self, uplink: Uplink, order: OpenUplink | OpenLive) -> None:
        try:
            await uplink.serve(order.expires_at)
        except Exception:
            log.exception("uplink_failed")  # as above: one viewer's trouble stays his own
        finally:
            self._uplinks -= 1

    async def _upload(self, images: list[ImageUpload]) -> list[str]:
        """PUT each image; returns the reads whose image is in the object store now."""
        uploaded = []
        async with httpx.AsyncClient(timeout=UPLOAD_TIMEOUT_S) as client:
            for image in images:
                if await self._put(client, image):
                    uploaded.append(image.read)
        return uploaded

    async def _put(self, client: httpx.AsyncClient, image: ImageUpload) -> bool:
        try:
            body = await asyncio.to_thread(self._plates.image, image.read)
            if body is None:
                log.error("image_unknown", read=image.read)
                return False
            response = await client.put(image.url, content=body, headers={"Content-Type": "image/jpeg"})
            response.raise_for_status()
        except (OSError, httpx.HTTPError) as error:
            # The exception's text may hold the presigned URL, which is a credential.
            log.warning("image_upload_failed", read=image.read, error=type(error).__name__)
            return False
        return True
