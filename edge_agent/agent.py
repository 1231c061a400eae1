"""The agent: starts the parts of a box, in order, and ends them together.

Start-up order matters: repair comes before recording (it must not see a file
that is being written), and recording before the hub, which may be away for weeks.
"""

import asyncio
import signal
import socket
import sqlite3
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Literal

import msgspec
import structlog
import uvicorn
from starlette.types import ASGIApp

from edge_agent import __version__, control, health, listening, watchdog
from edge_agent.box import Box
from edge_agent.config import DataFolder
from edge_agent.console import app as console
from edge_agent.console.tls import ConsoleCertificate
from edge_agent.evidence.hub import HubClips
from edge_agent.listening import Listen
from edge_agent.live.broadcasts import Broadcasts
from edge_agent.live.embedded import EmbeddedEngine
from edge_agent.lpr import api as lpr_api
from edge_agent.lpr.dahua_pull import Pulls
from edge_agent.lpr.erasure import PlateErasure
from edge_agent.lpr.http import BoundedHttp
from edge_agent.lpr.intake import Intake
from edge_agent.lpr.retention import PlateRetention
from edge_agent.lpr.services import Kept
from edge_agent.lpr.watch import alarm_text
from edge_agent.mediamtx.config import Ports
from edge_agent.mediamtx.server import EMBEDDED, MediaChoice, MediaServer, TruthfulListener
from edge_agent.recording.events import CameraSource
from edge_agent.recording.retention import Retention, default_floor_bytes
from edge_agent.recording.room import make_room, tell_freed
from edge_agent.recording.startup import Rest, repair_newest, repair_rest
from edge_agent.recording.supervisor import Supervisor
from edge_agent.renewal import Renewal
from edge_agent.sync.commands import CommandRunner
from edge_agent.sync.inbound import HubMessages
from edge_agent.sync.live_video import LiveVideo
from edge_agent.sync.mqtt import HubSession
from edge_agent.sync.publisher import Publisher
from edge_agent.technician import Technician
from edge_agent.updates.orders import UpdateOrders
from edge_agent.updates.updater import Updater, slots_here
from protocol.messages import DesiredState
from protocol.topics import Stream

log = structlog.get_logger()

HEALTH_EVERY_S = 5.0
#: A console sends nothing on its WebSocket but pongs.
MAX_WEBSOCKET_BYTES = 4096


async def run(
    data_dir: Path, listen: Listen, disk_floor_bytes: int | None = None, choice: MediaChoice = EMBEDDED
) -> bool:
    """Run the box until SIGTERM or SIGINT; `disk_floor_bytes` stay free (None: a part of the disk).

    True: the hub asked that it be started again.

    Raises NotEnrolled, AlreadyRunning, DataFolderUnusable, edge_agent.store.StoreUnavailable.
    """
    folder = DataFolder(data_dir)
    folder.load_identity()
    with folder.only_one():
        folder.prepare()  # a box that was restored from its backup has no footage, and no folder for it
        freed = await asyncio.to_thread(make_room, folder.database, folder.recordings)
        box = Box.open(data_dir, replace_damaged=True)
        await asyncio.to_thread(tell_freed, box.index, box.alarms, freed)
        await _run_box(box, listen, disk_floor_bytes, choice)
        return box.restart_asked


async def _run_box(box: Box, listen: Listen, disk_floor_bytes: int | None, choice: MediaChoice) -> None:
    repaired, rest = await asyncio.to_thread(repair_newest, box.index)
    log.info("agent_starting", version=__version__, repaired=asdict(repaired))
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel if task else lambda: None)
    try:
        await _run_parts(box, listen, disk_floor_bytes, choice, rest)
    except asyncio.CancelledError:
        log.info("agent_stopped")
    finally:
        with suppress(sqlite3.Error):
            box.trail.write_waiting()
        box.store.close()


