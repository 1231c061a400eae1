"""The payloads of the MQTT topics.

Every message is JSON, compressed with gzip (RFC 1952), and has a version `v`.
Unknown fields are ignored, so that a newer peer can add some; an unknown
version, or a field of the wrong type, raises InvalidMessage and the receiver
keeps the payload in its dead-letter table with the reason.

Times are UTC with offset (RFC 3339). Sizes are bytes, durations seconds.

    InvalidMessage (ValueError)
    ├── not gzip, too large, or not JSON of the expected shape
    └── a version this program does not know
"""

import gzip
import zlib
from datetime import datetime
from typing import Annotated, Literal, TypeVar, Union

import msgspec
from msgspec import Meta, Struct

from protocol.delivery import SeqRange
from protocol.releases import SignedRelease
from protocol.topics import CODE_PATTERN, Stream

VERSION = 1

#: A decompressed payload above this is refused: a full batch of 500 plate reads is about 300 kB.
MAX_PAYLOAD_BYTES = 8 * 1024 * 1024

#: Entries of a box's watchlist: about 3 MB of JSON, which one retained message can carry.
MAX_WATCHLIST = 20_000

UtcTime = Annotated[datetime, Meta(tz=True)]
Id = Annotated[str, Meta(min_length=1, max_length=64)]
Code = Annotated[str, Meta(pattern=CODE_PATTERN)]
Text = Annotated[str, Meta(max_length=500)]
#: Also the name of a file on the box.
ClipId = Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Version = Literal[1]


class InvalidMessage(ValueError):
    """A payload that is not a message of this protocol; the text says why."""


# --- edge -> hub, through the outbox -----------------------------------------


class ImageRef(Struct, frozen=True):
    """An evidence image that lies on the box until the hub asks for it."""

    sha256: Sha256
    size_bytes: Annotated[int, Meta(ge=1)]
    content_type: Literal["image/jpeg"] = "image/jpeg"


#: What a watchlist says of a plate; "authorised" is nobody's alarm.
WatchKind = Literal["stolen", "wanted", "authorised"]
ShortText = Annotated[str, Meta(max_length=32)]
PlateText = Annotated[str, Meta(min_length=1, max_length=16)]
Share = Annotated[float, Meta(ge=0, le=1)]


class PlateCandidate(Struct, frozen=True):
    """Another text that the camera's OCR thought possible."""

    plate: Annotated[str, Meta(min_length=1, max_length=16)]
    confidence: Share | None = None


class WatchlistHit(Struct, frozen=True):
    """A watchlist entry that a read matched, as the box knew the list at that moment."""

    entry: Id
    kind: WatchKind


class PlateRead(Struct, frozen=True):
    """One number plate as one camera read it.

    Repeats of one vehicle at one camera within seconds are reads of one group: `group` is the id
    of its first read, `group_size` counts its reads up to and including this one.
    """

    id: Id
    camera: Id
    plate: PlateText
    captured_at: UtcTime  # when it passed: the camera's clock, put right by the box's when it is off
    received_at: UtcTime  # the box's clock
    vendor: ShortText
    confidence: Share | None = None
    direction: ShortText | None = None
    lane: int | None = None
    speed_kmh: Annotated[float, Meta(ge=0, le=500)] | None = None
    vehicle_type: ShortText | None = None
    vehicle_color: ShortText | None = None
    image: ImageRef | None = None
    #: What the camera's clock said, when that cannot be true.
    camera_clock: Annotated[str, Meta(max_length=40)] | None = None
    #: What the camera's clock said; None from a camera that tells no time.
    camera_at: UtcTime | None = None
    #: Whether the camera's clock is known to be wrong.
    clock_off: bool = False
    vehicle_make: ShortText | None = None
    vehicle_model: ShortText | None = None
    #: Country and its region as the vendor names them (mostly ISO 3166: "br", "br-sp").
    country: ShortText | None = None
    region: ShortText | None = None
    candidates: Annotated[list[PlateCandidate], Meta(max_length=10)] = []
    group: Id | None = None
    group_size: Annotated[int, Meta(ge=1)] = 1
    hits: Annotated[list[WatchlistHit], Meta(max_length=20)] = []
    v: Version = 1


