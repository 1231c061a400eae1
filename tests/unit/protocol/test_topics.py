"""A topic names one node and one stream; nothing else can be smuggled through it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from protocol.topics import (
    EDGE_TO_HUB,
    HUB_TO_EDGE,
    OUTBOX_STREAMS,
    InvalidTopic,
    NodeAddress,
    Stream,
    every_node,
    parse_topic,
)

codes = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True)


@given(codes, codes, st.sampled_from(Stream))
def test_a_topic_leads_back_to_its_node_and_stream(city: str, node: str, stream: Stream) -> None:
    address = NodeAddress(city, node)
    assert parse_topic(address.topic(stream)) == (address, stream)
    assert NodeAddress.parse(str(address)) == address


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "gtv/v1/a/b",
        "gtv/v1/a/b/lpr/more",
        "gtv/v2/a/b/lpr",
        "other/v1/a/b/lpr",
        "gtv/v1/a/b/unknown",
        "gtv/v1//b/lpr",
        "gtv/v1/+/b/lpr",
        "gtv/v1/#/b/lpr",
        "gtv/v1/A/b/lpr",
        "gtv/v1/a/-b/lpr",
        "gtv/v1/a/b-/lpr",
        "gtv/v1/a\n/b/lpr",
        "gtv/v1/a/b\n/lpr",
        "gtv/v1/a b/c/lpr",
        "gtv/v1/são/b/lpr",
        f"gtv/v1/{'a' * 64}/b/lpr",
        "gtv/v1/a\x00/b/lpr",
        " gtv/v1/a/b/lpr",
    ],
)
def test_a_hostile_topic_is_refused(topic: str) -> None:
    with pytest.raises(InvalidTopic):
        parse_topic(topic)


@given(st.text(max_size=80))
@example("a/b\n")
@example("a\n/b")
def test_any_text_is_an_address_of_plain_characters_or_refused(text: str) -> None:
    try:
        address = NodeAddress.parse(text)
    except InvalidTopic:
        return
    assert str(address) == text
    assert set(text) <= set("abcdefghijklmnopqrstuvwxyz0123456789-/")


def test_an_address_needs_both_codes() -> None:
    with pytest.raises(InvalidTopic, match="city"):
        NodeAddress.parse("only-a-city")


def test_every_stream_has_exactly_one_direction() -> None:
    assert sorted((*EDGE_TO_HUB, *HUB_TO_EDGE)) == sorted(Stream)
    assert set(OUTBOX_STREAMS) <= set(EDGE_TO_HUB)


def test_the_subscription_to_every_node_leaves_only_the_codes_open() -> None:
    assert every_node(Stream.LPR) == "gtv/v1/+/+/lpr"