async def _run_parts(
    box: Box, listen: Listen, disk_floor_bytes: int | None, choice: MediaChoice, rest: Rest
) -> None:
    certificate = None if listen.plain_http else await asyncio.to_thread(_certificate, box)
    media = _media_server(box, choice)
    box.ports = [*listen.ports, *(choice.lan_ports if media else [])]
    listening.remember(box.settings, box.ports)
    listener = TruthfulListener(box.index, media) if media else box.index
    supervisor = Supervisor(box.folder.recordings, listener)
    session = HubSession(box.identity, box.folder)
    publisher = Publisher(box.outbox, session)
    floor_bytes = default_floor_bytes(box.disk()[1]) if disk_floor_bytes is None else disk_floor_bytes
    box.recorder, box.disk_floor_bytes = supervisor, floor_bytes
    box.media_binary = choice.binary if media else None
    retention = Retention(
        box.index,
        box.alarms,
        lambda: box.desired.retention_days,
        floor_bytes,
        on_alarm=lambda text: box.events.publish("alarm", {"alarm": "disk-floor", "text": text}),
    )
    box.desired.on_change(lambda desired: supervisor.assign(_sources(desired, media)))
    box.desired.on_change(lambda desired: box.reads.watch(desired.watchlist))
    box.updater = Updater(slots_here(), box.folder.ca, box.working_state, _restarter(box))
    async with asyncio.TaskGroup() as group:
        broadcasts = Broadcasts(supervisor, lambda camera: _sub_url(box, camera, media))
        commands = CommandRunner(
            box.index,
            lambda camera: LiveVideo(box.live, broadcasts, camera),
            box.plates,
            PlateErasure(box.store, box.folder.images),
            HubClips(box.clips, box.audit),
            Technician(box, _restarter(box)),
            UpdateOrders(box, box.updater, group),
            group,
            lambda reply: session.publish(Stream.REPLY, reply),
        )
        renewal = Renewal(box.folder, session)
        hub = HubMessages(box, publisher, commands, renewal, group)
        box.live.engine = media.engine if media else EmbeddedEngine(box.index, broadcasts)
        box.media = media
        if media:
            media.on_route_change = lambda: _reassign(box, supervisor, media)
            group.create_task(_serve(media.hook, media.hook_listener))
            group.create_task(media.run())
        group.create_task(box.live.keep_reviewing())
        group.create_task(box.playback.keep_reviewing())
        group.create_task(supervisor.run())
        group.create_task(repair_rest(box.index, rest))
        group.create_task(box.index.keep_noting_settled())
        group.create_task(retention.run())
        group.create_task(box.trail.keep_writing())
        group.create_task(box.thumbnails.keep_expiring())
        group.create_task(box.clips.run())
        group.create_task(session.run(hub.receive))
        group.create_task(publisher.run())
        group.create_task(renewal.run())
        group.create_task(box.updater.confirm_when_well())
        group.create_task(_report_health(box, session, publisher))
        group.create_task(_serve_console(box, listen, certificate))
        if (local := control.bind(box.folder.root)) is not None:
            group.create_task(_serve(control.create_app(box), local))
        _read_plates(box, publisher, listen, group)
        group.create_task(watchdog.keep_telling())


def _read_plates(box: Box, publisher: Publisher, listen: Listen, group: asyncio.TaskGroup) -> None:
    """Everything that takes plate reads in, and lets them go when their time is over."""
    intake = Intake(box.reads, lambda kept: _plate_read(box, publisher, kept))
    lpr_app = lpr_api.create_app(intake, box.desired, box.metrics.time_push)
    group.create_task(_serve_plates(lpr_app, listen.lpr))
    pulls = Pulls(intake)
    box.desired.on_change(pulls.assign)
    group.create_task(pulls.run())
    retention = PlateRetention(box.store, box.folder.images, lambda: box.desired.plate_retention_days)
    group.create_task(retention.run())


def _plate_read(box: Box, publisher: Publisher, kept: Kept) -> None:
    """A read is committed: hub and consoles hear of it at once."""
    publisher.wake()
    read = kept.read
    told = {"id": read.id, "camera": read.camera, "plate": read.plate, "captured_at": read.captured_at}
    box.events.publish("plate", told)
    if text := alarm_text(read, kept.entries, box.camera_name(read.camera)):
        entries = [{"id": entry.id, "kind": entry.kind, "reason": entry.reason} for entry in kept.entries]
        box.events.publish("watchlist", {**told, "text": text, "entries": entries})


def _setter(event: asyncio.Event) -> Callable[[object], None]:
    """Sets the event from whatever thread; cameras are added by the console's."""
    loop = asyncio.get_running_loop()

    def set_event(_: object) -> None:
        loop.call_soon_threadsafe(event.set)

    return set_event