class CoverageSpan(Struct, frozen=True, tag_field="event", tag="recorded"):
    """Footage that the box holds: one closed recording segment."""

    camera: Id
    start: UtcTime
    end: UtcTime
    size_bytes: int
    v: Version = 1


class Purged(Struct, frozen=True, tag_field="event", tag="purged"):
    """Nothing of a camera is held between these instants any more: files were deleted, or are missing.

    It speaks of what was recorded before it: of two coverage events the later number is true
    (see `Batch.oldest`). "disk-floor": deleted inside its retention, because the disk was full.
    """

    camera: Id
    start: UtcTime
    end: UtcTime
    reason: Literal["retention", "disk-floor", "missing"]
    v: Version = 1


CameraState = Literal["connecting", "online", "offline"]


class CameraStatus(Struct, frozen=True):
    """A change of a camera's state."""

    camera: Id
    state: CameraState
    at: UtcTime
    reason: Text = ""
    v: Version = 1


class AuditEvent(Struct, frozen=True):
    """What a person did at the box's own console."""

    at: UtcTime
    actor: Text
    action: Text
    target: Text = ""
    #: Why, where who asks for personal data must say so.
    purpose: Text = ""
    v: Version = 1


class CameraAdded(Struct, frozen=True):
    """A camera that was added at the box, for the hub to adopt under the id that the box gave it.

    The address comes without user and password: those stay on the box (see docs/adr/0013).
    """

    id: Id
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    rtsp_url: Annotated[str, Meta(max_length=1000)]
    at: UtcTime
    actor: Text
    sub_rtsp_url: Annotated[str, Meta(max_length=1000)] = ""
    v: Version = 1


class OutboxEvent(Struct, frozen=True):
    """One event of an outbox stream; `data` is decoded on its own, so that one bad event spoils no other."""

    seq: Annotated[int, Meta(ge=1)]
    data: msgspec.Raw


class Batch(Struct, frozen=True):
    """What an outbox stream publishes.

    `oldest` is the lowest number that waits in the box's outbox: below it there is nothing
    that the hub does not hold. Whoever must know the order of events, knows from it and from
    what was received when no earlier one can come any more.
    """

    events: Annotated[list[OutboxEvent], Meta(min_length=1, max_length=1000)]
    oldest: Annotated[int, Meta(ge=1)] = 1
    v: Version = 1


# --- edge -> hub, latest value only ------------------------------------------


class PlateFeed(Struct, frozen=True):
    """How a camera's plates reach its box.

    `last_read_at` is by the box's clock. `refused` counts the pushes of the last 24 hours that were
    refused and kept in quarantine, `refusal` is why the last one was, in English, as the device was told.
    `clock_off_s` is the box's clock minus the camera's where that is known to be wrong. `addresses`: the
    box's plate port on each of its networks ("10.1.2.3:8081").
    """

    last_read_at: UtcTime | None = None
    refused: Annotated[int, Meta(ge=0)] = 0
    refused_at: UtcTime | None = None
    refusal: Text = ""
    clock_off_s: int | None = None
    addresses: Annotated[list[ShortText], Meta(max_length=8)] = []


class CameraHealth(Struct, frozen=True):
    """A camera's stream as its recorder sees it. `reason` is for people (pt-BR): why it is not
    recorded, or what is wrong while it is.

    `clock_drift_ms` is the box's clock minus the camera's media clock since the stream began;
    `packets_lost` counts RTP packets, `reconnects` connections after the first, both since the
    recorder began. None, 0 and "" mean that it is not known yet. `plates`: None where it reads none.
    """

    camera: Id
    state: CameraState
    fps: float = 0.0
    bitrate_bps: int = 0
    last_packet_at: UtcTime | None = None
    reason: Text = ""
    gop_s: float | None = None
    reconnects: int = 0
    clock_drift_ms: int | None = None
    packets_lost: int = 0
    video_codec: str = ""
    audio_codec: str = ""
    width: int = 0
    height: int = 0
    plates: PlateFeed | None = None


