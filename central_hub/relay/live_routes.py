"""What viewers of a live camera ask a relay: WHEP (draft-ietf-wish-whep) and HLS, below `/v1/live/{token}/`.

As at the box's own console: a key in the path, so that a playlist's relative URIs carry it. It is good for
one camera, and for the qualities that the hub let its viewer have.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from central_hub.relay.announcing import announced
from central_hub.relay.live import LiveFeed, LiveFeeds
from central_hub.relay.tokens import Audience, InvalidToken, SessionToken, verify
from central_hub.relay.uplinks import Uplinks
from central_hub.relay.watching import Watching
from passthrough.errors import LiveUnavailable
from passthrough.whep import MAX_OFFER_BYTES, SDP, resolve_browser
from protocol.uplink import ADAPTIVE_PLAYLIST, Head, InvalidRange, Quality, parse_range

_NO_STORE = {"Cache-Control": "no-store"}
_FILE = re.compile(r"(?:[A-Za-z0-9_-]{1,20}/)?[A-Za-z0-9_-]{1,100}\.(?:m3u8|mp4|m4s|ts)")
MAX_QUERY = 500

ENDED = "A caixa encerrou a transmissão."


class LiveDoor:
    """Lets viewers in: who has a token of a camera gets its feed."""

    def __init__(self, secret: str, uplinks: Uplinks, feeds: LiveFeeds, watching: Watching) -> None:
        self._secret = secret
        self._uplinks = uplinks
        self._watching = watching
        self.feeds = feeds

    async def viewer(self, token: str, *qualities: Quality) -> SessionToken:
        """Raises InvalidToken, redis.RedisError."""
        shown = verify(self._secret, Audience.LIVE_VIEWER, token)
        if not shown.qualities.issuperset(qualities):
            raise InvalidToken("not of this quality")
        if await self._watching.has_ended(shown.session):
            raise InvalidToken("ended by the hub")
        await self._watching.note(shown.session)
        return shown

    async def feed(self, viewer: SessionToken) -> LiveFeed:
        """The camera's feed, waited for where its box may be dialling. Raises BoxSilent, LiveUnavailable."""
        feed = self.feeds.get(viewer.uplink)
        if feed is None:
            if not await self._watching.box_may_dial(viewer.uplink):
                # Gone: who asks the hub again has the box asked again.
                raise LiveUnavailable(ENDED, HTTPStatus.GONE)
            await self._uplinks.find(viewer.uplink)
            feed = self.feeds.get(viewer.uplink)
        if feed is None:
            raise LiveUnavailable(ENDED, HTTPStatus.GONE)
        return feed


def live_routes(door: LiveDoor, public_address: str) -> APIRouter:
    """`public_address`: what browsers are told beside the relay's own; may be empty."""
    router = APIRouter(prefix="/v1/live/{token}")

    @router.post("/{quality}/whep")
    async def offer(token: str, quality: Quality, request: Request) -> Response:
        viewer = await door.viewer(token, quality)
        sdp = await _read_offer(request)
        door.feeds.require_room()
        feed = await door.feed(viewer)
        answer = await feed.offer(viewer, quality, sdp)
        headers = {"Location": f"whep/{answer.resource_id}", **_NO_STORE}
        shown = announced(answer.sdp, public_address) if public_address else answer.sdp
        return Response(shown, HTTPStatus.CREATED, headers, SDP)

    @router.delete("/{quality}/whep/{resource_id}")
    async def hang_up(token: str, quality: Quality, resource_id: str) -> Response:
        """Also with a token that has died meanwhile: the id is a secret of the viewer."""
        await door.feeds.hang_up(resource_id)
        return Response(status_code=HTTPStatus.OK)

    @router.get(f"/{ADAPTIVE_PLAYLIST}")
    async def adaptive(token: str) -> Response:
        viewer = await door.viewer(token, "main", "sub")
        head, body = await (await door.feed(viewer)).file(ADAPTIVE_PLAYLIST, "", "")
        return Response(body, head.status, _NO_STORE, head.content_type)

    @router.get("/{quality}/{file:path}")
    async def hls(
        token: str,
        quality: Quality,
        file: str,
        request: Request,
        range_: Annotated[str, Header(alias="Range")] = "",
    ) -> Response:
        viewer = await door.viewer(token, quality)
        if not _FILE.fullmatch(file) or len(request.url.query) > MAX_QUERY:
            raise LiveUnavailable("Arquivo não encontrado.")
        if range_:
            parse_range(range_)  # raises InvalidRange
        feed = await door.feed(viewer)
        head, body = await feed.file(f"{quality}/{file}", request.url.query, range_)
        return Response(body, head.status, _headers(head, range_), head.content_type)

    return router


def _headers(head: Head, byte_range: str) -> Mapping[str, str]:
    if HTTPStatus(head.status) is not HTTPStatus.PARTIAL_CONTENT:
        return _NO_STORE
    try:
        offset, length = parse_range(byte_range)
    except InvalidRange:
        return _NO_STORE
    return {"Content-Range": f"bytes {offset}-{offset + length - 1}/*", **_NO_STORE}


async def _read_offer(request: Request) -> str:
    """The body, which must be a small SDP, with the viewer's address in it. Raises LiveUnavailable."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != SDP:
        raise LiveUnavailable(f"Envie a oferta como {SDP}.", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_OFFER_BYTES:
            raise LiveUnavailable("A oferta SDP é grande demais.", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    sdp = body.decode(errors="replace")
    return resolve_browser(sdp, request.client.host) if request.client else sdp
