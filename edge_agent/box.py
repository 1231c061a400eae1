"""The parts of one box, put together: what the LAN API and the agent's tasks work with."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import asdict

from edge_agent.audit import AuditTrail
from edge_agent.cameras.tester import Tester
from edge_agent.config import DataFolder, Identity, Settings
from edge_agent.console.auth import Authenticator, EndedSessions
from edge_agent.console.events import EventHub
from edge_agent.console.watching import Looks
from edge_agent.evidence.holds import Holds
from edge_agent.evidence.services import ClipDesk
from edge_agent.listening import Port
from edge_agent.live.desk import LiveDesk
from edge_agent.lpr.quarantine import Quarantine
from edge_agent.lpr.search import PlateSearch
from edge_agent.lpr.services import PlateReads
from edge_agent.lpr.watch_hits import WatchHits
from edge_agent.mediamtx.server import MediaServer
from edge_agent.metrics import BoxMetrics, Wellness
from edge_agent.playback.thumbnails import Thumbnails
from edge_agent.playback.webrtc import PlaybackDesk
from edge_agent.recording.alarms import Alarms
from edge_agent.recording.health import HealthBoard
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.supervisor import Supervisor
from edge_agent.store import Store
from edge_agent.sync import outbox
from edge_agent.sync.desired import DesiredStateKeeper
from edge_agent.updates.domain import Wellness as WorkingState
from edge_agent.updates.updater import Updater


@dataclass
class Box:
    """Everything below the data folder, opened."""

    folder: DataFolder
    identity: Identity
    store: Store
    settings: Settings
    desired: DesiredStateKeeper
    health: HealthBoard
    index: RecordingIndex
    reads: PlateReads
    plates: PlateSearch
    quarantine: Quarantine
    watch_hits: WatchHits
    outbox: outbox.Outbox
    authenticator: Authenticator
    events: EventHub
    live: LiveDesk
    playback: PlaybackDesk
    thumbnails: Thumbnails
    looks: Looks
    clips: ClipDesk
    holds: Holds
    alarms: Alarms
    trail: AuditTrail
    tester: Tester = field(default_factory=Tester)
    online_with_hub: bool = False
    #: Set by the agent, which runs it; None in a box that is only looked at.
    recorder: Supervisor | None = None
    #: As the recorder; None also with the embedded engine.
    media: MediaServer | None = None
    #: The program that `media` runs.
    media_binary: Path | None = None
    #: Where it listens for the LAN; empty in a box that is only looked at.
    ports: list[Port] = field(default_factory=list)
    #: What retention keeps free.
    disk_floor_bytes: int = 0
    #: The process is to be started again when it has ended.
    restart_asked: bool = False
    #: As the recorder.
    updater: Updater | None = None

    def __post_init__(self) -> None:
        self.metrics = BoxMetrics(self)
        self.wellness = Wellness(self)

    @classmethod
    def open(cls, root: Path, replace_damaged: bool = False) -> "Box":
        """`replace_damaged`: only for the box that starts, see Store.

        Raises edge_agent.config.NotEnrolled and DataFolderUnusable, edge_agent.store.StoreUnavailable.
        """
        folder = DataFolder(root)
        identity = folder.load_identity()
        store = Store(folder.prepare().database, replace_damaged=replace_damaged)
        with folder.in_use():
            settings = Settings(store, folder.secrets_key)
        desired = DesiredStateKeeper(settings, identity.city)
        events = EventHub()
        health = HealthBoard(store)
        index = RecordingIndex(store, folder.recordings, health)
        authenticator = Authenticator(
            settings.secret("console-key"), EndedSessions(settings), lambda: desired.current
        )
        health.on_change(lambda camera: events.publish("camera", asdict(camera)))
        return cls(
            folder=folder,
            identity=identity,
            store=store,
            settings=settings,
            desired=desired,
            health=health,
            index=index,
            reads=PlateReads(store, folder.images),
            plates=PlateSearch(store, folder.images),
            quarantine=Quarantine(store),
            watch_hits=WatchHits(store),
            outbox=outbox.Outbox(store),
            authenticator=authenticator,
            events=events,
            live=LiveDesk(desired, authenticator.holds),
            playback=PlaybackDesk(index, authenticator.holds),
            thumbnails=Thumbnails(index, folder.thumbnails),
            looks=Looks(),
            holds=Holds(settings),
            alarms=Alarms(store),
            trail=AuditTrail(store),
            clips=ClipDesk(
                store,
                index,
                folder,
                identity,
                desired.camera_name,
                lambda clip: events.publish(
                    "clip", {"id": clip.id, "state": clip.state, "progress": clip.progress}
                ),
            ),
        )

    def disk(self) -> tuple[int, int]:
        """Free and total bytes of the disk that holds the recordings."""
        usage = shutil.disk_usage(self.folder.root)
        return usage.free, usage.total

    def working_state(self) -> WorkingState:
        """What a new version of the software must be able to do as well."""
        desired = self.desired.current
        cameras = desired.cameras if desired else []
        recorded = sum(self.health.of(camera.id).state == "online" for camera in cameras)
        return WorkingState(recorded, self.online_with_hub)

    def camera_name(self, camera_id: str) -> str:
        """The name of a camera, also of one that was removed; its id when it was never known."""
        return self.desired.camera_name(camera_id)

    def audit(self, actor: str, action: str, target: str = "", purpose: str = "") -> None:
        """Record what a person did here; it reaches the hub's audit trail."""
        self.trail.record(actor, action, target, purpose)
