"""Structured logs: one JSON object a line, on standard error, and no credential in any of them.

The code does not log credentials; what a library puts into a message or a
traceback is nobody's promise. So everything, ours and the standard library's,
passes one filter before it is written.
"""

import logging
import re
import sys
from collections import deque
from collections.abc import Mapping
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

HIDDEN = "***"

#: A field with such a name is a secret, whatever it holds.
_SECRET_FIELD = re.compile(r"passw|senha|secret(?!ary)|token|authorization|cookie|private_key", re.IGNORECASE)

#: What a secret looks like inside a text, and what is written in its place. Rather too much than too
#: little: a password may hold any sign, so what stands before the last @ of a URL is hidden.
_SECRET_TEXT: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"://[^\s\"'<>]*@"), f"://{HIDDEN}@"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w+/=.~-]{6,}"), rf"\1 {HIDDEN}"),
    (re.compile(r"(?i)\bdigest\s+\w+=.*"), f"Digest {HIDDEN}"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), HIDDEN),  # JWT
    (re.compile(r"\$argon2[^\s\"']*"), HIDDEN),
    (
        re.compile(r"(?i)([\w-]*(?:token|signature|credential|passw(?:or)?d|senha|secret))=[^&\s\"']+"),
        rf"\1={HIDDEN}",
    ),
    (re.compile(r"/live/[^/\s\"']{16,}/"), f"/live/{HIDDEN}/"),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*-----|$)", re.DOTALL), HIDDEN),
)

_DEEPEST = 5

#: The newest lines, for a technician far away (protocol.messages.CollectLogs says how many and how long). Not
#: those of each event (debug), which would leave him minutes of a busy box.
MAX_LINE = 2000
recent: deque[str] = deque(maxlen=500)


def configure() -> None:
    """Send structlog and the standard library's logging to one JSON stream."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Processor] = [
        structlog.processors.format_exc_info,
        redact,
        structlog.processors.JSONRenderer(ensure_ascii=False),
        _remember,
    ]
    structlog.configure(
        processors=[*shared, *last],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.captureWarnings(True)


def redact(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """A structlog processor: hides secrets by the name of their field and by their look."""
    return {name: _hide_field(name, value, 0) for name, value in event.items()}


def hide(text: str) -> str:
    """A text without the secrets that it can be seen to hold."""
    for pattern, instead in _SECRET_TEXT:
        text = pattern.sub(instead, text)
    return text


def _remember(_logger: object, method: str, rendered: Any) -> Any:
    """The last processor: what it is given has no secrets any more."""
    if method != "debug":
        recent.append(str(rendered)[:MAX_LINE])
    return rendered


def _hide_field(name: object, value: object, depth: int) -> object:
    return HIDDEN if _SECRET_FIELD.search(str(name)) and value else _hide(value, depth)


def _hide(value: object, depth: int) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if depth < _DEEPEST and isinstance(value, Mapping):
        return {str(key): _hide_field(key, inner, depth + 1) for key, inner in value.items()}
    if depth < _DEEPEST and isinstance(value, list | tuple | set | frozenset):
        return [_hide(inner, depth + 1) for inner in value]
    return hide(str(value))
