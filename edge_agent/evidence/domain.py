"""A clip: what was asked for, how far it is, and what came of it. Instants are microseconds UTC."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from edge_agent.recording.domain import GAP_US, Span

MAX_SPANS = 16
MAX_TOTAL_US = 6 * 3600 * 1_000_000
#: Clips waiting or being made at once: more than a shift of guards asks for.
MAX_UNFINISHED = 20

#: How the reason of a clip's hold on its footage begins; a person's begins with a name and a colon.
CLIP_HOLD = "clip "

State = Literal["queued", "running", "done", "failed"]
UNFINISHED: tuple[State, ...] = ("queued", "running")


class ClipRefused(ValueError):
    """A clip that cannot be made as it was asked for; the text (Portuguese) says why."""


class NoSuchClip(Exception):
    """The clip does not exist, or not any more."""


class ClipSpan(Struct, frozen=True):
    """A stretch of one camera."""

    camera: str
    start_us: int
    end_us: int


class ClipFile(Struct, frozen=True):
    """One continuous video of a clip."""

    name: str
    camera: str
    start_us: int
    end_us: int
    size_bytes: int
    sha256: str


class SentPart(Struct, frozen=True):
    """A stretch of a clip's ZIP that the hub's object store took."""

    number: int
    offset: int
    size_bytes: int
    etag: str


class Clip(Struct, frozen=True):
    """`progress` is from 0 to 1; `gaps` are the parts of `spans` that no footage exists of.

    `sent` is what the hub's object store has, by the name of the upload.
    """

    id: str
    created_us: int
    requester: str
    reason: str
    spans: tuple[ClipSpan, ...]
    state: State = "queued"
    progress: float = 0.0
    error: str = ""
    holds: tuple[int, ...] = ()
    files: tuple[ClipFile, ...] = ()
    gaps: tuple[ClipSpan, ...] = ()
    size_bytes: int = 0
    sha256: str = ""
    sent: dict[str, tuple[SentPart, ...]] = {}


def check_spans(spans: Sequence[ClipSpan], now_us: int) -> None:
    """Raises ClipRefused."""
    if not 1 <= len(spans) <= MAX_SPANS:
        raise ClipRefused(f"Um recorte tem de 1 a {MAX_SPANS} trechos.")
    if any(span.start_us >= span.end_us for span in spans):
        raise ClipRefused("O início de cada trecho precisa ser antes do fim.")
    if any(span.end_us > now_us for span in spans):
        raise ClipRefused("O trecho ainda não terminou: escolha um fim que já passou.")
    if sum(span.end_us - span.start_us for span in spans) > MAX_TOTAL_US:
        raise ClipRefused(f"Um recorte tem no máximo {MAX_TOTAL_US // 3_600_000_000} horas ao todo.")


def gaps(wanted: ClipSpan, recorded: Sequence[Span], gap_us: int = GAP_US) -> list[ClipSpan]:
    """The parts of a span longer than `gap_us` that no footage exists of; `recorded` is in time order."""
    missing: list[ClipSpan] = []
    at_us = wanted.start_us
    for span in [*recorded, Span(wanted.end_us, wanted.end_us)]:
        until_us = min(span.start_us, wanted.end_us)
        if until_us - at_us > gap_us:
            missing.append(ClipSpan(wanted.camera, at_us, until_us))
        at_us = max(at_us, span.end_us)
    return missing