class Alarm(Struct, frozen=True):
    """What somebody should look at now, in words for people (pt-BR). `since`: None where it is not known.

    `critical`: footage or the box's contact with the hub is being lost.
    """

    text: Text
    since: UtcTime | None = None
    critical: bool = False


#: An update's steps on the box, in order; the last three end it. "trial": the new version runs, and has not
#: shown yet that it works.
UpdateStep = Literal["downloading", "installing", "trial", "confirmed", "rolled-back", "failed"]


class UpdateReport(Struct, frozen=True):
    """How far the box is with the last InstallRelease, or how it ended, with a reason for people (pt-BR)."""

    attempt: Id
    version: ShortText
    step: UpdateStep
    reason: Text = ""


class Health(Struct, frozen=True):
    """How the box is, every few seconds, with the state it reports against the desired one.

    `differences`: what of the desired state is not so, and why; `alarms`: all else that is wrong.
    `certificate_serial` (hexadecimal): of the certificate that this very connection was made with.
    """

    at: UtcTime
    agent_version: str
    disk_free_bytes: int
    disk_total_bytes: int
    outbox_depth: int
    desired_revision: int
    #: None: the box's system does not say.
    clock_synchronised: bool | None = None
    clock_error_ms: int | None = None
    cameras: list[CameraHealth] = []
    differences: list[Text] = []
    alarms: list[Alarm] = []
    #: Of all processors, since the last message; None: not known yet.
    cpu_share: Share | None = None
    #: What the box runs on.
    system: Text = ""
    certificate_serial: Annotated[str, Meta(pattern="^[0-9a-f]{0,40}$")] = ""
    #: None: it was never told to update.
    update: UpdateReport | None = None
    v: Version = 1


class NodeStatus(Struct, frozen=True):
    """Presence: retained, and published as offline by the broker as the node's last will."""

    online: bool
    at: UtcTime
    v: Version = 1


class CertificateRequest(Struct, frozen=True):
    """The box's certificate ends before long: a request (PKCS #10) for another one, for the same key."""

    csr_pem: Annotated[str, Meta(max_length=10_000)]
    v: Version = 1


class ClipResult(Struct, frozen=True):
    """A finished clip: one ZIP with its videos and the manifest that the box signed."""

    clip: ClipId
    size_bytes: Annotated[int, Meta(ge=1)]
    sha256: Sha256
    #: The text of manifest.json; its signature lies beside it in the ZIP.
    manifest: Annotated[str, Meta(max_length=1_000_000)]


class UploadedPart(Struct, frozen=True):
    """A part that the object store took; the ETag is what completes a multipart upload."""

    number: Annotated[int, Meta(ge=1)]
    etag: Text


class Finding(Struct, frozen=True):
    """One thing that the box looked at, in words for people (pt-BR); `fix`: what to do about it."""

    subject: Text
    ok: bool
    text: Annotated[str, Meta(max_length=2000)]
    fix: Annotated[str, Meta(max_length=2000)] = ""


class StreamFacts(Struct, frozen=True):
    """What a camera's stream is like; `ok`: it can be recorded. The verdict is for people (pt-BR)."""

    ok: bool
    verdict: Text
    codec: str = ""
    width: int = 0
    height: int = 0
    fps: float = 0.0
    bitrate_bps: int = 0
    gop_s: float | None = None
    audio: str = ""
    transport: str = ""
    notes: list[Text] = []


class Reply(Struct, frozen=True):
    """The one answer to a command.

    `uploaded` answers UploadImages, `clip` MakeClip, `parts` UploadClip (also when not all went),
    `findings` RunDoctor, `log` CollectLogs, `stream` ProbeCamera.
    """

    command: Id
    ok: bool
    error: Text = ""
    uploaded: list[Id] = []
    clip: ClipResult | None = None
    parts: list[UploadedPart] = []
    findings: Annotated[list[Finding], Meta(max_length=1100)] = []
    log: Annotated[list[Annotated[str, Meta(max_length=2000)]], Meta(max_length=500)] = []
    stream: StreamFacts | None = None
    v: Version = 1


