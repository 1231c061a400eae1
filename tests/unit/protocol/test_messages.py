"""What crosses the wire is understood by the other side, and what is hostile is refused with a reason."""

import gzip
import json
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import protocol
from protocol import messages
from protocol.messages import (
    MAX_PAYLOAD_BYTES,
    Ack,
    Alarm,
    AuditEvent,
    Batch,
    CameraAdded,
    CameraHealth,
    CameraStatus,
    CertificateRequest,
    CollectLogs,
    Command,
    CoverageSpan,
    DesiredCamera,
    DesiredState,
    DesiredUser,
    Finding,
    Health,
    ImageRef,
    ImageUpload,
    InvalidMessage,
    LprSource,
    NodeStatus,
    OpenUplink,
    OutboxEvent,
    PlateCandidate,
    PlateRead,
    ProbeCamera,
    Purged,
    RenewedCertificate,
    Reply,
    RestartAgent,
    RunDoctor,
    StreamFacts,
    UploadImages,
    WatchlistEntry,
    WatchlistHit,
    decode,
    decode_event,
    encode,
    encode_event,
)
from protocol.topics import OUTBOX_STREAMS, Stream

NOON = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
READ = PlateRead(
    id="r1",
    camera="c1",
    plate="ABC1D23",
    captured_at=NOON,
    received_at=NOON,
    vendor="hikvision",
    confidence=0.97,
    direction="forward",
    lane=2,
    speed_kmh=54.5,
    image=ImageRef(sha256="a" * 64, size_bytes=1000),
    camera_at=NOON,
    vehicle_make="Fiat",
    vehicle_model="Argo",
    country="br",
    candidates=[PlateCandidate("ABC1023", 0.4)],
    group="r0",
    group_size=2,
    hits=[WatchlistHit("w1", "stolen")],
)
OPEN_UPLINK = OpenUplink(
    session="s1",
    url="wss://relay.example/uplink",
    token="t",
    camera="c1",
    start=NOON,
    end=NOON,
    expires_at=NOON,
)
EXAMPLES: list[msgspec.Struct] = [
    Batch(events=[OutboxEvent(seq=1, data=msgspec.Raw(encode_event(READ)))]),
    READ,
    PlateRead(id="r2", camera="c1", plate="X", captured_at=NOON, received_at=NOON, vendor="v"),
    CoverageSpan(camera="c1", start=NOON, end=NOON, size_bytes=10),
    Purged(camera="c1", start=NOON, end=NOON, reason="disk-floor"),
    CameraStatus(camera="c1", state="offline", at=NOON, reason="sem sinal"),
    AuditEvent(at=NOON, actor="ana", action="console.login"),
    CameraAdded(id="c9", name="Praça", rtsp_url="rtsp://10.0.0.9/1", at=NOON, actor="ana"),
    Health(
        at=NOON,
        agent_version="1",
        disk_free_bytes=1,
        disk_total_bytes=2,
        outbox_depth=3,
        desired_revision=4,
        cameras=[CameraHealth(camera="c1", state="online", fps=12.5, bitrate_bps=1, last_packet_at=NOON)],
        differences=["camera c2 is offline"],
        alarms=[Alarm("O disco está cheio.", NOON)],
    ),
    NodeStatus(online=True, at=NOON),
    Command("c1", NOON, "ana", ProbeCamera("cam1")),
    Command("c1", NOON, "ana", RunDoctor()),
    Command("c1", NOON, "ana", CollectLogs()),
    Command("c1", NOON, "ana", RestartAgent()),
    Reply("c1", ok=True, findings=[Finding("disco", ok=False, text="Cheio.", fix="Esvazie.")]),
    Reply("c1", ok=True, log=["{}"], stream=StreamFacts(ok=True, verdict="Bom.")),
    CertificateRequest("-----BEGIN CERTIFICATE REQUEST-----"),
    RenewedCertificate("-----BEGIN CERTIFICATE-----"),
    Reply(command="k1", ok=False, error="late", uploaded=["r1"]),
    Ack(stream=Stream.LPR, ranges=[(1, 5), (7, 7)]),
    DesiredState(
        revision=3,
        city="sao-bento",
        city_name="São Bento",
        timezone="America/Sao_Paulo",
        retention_days=15,
        cameras=[
            DesiredCamera(
                id="c1",
                name="Praça",
                rtsp_url="rtsp://u:p@10.0.0.2/1",
                lpr=LprSource(ha1_md5="0" * 32, allowed_sources=["10.0.0.0/24"], mapping={"plate": "a.b"}),
            )
        ],
        users=[DesiredUser(username="ana", name="Ana", role="gestor", password_hash="$argon2id$...")],
        watchlist=[WatchlistEntry("w1", "ABC1?23", "stolen", "BO 123/2026", valid_until=NOON)],
    ),
    Command(id="k1", deadline=NOON, requester="ana", action=OPEN_UPLINK),
    Command(
        id="k2",
        deadline=NOON,
        requester="ana",
        action=UploadImages(images=[ImageUpload(read="r1", url="https://objects.example/put")]),
    ),
]
each_example = pytest.mark.parametrize("message", EXAMPLES, ids=lambda m: type(m).__name__)


def compact(fields: dict[str, Any]) -> str:
    return json.dumps(fields, separators=(",", ":"))


def payload(text: str) -> bytes:
    return gzip.compress(text.encode())


