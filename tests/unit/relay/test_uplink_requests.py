"""Requests of many viewers share one box's connection, and none waits for an answer that cannot come."""

import asyncio
from collections.abc import Callable

import pytest

from central_hub.relay import uplinks
from central_hub.relay.first_picture import MediaRange
from central_hub.relay.uplinks import BoxSilent, Uplink, UplinkClosed, Uplinks, UplinkTaken
from passthrough.errors import CodecNotOffered, LiveError, LiveUnavailable
from passthrough.packets import LivePacket
from protocol.uplink import (
    MAX_PACKET_BYTES,
    Chunk,
    FromRelay,
    GetPlaylist,
    Head,
    Packet,
    Status,
    Stop,
    Watch,
    decode_from_relay,
)


class Box:
    """The box's end of a socket: what the relay asked is in `asked`; tests answer."""

    def __init__(self) -> None:
        self.asked: asyncio.Queue[FromRelay] = asyncio.Queue()
        self.hung_up = False
        self.uplink = Uplink(self)

    async def send_bytes(self, data: bytes) -> None:
        self.asked.put_nowait(decode_from_relay(data))

    async def close(self) -> None:
        self.hung_up = True

    async def answer(self, *parts: bytes, status: int = 200) -> int:
        """Answer the next question; returns its number."""
        number = (await self.asked.get()).request
        self.uplink.received(Head(number, status))  # type: ignore[arg-type]
        for place, part in enumerate(parts):
            self.uplink.received(Chunk(number, part, last=place == len(parts) - 1))
        return number


@pytest.fixture
def box() -> Box:
    return Box()


async def fetch(uplink: Uplink, make: Callable[[int], FromRelay] = GetPlaylist) -> tuple[int, bytes]:
    async with uplink.ask(make) as (head, body):
        return head.status, b"".join([part async for part in body])


async def test_an_answer_is_put_together_from_its_chunks(box: Box) -> None:
    answer, _ = await asyncio.gather(fetch(box.uplink), box.answer(b"one ", b"two ", b"three"))
    assert answer == (200, b"one two three")


async def test_what_was_asked_ahead_is_not_asked_again(box: Box) -> None:
    init, picture = MediaRange(1, 0, 100), MediaRange(1, 100, 5)
    await box.uplink.read_ahead((init, picture))
    await box.answer(b"init", status=206)
    await box.answer(b"frame", status=206)
    for media, expected in ((picture, b"frame"), (init, b"init")):
        async with box.uplink.ask_media(media) as (head, body):
            assert (head.status, b"".join([part async for part in body])) == (206, expected)
    assert box.asked.empty()
    async with asyncio.TaskGroup() as group:
        group.create_task(box.answer(b"again", status=206))
        async with box.uplink.ask_media(init) as (_, body):
            assert [part async for part in body] == [b"again"], "it is given once"


async def test_a_playlist_that_is_polled_is_read_ahead_of_once(box: Box) -> None:
    """The playlist of a minute that is still being recorded grows; its beginning stays the same."""
    first = MediaRange(1, 100, 5)
    await box.uplink.read_ahead((first,))
    await box.answer(b"frame", status=206)
    async with box.uplink.ask_media(first) as (_, body):
        assert [part async for part in body] == [b"frame"]
    await box.uplink.read_ahead((first,))
    assert box.asked.empty()


async def test_what_was_asked_ahead_in_vain_is_forgotten(box: Box) -> None:
    await box.uplink.read_ahead((MediaRange(1, 0, 100),))
    await box.uplink.read_ahead((MediaRange(2, 0, 100),))
    await box.answer(b"late", status=206)  # nobody waits for it any more
    await box.answer(b"init", status=206)
    async with box.uplink.ask_media(MediaRange(2, 0, 100)) as (_, body):
        assert [part async for part in body] == [b"init"]


async def test_what_was_asked_ahead_of_a_box_that_is_gone_is_an_error(box: Box) -> None:
    await box.uplink.read_ahead((MediaRange(1, 0, 100),))
    box.uplink.closed()
    with pytest.raises(UplinkClosed):
        async with box.uplink.ask_media(MediaRange(1, 0, 100)):
            pass


async def test_viewers_who_ask_at_once_get_their_own_answers(box: Box) -> None:
    asking = [asyncio.create_task(fetch(box.uplink)) for _ in range(5)]
    numbers = [(await box.asked.get()).request for _ in asking]
    assert len(set(numbers)) == 5
    for number in reversed(numbers):
        box.uplink.received(Head(number, 200))
    for number in numbers:
        box.uplink.received(Chunk(number, str(number).encode(), last=True))
    assert [await task for task in asking] == [(200, str(number).encode()) for number in numbers]


async def test_a_box_that_hangs_up_ends_every_waiting_request(box: Box) -> None:
    asking = [asyncio.create_task(fetch(box.uplink)) for _ in range(3)]
    number = (await box.asked.get()).request
    box.uplink.received(Head(number, 200))
    box.uplink.received(Chunk(number, b"half"))
    box.uplink.closed()
    answers = await asyncio.gather(*asking, return_exceptions=True)
    assert [type(answer) for answer in answers] == [UplinkClosed] * 3
    with pytest.raises(UplinkClosed):
        await fetch(box.uplink)


