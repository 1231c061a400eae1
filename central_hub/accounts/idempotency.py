"""A request that creates something may be sent again: the same key creates it once.

`Idempotency-Key`, as the IETF draft of that name has it: a caller's key is good for one request. The
answer is kept with what was created, in one transaction: there is never one without the other. A second
request with the key waits for the first one's transaction, and gets its answer. What failed has created
nothing, is not kept, and may be sent again.

Answers hold secrets that are shown once (a camera's, a webhook's). Kept ones are sealed with the key
that the caller sent, of which only a digest is kept: the database alone opens none of them.
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from central_hub.accounts.models import AnsweredRequest
from central_hub.api import caller_of
from central_hub.kernel import InvalidInput, KeyReused

KEPT = timedelta(hours=24)

#: Visible ASCII, as a UUID is; longer than anybody needs.
_LONGEST = 200

Handler = Callable[..., Response]


def once(handler: Handler) -> Handler:
    """A view's method that creates: the same request under the same key does so once."""

    @wraps(handler)
    def answered(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return handler(view, request, *args, **kwargs)
        _check(key)
        return _answer(key, request, lambda: handler(view, request, *args, **kwargs))

    answered.once = True  # type: ignore[attr-defined]  # central_hub.openapi reads it
    return answered


def forget_old() -> int:
    """Delete what is kept no longer; how many."""
    gone, _ = AnsweredRequest.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return gone


def _check(key: str) -> None:
    if not 0 < len(key) <= _LONGEST or not all("!" <= sign <= "~" for sign in key):
        raise InvalidInput("Idempotency-Key inválida: envie um UUID.", code="idempotency-key-invalid")


@transaction.atomic
def _answer(key: str, request: Request, handle: Callable[[], Response]) -> Response:
    caller, now = caller_of(request), timezone.now()
    mine = AnsweredRequest.objects.filter(user_id=caller.pk, key_sha256=_digest(key.encode()))
    mine.filter(at__lt=now - KEPT).delete()
    # A first request that is still on its way is waited for here, by the constraint's lock.
    row, new = mine.get_or_create(
        defaults={
            "user_id": caller.pk,
            "key_sha256": _digest(key.encode()),
            "request_sha256": _of_request(request),
            "at": now,
        }
    )
    if new:
        answer = handle()
        row.answer = _sealed(key, answer)
        row.save(update_fields=["answer"])
        return answer
    if row.request_sha256 != _of_request(request):
        raise KeyReused("Esta Idempotency-Key já foi usada em outro pedido. Use uma nova para cada pedido.")
    return _opened(key, bytes(row.answer))


def _of_request(request: Request) -> str:
    asked = f"{request.method} {request.get_full_path()}\n".encode()
    return _digest(asked + request._request.body)


def _sealed(key: str, answer: Response) -> bytes:
    kept = {"status": answer.status_code, "headers": dict(answer.headers), "data": answer.data}
    return _seal(key).encrypt(JSONRenderer().render(kept))


def _opened(key: str, sealed: bytes) -> Response:
    kept = json.loads(_seal(key).decrypt(sealed))
    headers = {**kept["headers"], "Idempotent-Replayed": "true"}
    return Response(kept["data"], status=kept["status"], headers=headers)


def _seal(key: str) -> Fernet:
    secret = hmac.new(settings.SECRET_KEY.encode(), f"gtv.once {key}".encode(), "sha256").digest()
    return Fernet(urlsafe_b64encode(secret))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
