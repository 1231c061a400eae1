"""How the box is, as it tells the hub every few seconds: its cameras, disk, clock, and what is wrong."""

import platform
from datetime import UTC, datetime

import psutil
from msgspec.structs import replace

from edge_agent import __version__
from edge_agent.box import Box
from edge_agent.clock import ClockState, clock_state, now_us, to_datetime
from edge_agent.plate_feed import plate_feeds
from edge_agent.recording.room import START_BYTES
from edge_agent.renewal import expiry_alarms
from protocol.messages import Alarm, CameraHealth, Health


def report(box: Box) -> Health:
    """Reads the database and the disk. Raises sqlite3.Error, OSError."""
    desired = box.desired.current
    wanted = desired.cameras if desired else []
    feeds = plate_feeds(box, wanted)
    cameras = [replace(box.health.of(camera.id), plates=feeds.get(camera.id)) for camera in wanted]
    free, total = box.disk()
    clock = clock_state()
    return Health(
        at=to_datetime(now_us()),
        agent_version=__version__,
        disk_free_bytes=free,
        disk_total_bytes=total,
        outbox_depth=box.outbox.depth(),
        desired_revision=box.desired.revision,
        cpu_share=min(psutil.cpu_percent() / 100, 1.0),
        system=platform.platform()[:500],
        clock_synchronised=clock.synchronised,
        clock_error_ms=clock.error_ms,
        cameras=cameras,
        differences=[
            _difference(box.camera_name(camera.camera), camera)
            for camera in cameras
            if camera.state == "offline"
        ],
        alarms=alarms_of(box, clock),
        update=box.updater.report if box.updater else None,
    )


def _difference(name: str, camera: CameraHealth) -> str:
    return f"{name}: {camera.reason}"[:500]


def alarms_of(box: Box, clock: ClockState) -> list[Alarm]:
    """What keeps the box from its desired state, in words for people. Raises sqlite3.Error, OSError."""
    alarms = box.alarms.current()
    alarms += [
        Alarm(
            f"O banco de dados da caixa estava danificado e foi posto de lado ({file.name}): "
            "o que ainda não tinha sido enviado à central se perdeu.",
            critical=True,
        )
        for file in box.store.damaged
    ]
    if box.store.is_suspect:
        alarms.append(
            Alarm(
                "O banco de dados está danificado: as gravações continuam, mas reinicie a caixa.",
                critical=True,
            )
        )
    alarms += [
        Alarm(f"A configuração guardada «{name}» não pode ser lida: a chave da caixa mudou.")
        for name in sorted(box.settings.unreadable)
    ]
    if box.disk()[0] < START_BYTES:
        text = "O disco da caixa está cheio: nada mais é guardado até que haja espaço."
        alarms.append(Alarm(text, critical=True))
    if clock.synchronised is False:
        alarms.append(Alarm("O relógio da caixa não está sincronizado: os horários podem estar errados."))
    alarms += expiry_alarms(box.folder.certificate, datetime.now(UTC))
    return [*alarms, *_plate_alarms(box)]


def troubles_of(box: Box) -> list[Alarm]:
    """What a guard should know of: the alarms, and the cameras without picture. Raises sqlite3.Error."""
    desired = box.desired.current
    cameras = [box.health.of(camera.id) for camera in (desired.cameras if desired else [])]
    dark = [
        Alarm(_difference(box.camera_name(camera.camera), camera), camera.last_packet_at)
        for camera in cameras
        if camera.state == "offline"
    ]
    return [*alarms_of(box, clock_state()), *dark]


def _plate_alarms(box: Box) -> list[Alarm]:
    """Cameras whose clock is off, and watchlist entries that nobody understands."""
    return [
        *(
            Alarm(
                f"{box.camera_name(camera)}: o relógio da câmera está {abs(offset_us) // 1_000_000} s "
                f"{'atrasado' if offset_us > 0 else 'adiantado'}."
            )
            for camera, offset_us in box.reads.clocks_off().items()
        ),
        *(
            Alarm(f"Lista de placas: «{pattern}» não é uma placa.")
            for pattern in box.reads.invalid_patterns()
        ),
    ]