async def test_a_box_that_does_not_answer_is_silent(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uplinks, "ANSWER_TIMEOUT_S", 0.02)
    with pytest.raises(BoxSilent):
        await fetch(box.uplink)


@pytest.mark.parametrize("wrong", [[Chunk(1, b"no head")], [Head(1, 200), Head(1, 200)]])
async def test_an_answer_out_of_order_is_no_answer(box: Box, wrong: list[Head | Chunk]) -> None:
    asking = asyncio.create_task(fetch(box.uplink))
    await box.asked.get()
    for frame in wrong:
        box.uplink.received(frame)
    with pytest.raises(UplinkClosed):
        await asking


async def test_an_answer_that_nobody_waits_for_is_dropped(box: Box) -> None:
    box.uplink.received(Chunk(99, b"too late", last=True))
    answer, _ = await asyncio.gather(fetch(box.uplink), box.answer(b"fine"))
    assert answer == (200, b"fine")


async def test_a_viewer_may_come_before_the_box(box: Box) -> None:
    open_uplinks = Uplinks()
    viewer = asyncio.create_task(open_uplinks.find("s1"))
    other = asyncio.create_task(open_uplinks.find("s2"))
    await open_uplinks.attach("s1", box.uplink)
    assert await viewer is box.uplink
    assert not other.done()
    other.cancel()
    assert len(open_uplinks) == 1


async def test_a_viewer_whose_box_never_dials_in_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uplinks, "OPEN_TIMEOUT_S", 0.02)
    with pytest.raises(BoxSilent):
        await Uplinks().find("s1")


async def test_a_session_has_one_uplink_and_may_be_hung_up(box: Box) -> None:
    open_uplinks = Uplinks()
    await open_uplinks.attach("s1", box.uplink)
    with pytest.raises(UplinkTaken):
        await open_uplinks.attach("s1", Box().uplink)
    await open_uplinks.hang_up("no such session")
    assert not box.hung_up
    await open_uplinks.hang_up("s1")
    assert box.hung_up
    open_uplinks.detach("s1", box.uplink)
    assert len(open_uplinks) == 0


# --- packets of a live camera ----------------------------------------------------------------


async def test_packets_come_until_nobody_wants_them_and_the_box_is_told(box: Box) -> None:
    async def watching() -> list[LivePacket]:
        async with box.uplink.watch("sub") as packets:
            return [await anext(packets), await anext(packets)]

    task = asyncio.create_task(watching())
    asked = await box.asked.get()
    assert isinstance(asked, Watch) and asked.quality == "sub"
    number = asked.request
    box.uplink.received(Head(number, 200))
    box.uplink.received(Packet(number, b"key", 1000, "h264", keyframe=True, last=False))
    box.uplink.received(Packet(number, b"frame", 1000, "h264", keyframe=True))
    box.uplink.received(Packet(number, b"sound", 1010, "opus", audio=True))
    assert await task == [
        LivePacket("", b"keyframe", 1000, True, "h264"),
        LivePacket("", b"sound", 1010, False, "opus", audio=True),
    ]
    assert await box.asked.get() == Stop(number)


@pytest.mark.parametrize(("status", "error"), [(404, LiveUnavailable), (415, CodecNotOffered)])
async def test_a_box_says_why_it_sends_no_packets(box: Box, status: Status, error: type[LiveError]) -> None:
    async def watching() -> None:
        async with box.uplink.watch("main"):
            pass

    task = asyncio.create_task(watching())
    number = (await box.asked.get()).request
    box.uplink.received(Head(number, status, detail="Sem imagem."))
    with pytest.raises(error, match="Sem imagem"):
        await task


@pytest.mark.parametrize("wrong", [Chunk(1, b"x"), Packet(1, b"x" * 65536, 0, "h264", last=False)])
async def test_packets_out_of_order_or_without_end_are_none(box: Box, wrong: Chunk | Packet) -> None:
    async def watching() -> None:
        async with box.uplink.watch("main") as packets:
            await anext(packets)

    task = asyncio.create_task(watching())
    await box.asked.get()
    box.uplink.received(Head(1, 200))
    for _ in range(MAX_PACKET_BYTES // 65536 + 2):
        box.uplink.received(wrong)
    with pytest.raises(UplinkClosed):
        await task


async def test_a_box_that_dials_again_takes_the_place_of_its_dead_uplink() -> None:
    open_uplinks, dead, alive = Uplinks(), Box(), Box()
    await open_uplinks.attach("live-c1", dead.uplink, replace=True)
    await open_uplinks.attach("live-c1", alive.uplink, replace=True)
    assert dead.hung_up and await open_uplinks.find("live-c1") is alive.uplink
    open_uplinks.detach("live-c1", dead.uplink)
    assert await open_uplinks.find("live-c1") is alive.uplink, "the end of the dead one changes nothing"
