"""MediaMTX's HTTP auth hook: who may do what, answered from memory.

MediaMTX asks from inside the loop that owns all its paths, so a slow answer stalls
every camera: nothing here asks the hub or MediaMTX, passwords are checked (argon2,
about 50 ms) at most GUESSES wrong ones in GUESS_WINDOW_S, and a right one is remembered.
Nobody may publish: cameras are pulled.
"""

import asyncio
import hashlib
import hmac
import secrets
import time
from collections import deque
from collections.abc import Callable
from http import HTTPStatus

import msgspec
from fastapi import FastAPI, Request, Response

from edge_agent.mediamtx.config import Credential

MAX_BODY_BYTES = 16 * 1024
REMEMBER_S = 300.0
MAX_REMEMBERED = 1000
GUESSES = 20
GUESS_WINDOW_S = 10.0

_AGENT_ACTIONS = {"read", "api", "metrics"}


class Question(msgspec.Struct, frozen=True):
    """What MediaMTX asks; fields that it adds later are ignored."""

    action: str
    user: str = ""
    password: str = ""
    path: str = ""
    protocol: str = ""


class Gate:
    """Decides. `verify` checks a person's name and password, slowly; `stored_hash` gives the
    password hash that the box holds for a name, empty when nobody has it."""

    def __init__(
        self,
        credential: Credential,
        verify: Callable[[str, str], bool],
        stored_hash: Callable[[str], str],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._credential = credential
        self._verify = verify
        self._stored_hash = stored_hash
        self._monotonic = monotonic
        self._key = secrets.token_bytes(32)
        self._known: dict[bytes, float] = {}
        self._wrong: deque[float] = deque(maxlen=GUESSES)

    async def allows(self, question: Question) -> bool:
        if question.user == self._credential.user:
            right = hmac.compare_digest(question.password.encode(), self._credential.password.encode())
            return right and question.action in _AGENT_ACTIONS
        # Only RTSP is open to the LAN; HLS and WHEP come through the console, as the agent.
        if question.action != "read" or question.protocol != "rtsp" or not question.user:
            return False
        return await self._is_person(question.user, question.password)

    async def _is_person(self, user: str, password: str) -> bool:
        if not (stored := self._stored_hash(user)):
            return False
        # With the stored hash in it, a person who left or changed the password is not remembered.
        proof = hmac.digest(self._key, f"{user}\0{stored}\0{password}".encode(), hashlib.sha256)
        now_mono = self._monotonic()
        if self._known.get(proof, 0.0) > now_mono:
            return True
        if len(self._wrong) == GUESSES and now_mono - self._wrong[0] < GUESS_WINDOW_S:
            return False
        if not await asyncio.to_thread(self._verify, user, password):
            self._wrong.append(now_mono)
            return False
        if len(self._known) >= MAX_REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[proof] = now_mono + REMEMBER_S
        return True


def create_hook(gate: Gate, secret: str) -> FastAPI:
    """The hook's own application, on loopback at a path that only MediaMTX knows.

    A refusal is 401 also without credentials: a player's first RTSP request has none,
    and 401 makes MediaMTX ask it for them.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.post("/{path}")
    async def ask(path: str, request: Request) -> Response:
        if not hmac.compare_digest(path.encode(), secret.encode()):
            return Response(status_code=HTTPStatus.NOT_FOUND)
        if int(request.headers.get("content-length", MAX_BODY_BYTES + 1)) > MAX_BODY_BYTES:
            return Response(status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            question = msgspec.json.decode(await request.body(), type=Question)
        except msgspec.MsgspecError:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        allowed = await gate.allows(question)
        return Response(status_code=HTTPStatus.OK if allowed else HTTPStatus.UNAUTHORIZED)

    return app
