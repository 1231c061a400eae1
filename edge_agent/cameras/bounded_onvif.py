"""An ONVIF client that reads no more of an answer than an answer has.

The library reads whatever comes, for as long as it comes, decompressed, and lifts libxml2's limits. What
it is given here is plain, at most MAX_ANSWER_BYTES, nested no deeper than libxml2 allows (256), and
without a DOCTYPE, so without entities. How long all of it may take is its caller's business.
"""

from typing import Any

import aiohttp
from onvif import ONVIFCamera
from onvif.client import ONVIFService

#: A recorder tells the profiles of 64 channels in about 400 kB.
MAX_ANSWER_BYTES = 2 << 20


class AnswerTooLarge(ValueError):
    """More than an answer has, or compressed, though that was not asked for."""


class BoundedCamera(ONVIFCamera):  # type: ignore[misc]
    """As the library's."""

    async def create_onvif_service(self, *args: Any, **kwargs: Any) -> ONVIFService:
        service = await super().create_onvif_service(*args, **kwargs)
        if not isinstance(service.transport.session, _BoundedSession):
            service.transport.session = _BoundedSession(service.transport.session)
            for client in (service.zeep_client, service.zeep_client_authless):
                client.settings.xml_huge_tree, client.settings.forbid_dtd = False, True
        return service


class _BoundedSession:
    """What the library's transport uses of an aiohttp session."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    @property
    def closed(self) -> bool:
        return self._session.closed

    async def post(self, address: str, *, headers: dict[str, str], **kwargs: Any) -> "_BoundedAnswer":
        """Raises aiohttp.ClientError, TimeoutError."""
        plain = {**headers, "Accept-Encoding": "identity"}
        return _BoundedAnswer(
            await self._session.request("POST", address, headers=plain, auto_decompress=False, **kwargs)
        )


class _BoundedAnswer:
    """What the library's transport uses of an aiohttp response."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    def __getattr__(self, name: str) -> Any:
        return getattr(self._response, name)

    async def read(self) -> bytes:
        """Raises AnswerTooLarge, aiohttp.ClientError, TimeoutError."""
        content = bytearray()
        async with self._response:
            if self._response.headers.get("Content-Encoding", "identity").lower() != "identity":
                self._response.close()
                raise AnswerTooLarge("compressed")
            async for part in self._response.content.iter_chunked(16_384):
                content += part
                if len(content) > MAX_ANSWER_BYTES:
                    self._response.close()
                    raise AnswerTooLarge(f"more than {MAX_ANSWER_BYTES} bytes")
        return bytes(content)
