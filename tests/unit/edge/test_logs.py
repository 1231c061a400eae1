"""A log line is JSON, says to which request it belongs, and gives nobody a credential."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import structlog

from edge_agent import logs
from edge_agent.box import Box

SECRET = "h1dden-w0rd"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the process writes to its log."""
    stream = io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    monkeypatch.setattr(sys, "stderr", stream)
    logs.configure()
    yield stream
    structlog.reset_defaults()
    logging.captureWarnings(False)
    root.handlers[:] = before
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize(
    "text",
    [
        f"rtsp://admin:{SECRET}@10.0.0.2/1",
        f"cannot open 'rtsp://admin:a/b@{SECRET}@10.0.0.2:554/1': timeout",
        f"rtsp://{SECRET}@10.0.0.2/1",
        f"Authorization: Bearer {SECRET}",
        f"Authorization: Basic {SECRET}==",
        f'Digest username="admin", response="{SECRET}"',
        f"cookie eyJhbGciOiJIUzI1NiJ9.{SECRET}.c2ln",
        f"PUT https://s3/bucket/key?X-Amz-Signature={SECRET}&X-Amz-Date=1",
        f"GET /?token={SECRET}",
        f"password={SECRET}",
        f"$argon2id$v=19$m=8,t=1,p=1${SECRET}",
        f"GET /live/{SECRET}{SECRET}/cam1/main/whep",
        f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----",
    ],
)
def test_a_secret_in_any_text_is_hidden(written: io.StringIO, text: str) -> None:
    structlog.get_logger().warning("camera_offline", reason=text, nested={"list": [text, (text,)]})
    logging.getLogger("httpx").warning("request to %s failed", text)
    try:
        raise OSError(text)
    except OSError:
        structlog.get_logger().exception("failed")
        logging.getLogger("aiortc").exception("failed")
    assert len(lines(written)) == 4
    assert SECRET not in written.getvalue()


@pytest.mark.parametrize("name", ["password", "senha", "lpr_secret", "token", "Authorization", "set-cookie"])
def test_a_field_named_as_a_secret_is_hidden_whatever_it_holds(written: io.StringIO, name: str) -> None:
    structlog.get_logger().info("x", **{name: SECRET}, outer={name: SECRET})
    assert SECRET not in written.getvalue()


def test_what_is_no_secret_stays(written: io.StringIO) -> None:
    structlog.get_logger().info(
        "x",
        camera="cam1",
        revision=3,
        online=True,
        none=None,
        url="https://hub.example/api?page=2",
        mail="a@b.c",
    )
    (line,) = lines(written)
    assert line["url"] == "https://hub.example/api?page=2"
    assert (line["camera"], line["revision"], line["online"], line["none"]) == ("cam1", 3, True, None)
    assert line["mail"] == "a@b.c"


def test_the_standard_librarys_log_is_the_same_json(written: io.StringIO) -> None:
    logging.getLogger("uvicorn.error").error("boom %d", 7)
    (line,) = lines(written)
    assert (line["event"], line["level"], line["logger"]) == ("boom 7", "error", "uvicorn.error")
    assert line["timestamp"].endswith("Z")


async def test_a_request_that_fails_is_one_line_with_its_id_and_a_plain_answer(
    written: io.StringIO, box: Box, guard: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(box, "disk", lambda: 1 / 0)
    answer = await guard.get("/api/status", headers={"X-Request-Id": "abc-1"})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "ZeroDivisionError" not in answer.text
    assert answer.headers["x-request-id"] == "abc-1"
    (line,) = [line for line in lines(written) if line["event"] == "request_failed"]
    assert line["request_id"] == "abc-1"
    assert "ZeroDivisionError" in line["exception"]


@pytest.mark.parametrize("given", ["", "x" * 65, 'a"b', "a b"])
async def test_a_request_without_a_usable_id_gets_one(visitor: httpx.AsyncClient, given: str) -> None:
    first, second = [await visitor.get("/api/me", headers={"X-Request-Id": given}) for _ in range(2)]
    assert first.headers["x-request-id"] not in ("", given, second.headers["x-request-id"])


def test_what_is_told_of_each_event_leaves_the_technician_his_lines(written: io.StringIO) -> None:
    logs.recent.clear()
    log = structlog.get_logger()
    log.warning("something_wrong")
    for number in range(1000):
        log.debug("lpr_reads_kept", reads=[str(number)])
    assert [json.loads(line)["event"] for line in logs.recent] == ["something_wrong"]
    assert len(lines(written)) == 1001, "written they are"
