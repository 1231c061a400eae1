"""What the boxes send waits in bounds, and their presence is never dropped."""

import paho.mqtt.client as paho

from central_hub.ingest.inbox import Inbox
from protocol.topics import NodeAddress, Stream


def message(stream: Stream, payload: bytes, node: str = "caixa-01") -> paho.MQTTMessage:
    made = paho.MQTTMessage(topic=NodeAddress("vale-verde", node).topic(stream).encode())
    made.payload = payload
    return made


def contents(inbox: Inbox) -> list[bytes]:
    found = []
    while (got := inbox.get(0.0)) is not None:
        found.append(bytes(got.payload))
    return found


def test_messages_come_out_in_order_and_what_does_not_fit_is_dropped() -> None:
    inbox = Inbox(2)
    taken = [inbox.put(message(Stream.LPR, payload)) for payload in (b"1", b"2", b"3")]
    assert taken == [True, True, False]
    assert contents(inbox) == [b"1", b"2"]


def test_presence_has_a_place_in_a_full_inbox_and_only_the_newest_of_a_box_counts() -> None:
    inbox = Inbox(1)
    inbox.put(message(Stream.LPR, b"batch"))
    for payload in (b"here", b"away"):
        assert inbox.put(message(Stream.STATUS, payload))
    assert inbox.put(message(Stream.STATUS, b"here", node="caixa-02"))
    assert contents(inbox) == [b"away", b"here", b"batch"]


def test_presence_that_could_not_be_stored_comes_again_unless_a_newer_one_came() -> None:
    inbox = Inbox(1)
    inbox.not_stored(message(Stream.STATUS, b"here"))
    inbox.not_stored(message(Stream.LPR, b"batch"))
    assert contents(inbox) == [b"here"], "a box sends its batch again by itself"
    inbox.put(message(Stream.STATUS, b"newer"))
    inbox.not_stored(message(Stream.STATUS, b"older"))
    assert contents(inbox) == [b"newer"]
