"""A plate read as the box understands it, whatever the vendor.

LprError
├── MalformedPush   the payload is not what the vendor documents (4xx, quarantined)
└── NoPlate         a well-formed push that holds no plate (accepted, nothing to keep)
    └── PlateMissing    nothing where the vendor's form has the plate (accepted, quarantined)
"""

from dataclasses import dataclass

from protocol.messages import PlateCandidate
from protocol.plates import MAX_PLATE, normalise

#: What a camera sends when it saw a vehicle but could not read its plate.
_UNREAD = {"", "UNKNOWN", "UNKNOW", "NOPLATE", "NOTDETECTED", "NOTREAD", "0000000", "NONE", "NULL"}
#: A camera keeps reads while its network is down, and pushes them afterwards.
OLDEST_PUSH_US = 7 * 86_400_000_000
#: Clocks without NTP drift apart; more than this is a wrong date.
MAX_AHEAD_US = 300_000_000
#: A vendor's id of an event, as the box keeps it.
MAX_EVENT = 200


class LprError(Exception):
    """A push that gives no plate read."""


class MalformedPush(LprError):
    """The payload is not of the vendor's form; the text says what is wrong and where."""


class NoPlate(LprError):
    """The camera saw a vehicle but read no plate."""


class PlateMissing(NoPlate):
    """There is nothing, or no text, where the vendor's form has the plate.

    A firmware may call it otherwise: what it sent is kept for a technician. It is accepted all the same,
    since one that leaves the field out for unread plates would repeat the push for ever.
    """


@dataclass(frozen=True, slots=True)
class VendorRead:
    """One read as a vendor's adapter extracts it from a push.

    `event` is the vendor's own id of the event: a device repeats a push until it
    is answered, and the id is how the repeat is recognised. `track` is the vendor's
    id of the vehicle, where it tells of one vehicle several times. `captured_us` is the
    camera's clock, microseconds UTC (None: it said none, or `clock_text`, which nobody
    understands); confidence is 0 to 1.
    """

    vendor: str
    event: str
    plate: str
    captured_us: int | None = None
    clock_text: str | None = None
    track: str | None = None
    confidence: float | None = None
    direction: str | None = None
    lane: int | None = None
    speed_kmh: float | None = None
    vehicle_type: str | None = None
    vehicle_make: str | None = None
    vehicle_model: str | None = None
    vehicle_color: str | None = None
    country: str | None = None
    region: str | None = None
    candidates: tuple[PlateCandidate, ...] = ()
    image_jpeg: bytes | None = None


def normalise_plate(*texts: object) -> str:
    """Upper-case letters and digits alone, of the first that is a plate. Raises NoPlate, MalformedPush."""
    # A plate of digits alone may come as a number.
    given = [str(text) for text in texts if isinstance(text, str | int) and not isinstance(text, bool)]
    if not given:
        raise PlateMissing("no plate where the vendor's form has it")
    plate = next((plate for plate in map(normalise, given) if plate not in _UNREAD), None)
    if plate is None:
        raise NoPlate(f"no plate in {given[0]!r}")
    if len(plate) > MAX_PLATE:
        raise MalformedPush(f"plate of {len(plate)} characters; at most {MAX_PLATE} make sense")
    return plate


def clock_is_off(captured_us: int, received_us: int) -> bool:
    """Whether a camera's time cannot be true: in the future, or older than any push that was repeated.

    A camera whose battery is dead says 1970. Its reads are kept at the box's
    time, or nobody would find them.
    """
    return not -OLDEST_PUSH_US <= captured_us - received_us <= MAX_AHEAD_US