# --- hub -> edge ---------------------------------------------------------------


class Ack(Struct, frozen=True):
    """Everything the hub holds of one outbox stream: cumulative, so a lost ack costs nothing."""

    stream: Stream
    ranges: list[SeqRange]
    v: Version = 1


class RenewedCertificate(Struct, frozen=True):
    """The answer to a CertificateRequest. The old certificate stays good until this one has worked."""

    certificate_pem: Annotated[str, Meta(max_length=10_000)]
    v: Version = 1


class LprSource(Struct, frozen=True):
    """How a camera's plate reads reach the box, beside its secret.

    `vendor` is the adapter that its pushes are for; empty: the one that their address names. `ha1_md5`
    and `ha1_sha256` are `plate_cameras.ha1` of `username` (empty: the camera's id) and its secret, for
    Digest and Basic; empty: Digest is not offered. `allowed_sources` are addresses or networks (CIDR)
    that may push; empty: any. `by_address`: such an address alone says which camera it is, for
    firmwares that cannot authenticate. `pull` is for cameras that are asked, at their RTSP address's
    host and account, and `http_port`. `mapping` says where a generic push has each of
    `plate_cameras.GENERIC_FIELDS` (a dotted path), `time_format` how it writes times ("iso",
    "epoch_s", "epoch_ms", or a strptime format).
    """

    vendor: ShortText = ""
    username: Annotated[str, Meta(max_length=64)] = ""
    ha1_md5: Annotated[str, Meta(pattern="^([0-9a-f]{32})?$")] = ""
    ha1_sha256: Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")] = ""
    allowed_sources: Annotated[list[Annotated[str, Meta(max_length=64)]], Meta(max_length=32)] = []
    by_address: bool = False
    pull: Literal["", "dahua"] = ""
    http_port: Annotated[int, Meta(ge=1, le=65535)] = 80
    mapping: dict[ShortText, Annotated[str, Meta(max_length=200)]] = {}
    time_format: Annotated[str, Meta(max_length=64)] = "iso"


class DesiredCamera(Struct, frozen=True):
    """A camera as the hub wants it. The LPR secret is known to the box by its SHA-256 only.

    `sub_rtsp_url`: the smaller stream, empty where there is none. `transport` "auto" is
    TCP, and UDP when the camera refuses TCP.
    """

    id: Id
    name: Text
    rtsp_url: Annotated[str, Meta(max_length=1000)]  # carries the camera's credentials
    lpr_secret_sha256: str = ""
    sub_rtsp_url: Annotated[str, Meta(max_length=1000)] = ""
    transport: Literal["auto", "tcp", "udp"] = "auto"
    lpr: LprSource = LprSource()


class RefusedCamera(Struct, frozen=True):
    """A camera of a CameraAdded that the hub did not adopt; the reason is for people (pt-BR)."""

    id: Id
    reason: Text


class DesiredUser(Struct, frozen=True):
    """A person who may use the LAN console, with the argon2 hash of the password."""

    username: Text
    name: Text
    role: Literal["admin", "gestor", "visualizador"]
    password_hash: str


class WatchlistEntry(Struct, frozen=True):
    """A plate to look out for; `pattern` as in protocol.plates. The reason is for people (pt-BR)."""

    id: Id
    pattern: Annotated[str, Meta(min_length=1, max_length=32)]
    kind: WatchKind
    reason: Text = ""
    valid_from: UtcTime | None = None
    valid_until: UtcTime | None = None
    #: Also what OCR confuses with the plate.
    tolerant: bool = False


class PlatePolicy(Struct, frozen=True):
    """What the city decided about plate reads. A box keeps them no longer than recordings in any case."""

    retention_days: Annotated[int, Meta(ge=1, le=3650)] | None = None
    viewers_see_plates: bool = True