def _restarter(box: Box) -> Callable[[], None]:
    """Ends the task that calls this, as SIGTERM does, and has the process started again."""
    task = asyncio.current_task()

    def restart() -> None:
        box.restart_asked = True
        if task is not None:
            task.cancel()

    return restart


async def _report_health(box: Box, session: HubSession, publisher: Publisher) -> None:
    """Tell the hub how the box is, at once when it has applied something; notice when the hub comes."""
    applied = asyncio.Event()
    box.desired.on_change(_setter(applied))
    while True:
        online = session.connected.is_set()
        if online and not box.online_with_hub:
            publisher.reconnected()
        box.online_with_hub = online
        if online:
            await _publish_health(box, session)
        with suppress(TimeoutError):
            async with asyncio.timeout(HEALTH_EVERY_S if online else 1.0):
                await applied.wait()
        applied.clear()


async def _publish_health(box: Box, session: HubSession) -> None:
    try:
        report = await asyncio.to_thread(health.report, box)
        session.publish(
            Stream.HEALTH, msgspec.structs.replace(report, certificate_serial=session.certificate_serial)
        )
    except (OSError, sqlite3.Error) as error:  # recording goes on; the hub sees that the reports stop
        log.error("health_not_reported", error=str(error))


def _sub_url(box: Box, camera_id: str, media: MediaServer | None) -> str:
    camera = box.desired.camera(camera_id)
    if camera is None:
        return ""
    return media.sub_url(camera) if media else camera.sub_rtsp_url


def _media_server(box: Box, choice: MediaChoice) -> MediaServer | None:
    if choice.binary is None:
        return None
    ports = Ports.choose(choice.webrtc_udp, choice.lan_rtsp_port, choice.local_only)
    folder = box.folder.root / "mediamtx"
    return MediaServer(choice.binary, folder, box.desired, box.authenticator, ports)


def _reassign(box: Box, supervisor: Supervisor, media: MediaServer) -> None:
    """MediaMTX went away for long, or is well again: the recorder reads elsewhere from now on."""
    log.warning("recording_route_changed", mediamtx=media.status().recording_through)
    if box.desired.current:
        supervisor.assign(_sources(box.desired.current, media))


def _sources(desired: DesiredState, media: MediaServer | None) -> list[CameraSource]:
    if media:
        return [media.source(camera) for camera in desired.cameras]
    return [CameraSource(camera.id, camera.rtsp_url, camera.transport) for camera in desired.cameras]


class _Server(uvicorn.Server):
    """Uvicorn without its signal handling: the agent ends all its parts together."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _certificate(box: Box) -> ConsoleCertificate:
    """Made before anything runs: who starts the box is told when it cannot be. Raises DataFolderUnusable."""
    with box.folder.in_use():
        return ConsoleCertificate(box.folder, box.identity.node)


async def _serve_console(box: Box, listen: Listen, certificate: ConsoleCertificate | None) -> None:
    """HTTPS with a certificate that renews itself; plain HTTP where nobody else can listen."""
    app = console.create_app(box)
    if certificate is None:
        await _serve(app, listen.console)
        return
    async with asyncio.TaskGroup() as group:
        group.create_task(certificate.keep_fresh())
        group.create_task(_serve(app, listen.console, certificate.context))


async def _serve_plates(app: ASGIApp, listener: socket.socket) -> None:
    """The cameras' port: no WebSocket, and HTTP within bounds."""
    await _serve(app, listener, http=BoundedHttp, ws="none")


async def _serve(
    app: ASGIApp,
    listener: socket.socket,
    tls: ssl.SSLContext | None = None,
    http: Literal["h11"] | type[asyncio.Protocol] = "h11",  # which bounds what a head may hold
    ws: Literal["auto", "none"] = "auto",
) -> None:
    """One HTTP port. No access log: it would hold who watched what."""
    config = uvicorn.Config(
        app,
        http=http,
        ws=ws,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws_max_size=MAX_WEBSOCKET_BYTES,
    )
    config.load()
    config.ssl = tls
    if listener.family == socket.AF_INET:
        # asyncio sees to it only where the socket names its protocol. Without it an answer's body waits
        # 40 ms for the acknowledgement of its head (RFC 896 against RFC 1122, 4.2.3.2).
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    await _Server(config).serve([listener])
