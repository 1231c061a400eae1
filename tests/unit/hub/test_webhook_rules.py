"""Alerts are posted to public addresses only, signed, and again at growing intervals."""

import hashlib
import hmac
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from central_hub import webhooks
from central_hub.kernel import InvalidInput

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.req("S13.2")
@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.10", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "2002:7f00:1::", "::",
    ],
)  # fmt: skip
def test_an_address_of_our_own_network_is_not_public(address: str) -> None:
    assert not webhooks.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "200.160.2.3", "2001:4860:4860::8888", "::ffff:8.8.8.8"])
def test_the_internet_is_public(address: str) -> None:
    assert webhooks.is_public(address)


@pytest.mark.req("S13.2")
@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "ftp://example.org/", "https://", "https://user:secret@example.org/", "x",
        "https://example.org:0/", "https://example.org:99999/", "file:///etc/passwd", "https://[::1",
    ],
)  # fmt: skip
def test_other_addresses_than_https_are_refused(url: str) -> None:
    with pytest.raises(InvalidInput):
        webhooks.check_url(url, private=False)


@pytest.mark.req("S13.2")
def test_a_name_that_points_to_this_machine_is_not_called() -> None:
    with pytest.raises(webhooks.NotDelivered, match="not public"):
        webhooks.post("https://localhost/", "s", b"{}", NOON, private=False)


def test_a_receiver_can_check_the_signature() -> None:
    header = webhooks.signature("secret", 1_700_000_000, b'{"plate": "ABC1D23"}')
    expected = hmac.new(b"secret", b'1700000000.{"plate": "ABC1D23"}', hashlib.sha256).hexdigest()
    assert header == f"t=1700000000,v1={expected}"


def test_attempts_become_rarer_and_end() -> None:
    waits = [webhooks.next_attempt(attempts, NOON) for attempts in range(1, 9)]
    assert waits[0] == NOON + timedelta(seconds=1) and waits[-1] is None
    assert waits[:-1] == sorted(waits[:-1])  # type: ignore[type-var]


def test_a_receiver_that_fails_and_fails_is_left_alone_for_minutes_not_for_hours() -> None:
    assert webhooks.rest(1) == timedelta(seconds=1)
    assert webhooks.rest(3) == timedelta(seconds=30)
    assert webhooks.rest(7) == webhooks.rest(10_000) == webhooks.REST_AT_MOST


def test_the_check_that_the_documentation_shows_tells_ours_from_others() -> None:
    text = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text()
    [code] = re.findall(r"```python\n(.*?)```", text, re.S)
    shown: dict[str, Any] = {}
    exec(code, shown)
    now, body = int(time.time()), b'{"id": 4711}'
    assert shown["is_ours"]("secret", webhooks.signature("secret", now, body), body)
    assert not shown["is_ours"]("secret", webhooks.signature("other", now, body), body)
    assert not shown["is_ours"]("secret", webhooks.signature("secret", now, body), body + b" ")
    assert not shown["is_ours"]("secret", webhooks.signature("secret", now - 600, body), body)