class DesiredState(Struct, frozen=True):
    """The whole configuration of one node; a higher revision replaces a lower one."""

    revision: int
    city: Code
    city_name: Text
    timezone: str
    retention_days: Annotated[int, Meta(ge=1, le=365)]
    cameras: list[DesiredCamera]
    users: list[DesiredUser]
    refused: list[RefusedCamera] = []
    watchlist: Annotated[list[WatchlistEntry], Meta(max_length=MAX_WATCHLIST)] = []
    plates: PlatePolicy = PlatePolicy()
    v: Version = 1


class OpenUplink(Struct, frozen=True, tag_field="do", tag="open-uplink"):
    """Dial the relay and serve one camera's footage of one period to it.

    `token` is good for one uplink connection; it goes into the WebSocket's
    Authorization header.
    """

    session: Id
    url: str
    token: str
    camera: Id
    start: UtcTime
    end: UtcTime
    expires_at: UtcTime


class OpenLive(Struct, frozen=True, tag_field="do", tag="open-live"):
    """Dial the relay and give it one camera's live video, in place of an uplink of this camera that is open.

    `token` as in OpenUplink; `uplink` names the uplink to the relay.
    """

    uplink: Id
    url: str
    token: str
    camera: Id
    expires_at: UtcTime


class ImageUpload(Struct, frozen=True):
    read: Id
    url: str  # presigned PUT


class UploadImages(Struct, frozen=True, tag_field="do", tag="upload-images"):
    """Put the images of these plate reads into the hub's object store."""

    images: Annotated[list[ImageUpload], Meta(min_length=1, max_length=200)]


class ClipSpan(Struct, frozen=True):
    """A stretch of one camera."""

    camera: Id
    start: UtcTime
    end: UtcTime


class MakeClip(Struct, frozen=True, tag_field="do", tag="make-clip"):
    """Cut a clip; the reply comes when it is finished, which may take minutes.

    The hub gives the id, so that the same order sent again (a lost reply, a box
    that restarted) finds the clip that there is instead of making another.
    """

    clip: ClipId
    spans: Annotated[list[ClipSpan], Meta(min_length=1, max_length=16)]
    reason: Text


class UploadPart(Struct, frozen=True):
    url: str  # presigned PUT
    size_bytes: Annotated[int, Meta(ge=1)]


class UploadClip(Struct, frozen=True, tag_field="do", tag="upload-clip"):
    """Put a finished clip's ZIP into the hub's object store, in these parts, one after the other.

    `upload` names one attempt at one object (S3: the multipart upload). Sent again with the
    same name and fresh addresses, only the parts that did not go yet are sent.
    """

    clip: ClipId
    upload: Annotated[str, Meta(min_length=1, max_length=1024)]
    parts: Annotated[list[UploadPart], Meta(min_length=1, max_length=1000)]


class HeldPeriod(Struct, frozen=True):
    """`until` is not in it; None: it goes on."""

    since: UtcTime
    until: UtcTime | None = None


class ErasePlate(Struct, frozen=True, tag_field="do", tag="erase-plate"):
    """Forget a plate's reads that were captured until `before`, with their pictures, but for what is held.

    `ok` says that none is left. Reads that the hub has not acknowledged stay until it has: then the
    answer is not `ok`, and the hub orders again.
    """

    spellings: Annotated[list[PlateText], Meta(min_length=1, max_length=2)]
    before: UtcTime
    kept: Annotated[list[HeldPeriod], Meta(max_length=1000)] = []


class RunDoctor(Struct, frozen=True, tag_field="do", tag="run-doctor"):
    """Examine the box, as `gtv edge doctor` does; the reply has `findings`."""


class CollectLogs(Struct, frozen=True, tag_field="do", tag="collect-logs"):
    """The newest lines of the agent's log since it started; the reply has `log`."""


class ProbeCamera(Struct, frozen=True, tag_field="do", tag="probe-camera"):
    """Open a camera's stream as the recorder would, and say what it is like; the reply has `stream`."""

    camera: Id


class RestartAgent(Struct, frozen=True, tag_field="do", tag="restart-agent"):
    """Start the agent anew after the reply; recording pauses for seconds."""