@each_example
def test_a_message_arrives_as_it_was_sent(message: msgspec.Struct) -> None:
    assert decode(encode(message), type(message)) == message


@each_example
def test_a_field_that_a_newer_peer_added_is_ignored(message: msgspec.Struct) -> None:
    fields = json.loads(msgspec.json.encode(message))
    newer = payload(compact(fields | {"invented_later": {"deep": [1, 2]}}))
    assert decode(newer, type(message)) == message


@each_example
def test_an_unknown_version_is_refused(message: msgspec.Struct) -> None:
    fields = json.loads(msgspec.json.encode(message))
    with pytest.raises(InvalidMessage, match="v"):
        decode(payload(json.dumps(fields | {"v": 2})), type(message))


@each_example
def test_a_message_fits_its_committed_json_schema(message: msgspec.Struct) -> None:
    schema = committed_schema(type(message).__name__)
    jsonschema.validate(json.loads(gzip.decompress(encode(message))), schema, jsonschema.Draft202012Validator)


def test_every_stream_has_an_example_here() -> None:
    shown = {type(example) for example in EXAMPLES}
    assert {*messages.PAYLOADS.values(), *chain(*messages.EVENTS.values())} <= shown
    assert set(messages.PAYLOADS) == set(Stream)
    assert set(messages.EVENTS) == set(OUTBOX_STREAMS)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("camera", 7),
        ("camera", ""),
        ("plate", "A" * 17),
        ("captured_at", "2026-11-24T12:00:00"),  # no offset: which city's noon?
        ("captured_at", "ontem"),
        ("confidence", 1.5),
        ("speed_kmh", -3),
        ("lane", "two"),
        ("image", {"sha256": "short", "size_bytes": 1}),
        ("image", {"sha256": "a" * 64, "size_bytes": 1, "content_type": "text/html"}),
    ],
)
def test_a_field_of_the_wrong_kind_is_refused_with_its_name(field: str, value: Any) -> None:
    fields = json.loads(encode_event(READ)) | {field: value}
    with pytest.raises(InvalidMessage, match=field):
        decode_event(json.dumps(fields).encode(), PlateRead)


@pytest.mark.parametrize("missing", ["id", "camera", "plate", "captured_at", "received_at", "vendor"])
def test_a_missing_field_is_refused_with_its_name(missing: str) -> None:
    fields = json.loads(encode_event(READ))
    del fields[missing]
    with pytest.raises(InvalidMessage, match=missing):
        decode_event(json.dumps(fields).encode(), PlateRead)


@pytest.mark.parametrize("events", [[], [{"seq": 0, "data": {}}]])
def test_a_batch_without_numbered_events_is_refused(events: list[Any]) -> None:
    with pytest.raises(InvalidMessage, match="events"):
        decode(payload(json.dumps({"events": events})), Batch)


def test_one_bad_event_spoils_no_other_of_its_batch() -> None:
    batch = decode(
        payload(
            f'{{"events":[{{"seq":1,"data":{{"id":7}}}},{{"seq":2,"data":{encode_event(READ).decode()}}}]}}'
        ),
        Batch,
    )
    with pytest.raises(InvalidMessage):
        decode_event(batch.events[0].data, PlateRead)
    assert decode_event(batch.events[1].data, PlateRead) == READ


def test_a_command_this_box_does_not_know_is_refused() -> None:
    fields = json.loads(msgspec.json.encode(EXAMPLES[-1]))
    fields["action"]["do"] = "reboot-the-city"
    with pytest.raises(InvalidMessage, match="action"):
        decode(payload(json.dumps(fields)), Command)


def test_a_gzip_bomb_is_refused_before_it_fills_the_memory() -> None:
    bomb = gzip.compress(b" " * (MAX_PAYLOAD_BYTES * 4))
    assert len(bomb) < 100_000
    with pytest.raises(InvalidMessage, match="larger"):
        decode(bomb, Ack)


def test_every_truncation_of_a_payload_is_refused() -> None:
    whole = encode(Ack(stream=Stream.LPR, ranges=[(1, 2)]))
    for length in range(len(whole)):
        with pytest.raises(InvalidMessage):
            decode(whole[:length], Ack)


def test_json_nested_deeper_than_any_message_is_refused() -> None:
    """A receiver that fell over its stack would take every other box's messages with it."""
    with pytest.raises(InvalidMessage):
        decode(payload('{"x":' + "[" * 100_000), Ack)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_a_message_or_invalid_and_never_a_crash(data: bytes) -> None:
    for text in (data, gzip.compress(data)):
        try:
            decode(text, Health)
        except InvalidMessage as error:
            assert str(error)


def committed_schema(name: str) -> dict[str, Any]:
    file = Path(protocol.__file__).parent / "schemas" / f"{name}.json"
    schema: dict[str, Any] = json.loads(file.read_text())
    return schema


def test_a_coverage_event_says_whether_footage_came_or_went() -> None:
    came, went = (
        CoverageSpan(camera="c1", start=NOON, end=NOON, size_bytes=10),
        Purged(camera="c1", start=NOON, end=NOON, reason="retention"),
    )
    kinds = messages.EVENTS[Stream.COVERAGE]
    assert [decode_event(encode_event(event), *kinds) for event in (came, went)] == [came, went]
    with pytest.raises(InvalidMessage, match="CoverageSpan or Purged"):
        decode_event(b'{"event": "moved", "camera": "c1"}', *kinds)
