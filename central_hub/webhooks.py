"""How an alert is posted to a city's own system: signed, to public addresses only, again until it is taken.

The body is signed as `X-GTV-Signature: t=<Unix time>,v1=<hex>`, the HMAC-SHA256 of `<t>.<body>`
with the webhook's secret: the receiver knows that it is ours, and by the time that it is no
replay. The host is resolved once, checked, and that very address is connected to, so that a
name cannot point elsewhere between the check and the call (SSRF, DNS rebinding). Redirects
are not followed.
"""

import hashlib
import hmac
import ipaddress
import socket
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

import httpx
from django.utils import timezone

from central_hub.kernel import InvalidInput

#: Waits after each failed attempt; after the last one the alert is given up: it would be no news.
WAITS = tuple(timedelta(seconds=s) for s in (1, 5, 30, 120, 600, 3600, 6 * 3600))

#: A receiver that has not answered several alerts in a row is left alone for so long at most.
REST_AT_MOST = timedelta(minutes=2)

#: An alert is there within two seconds or tried again; a slow receiver must not hold up others'.
ANSWER_WITHIN_S = 5.0


class NotDelivered(Exception):
    """The alert did not arrive; the text says why, without addresses of ours."""


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many failures; None: never."""
    return now + WAITS[attempts - 1] if attempts <= len(WAITS) else None


class Delivery(Protocol):
    """A row of something on its way. `next_at` None: delivered, or given up."""

    attempts: int
    next_at: datetime | None
    delivered_at: datetime | None
    last_error: str


def failed(delivery: Delivery, error: Exception, now: datetime) -> None:
    """Note an attempt that failed, and when the next one is due."""
    delivery.attempts += 1
    delivery.last_error = str(error)[:200]
    delivery.next_at = next_attempt(delivery.attempts, now)


def delivered(delivery: Delivery) -> None:
    delivery.attempts += 1
    delivery.delivered_at, delivery.next_at, delivery.last_error = timezone.now(), None, ""


def rest(failures: int) -> timedelta:
    """How long a receiver is left alone that failed so many times in a row, whichever alerts they were."""
    return min(WAITS[min(failures, len(WAITS)) - 1], REST_AT_MOST)


def signature(secret: str, timestamp: int, body: bytes) -> str:
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


def check_url(url: str, *, private: bool) -> SplitResult:
    """Raises InvalidInput. `private`: plain HTTP, and addresses of our own network, are allowed."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = SplitResult("", "", "", "", ""), None
    schemes = ("https", "http") if private else ("https",)
    if parts.scheme not in schemes or not parts.hostname or parts.username or port == 0:
        raise InvalidInput.in_field("url", "Informe um endereço https:// sem usuário e senha.")
    return parts


def is_public(address: str) -> bool:
    """Does everybody's internet reach this address? IPv4 inside IPv6 counts as what it is."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, None))[1]
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def resolve(host: str, port: int, *, private: bool) -> str:
    """The one address to connect to. All of the name's must be public. Raises NotDelivered."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotDelivered("the name does not resolve") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not private and not all(map(is_public, addresses)):
        raise NotDelivered("the name points to an address that is not public")
    return addresses[0]


def post(url: str, secret: str, body: bytes, now: datetime, *, private: bool) -> None:
    """Deliver once. Raises NotDelivered."""
    try:
        parts = check_url(url, private=private)
    except InvalidInput as error:
        raise NotDelivered(error.detail) from None
    host = parts.hostname or ""
    port = parts.port or {"https": 443, "http": 80}[parts.scheme]
    address = resolve(host, port, private=private)
    target = httpx.URL(url).copy_with(host=address, port=port)
    headers = {
        "Host": parts.netloc,
        "Content-Type": "application/json",
        "X-GTV-Signature": signature(secret, int(now.timestamp()), body),
    }
    try:
        with httpx.Client(timeout=ANSWER_WITHIN_S, trust_env=False, follow_redirects=False) as client:
            request = client.build_request(
                "POST", target, content=body, headers=headers, extensions={"sni_hostname": host}
            )
            answer = client.send(request, stream=True)
            answer.close()
    except httpx.HTTPError as error:
        raise NotDelivered(type(error).__name__) from None
    if not answer.is_success:
        raise NotDelivered(f"answered {answer.status_code}")