class InstallRelease(Struct, frozen=True, tag_field="do", tag="install-release"):
    """Fetch a release, try it, and keep it if it works; else go back (docs/adr/0063).

    The reply only says whether the box begins; how it goes on is in Health.update. The same attempt
    sent again, with a fresh address, is taken up where it was, or is no news when it has ended.
    `allow_older`: also a version older than the one that runs.
    """

    attempt: Id
    release: SignedRelease
    url: Annotated[str, Meta(max_length=4000)]  # presigned GET
    allow_older: bool = False


#: What people order of a box; the rest is the hub's own business.
TechnicianAction = RunDoctor | CollectLogs | ProbeCamera | RestartAgent

Action = (
    OpenUplink
    | OpenLive
    | UploadImages
    | MakeClip
    | UploadClip
    | ErasePlate
    | InstallRelease
    | TechnicianAction
)


class Command(Struct, frozen=True):
    """An order with a deadline; it gets exactly one Reply."""

    id: Id
    deadline: UtcTime
    requester: Text
    action: Action
    v: Version = 1


PAYLOADS: dict[Stream, type[Struct]] = {
    Stream.CAMERA_ADDED: Batch,
    Stream.LPR: Batch,
    Stream.COVERAGE: Batch,
    Stream.CAMERA_STATUS: Batch,
    Stream.AUDIT: Batch,
    Stream.HEALTH: Health,
    Stream.REPLY: Reply,
    Stream.STATUS: NodeStatus,
    Stream.ACK: Ack,
    Stream.DESIRED: DesiredState,
    Stream.CMD: Command,
    Stream.CERTIFICATE_REQUEST: CertificateRequest,
    Stream.CERTIFICATE: RenewedCertificate,
}

#: What `OutboxEvent.data` holds, by stream: one of these.
EVENTS: dict[Stream, tuple[type[Struct], ...]] = {
    Stream.CAMERA_ADDED: (CameraAdded,),
    Stream.LPR: (PlateRead,),
    Stream.COVERAGE: (CoverageSpan, Purged),
    Stream.CAMERA_STATUS: (CameraStatus,),
    Stream.AUDIT: (AuditEvent,),
}

_encoder = msgspec.json.Encoder()

M = TypeVar("M", bound=Struct)


def encode(message: Struct) -> bytes:
    """One message as a payload (gzip of JSON)."""
    return gzip.compress(_encoder.encode(message), compresslevel=6, mtime=0)


def encode_event(event: Struct) -> bytes:
    """One outbox event as it is stored and as `OutboxEvent.data` carries it (plain JSON)."""
    return _encoder.encode(event)


def decode(payload: bytes, kind: type[M]) -> M:
    """The message of this kind in a payload. Raises InvalidMessage."""
    return _decode_json(_inflate(payload), kind)


def decode_event(data: bytes | msgspec.Raw, *kinds: type[M]) -> M:
    """The event in an `OutboxEvent.data`, of one of these kinds. Raises InvalidMessage."""
    return _decode_json(data, *kinds)


def _inflate(payload: bytes) -> bytes:
    """Decompress, refusing what would not fit in memory (a gzip bomb)."""
    inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        text = inflater.decompress(payload, MAX_PAYLOAD_BYTES)
    except zlib.error as error:
        raise InvalidMessage(f"payload is not gzip: {error}") from None
    if inflater.unconsumed_tail:
        raise InvalidMessage(f"payload is larger than {MAX_PAYLOAD_BYTES} bytes")
    if not inflater.eof:
        raise InvalidMessage("payload ends in the middle of its gzip stream")
    return text


def _decode_json(text: bytes | msgspec.Raw, *kinds: type[M]) -> M:
    try:
        decoded: M = msgspec.json.decode(text, type=Union[kinds])  # noqa: UP007 - of a tuple
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        names = " or ".join(kind.__name__ for kind in kinds)
        raise InvalidMessage(f"not a {names} this program understands: {error}") from None
    return decoded
