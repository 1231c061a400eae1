"""Clips for the hub: made when it asks, and put into its object store.

Both orders may come again, with the same names, after a lost reply or a restart of
the box: a clip that exists is not made twice, and a part that the object store has
taken is not sent twice. A part counts as taken when its ETag is committed here; a
crash between the two sends that one part again, which replaces it.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

import httpx
import structlog

from edge_agent.clock import to_us
from edge_agent.evidence.archive import Stretch
from edge_agent.evidence.domain import Clip, ClipRefused, ClipSpan, NoSuchClip, SentPart
from edge_agent.evidence.services import ClipDesk
from protocol.messages import ClipResult, MakeClip, Reply, UploadClip, UploadedPart

log = structlog.get_logger()

#: For each step of a transfer, not for the whole of it: a part may be long and a city's line slow.
STEP_TIMEOUT_S = 60.0

Audit = Callable[[str, str, str], None]  # actor, action, target


class HubClips:
    """Carries out the hub's commands about clips; the text of a refusal goes into the reply."""

    def __init__(self, desk: ClipDesk, audit: Audit) -> None:
        self._desk = desk
        self._audit = audit

    async def make(self, command_id: str, requester: str, order: MakeClip) -> Reply:
        """Make a clip and answer when it is finished."""
        refused = partial(Reply, command=command_id, ok=False)
        spans = [ClipSpan(span.camera, to_us(span.start), to_us(span.end)) for span in order.spans]
        try:
            ordered = await asyncio.to_thread(self._desk.order, requester, order.reason, spans, order.clip)
            await asyncio.to_thread(self._audit, requester, "hub.clip.order", ordered.id)
            self._desk.wake()
            clip = await self._desk.finished(ordered.id)
        except ClipRefused as error:
            return refused(error=str(error))
        except NoSuchClip:
            return refused(error="O recorte foi apagado na caixa antes de ficar pronto.")
        if clip.state == "failed":
            return refused(error=clip.error)
        manifest = await asyncio.to_thread(self._desk.manifest, clip.id)
        result = ClipResult(clip=clip.id, size_bytes=clip.size_bytes, sha256=clip.sha256, manifest=manifest)
        return Reply(command=command_id, ok=True, clip=result)

    async def upload(self, command_id: str, requester: str, order: UploadClip) -> Reply:
        """Send what has not been sent yet; answers with every part that the object store has."""
        try:
            clip = await asyncio.to_thread(self._desk.get, order.clip)
        except NoSuchClip:
            return Reply(command=command_id, ok=False, error="no such clip")
        if error := _mismatch(clip, order):
            return Reply(command=command_id, ok=False, error=error)
        await asyncio.to_thread(self._audit, requester, "hub.clip.upload", clip.id)
        parts, error = await self._send(clip, order)
        return Reply(command=command_id, ok=not error, error=error, parts=parts)

    async def _send(self, clip: Clip, order: UploadClip) -> tuple[list[UploadedPart], str]:
        """The parts that are in the object store, and why not all are."""
        sent = {(part.number, part.offset, part.size_bytes): part for part in clip.sent.get(order.upload, ())}
        file = self._desk.file(clip.id)
        parts: list[UploadedPart] = []
        offset = 0
        async with httpx.AsyncClient(timeout=STEP_TIMEOUT_S) as client:
            for number, wanted in enumerate(order.parts, 1):
                part = sent.get((number, offset, wanted.size_bytes))
                if part is None:
                    etag = await _put(client, wanted.url, file, offset, wanted.size_bytes)
                    if etag is None:
                        return parts, f"part {number} of {len(order.parts)} could not be uploaded"
                    part = SentPart(number, offset, wanted.size_bytes, etag)
                    await asyncio.to_thread(self._desk.part_sent, clip.id, order.upload, part)
                parts.append(UploadedPart(number=number, etag=part.etag))
                offset += wanted.size_bytes
        return parts, ""


def _mismatch(clip: Clip, order: UploadClip) -> str:
    """Why these parts cannot be this clip; empty when they can."""
    if clip.state != "done":
        return f"the clip is {clip.state}, not done"
    ordered_bytes = sum(part.size_bytes for part in order.parts)
    if ordered_bytes != clip.size_bytes:
        return f"the parts are {ordered_bytes} bytes, the clip is {clip.size_bytes}"
    return ""


async def _put(client: httpx.AsyncClient, url: str, file: Path, offset: int, size_bytes: int) -> str | None:
    """PUT a stretch of a file; its ETag, or None when it did not go."""
    # With its length said beforehand: S3 takes no chunked transfer.
    headers = {"Content-Type": "application/zip", "Content-Length": str(size_bytes)}
    try:
        response = await client.put(url, content=Stretch(file, offset, size_bytes).chunks(), headers=headers)
        response.raise_for_status()
    except (OSError, httpx.HTTPError, httpx.InvalidURL) as error:
        # The exception's text may hold the presigned URL, which is a credential.
        log.warning("clip_part_failed", clip=file.stem, offset=offset, error=type(error).__name__)
        return None
    return str(response.headers.get("ETag", ""))
