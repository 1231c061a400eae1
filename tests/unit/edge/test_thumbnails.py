"""A thumbnail shows the instant that was asked for, from H.264 and H.265, and the cache stays small."""

import io
from datetime import timedelta
from fractions import Fraction
from http import HTTPStatus
from pathlib import Path

import av
import httpx
import numpy as np
import pytest
from av.video.codeccontext import VideoCodecContext
from PIL import Image

from demo.clock_strip import paint_clock, read_clock
from edge_agent.box import Box
from edge_agent.console.watching import MAX_LOOKS, SAME_LOOK_S, Looks
from edge_agent.playback import init_section
from edge_agent.playback.services import NoFootage
from edge_agent.playback.thumbnails import Thumbnails
from edge_agent.recording.repair import repair
from tests.unit.edge.builders import NOON, NOON_US, SECOND, record

FPS, SECONDS, WIDTH, HEIGHT = 5, 4, 640, 360


@pytest.fixture(scope="session", params=["libx264", "libx265"])
def clock_video(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture of the wall clock, from NOON on; a keyframe each second."""
    file = tmp_path_factory.mktemp("clock") / "clock.mp4"
    with av.open(str(file), "w", format="mp4") as container:
        stream = container.add_stream(request.param, rate=FPS)
        codec = stream.codec_context
        assert isinstance(codec, VideoCodecContext)
        codec.width, codec.height, codec.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        codec.time_base = Fraction(1, FPS)
        codec.options = {
            "preset": "ultrafast",
            "tune": "zerolatency",
            "g": str(FPS),
            "x265-params": f"keyint={FPS}:min-keyint={FPS}:scenecut=0:log-level=none",
        }
        for number in range(SECONDS * FPS):
            picture = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
            paint_clock(picture, NOON_US / 1e6 + number / FPS)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file


@pytest.fixture
def filmed(box: Box, clock_video: Path) -> Box:
    file = box.folder.recordings / "cam1" / "2025-11-24" / f"{NOON_US}.mp4"
    file.parent.mkdir(parents=True)
    record(clock_video, file)
    assert repair(box.index).indexed == 1
    return box


async def test_the_clock_in_the_picture_is_the_one_asked_for(filmed: Box, guard: httpx.AsyncClient) -> None:
    for second in (0.0, 0.9, 1.5, 3.2):
        asked = NOON + timedelta(seconds=second)
        answer = await guard.get(
            "/api/cameras/cam1/thumbnail.jpg", params={"at": asked.isoformat(), "width": "640"}
        )
        assert answer.status_code == HTTPStatus.OK, answer.text
        picture = np.asarray(Image.open(io.BytesIO(answer.content)))
        shown = read_clock(picture)
        assert shown is not None
        assert 0 <= asked.timestamp() - shown < 1, "the keyframe at or before the instant"


async def test_a_browser_that_has_the_picture_gets_no_bytes(filmed: Box, guard: httpx.AsyncClient) -> None:
    url, params = "/api/cameras/cam1/thumbnail.jpg", {"at": NOON.isoformat(), "width": "100"}
    first = await guard.get(url, params=params)
    assert Image.open(io.BytesIO(first.content)).size == (160, 90)
    again = await guard.get(url, params=params, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (HTTPStatus.NOT_MODIFIED, b"")


async def test_a_gap_has_no_picture(filmed: Box, guard: httpx.AsyncClient) -> None:
    later = NOON + timedelta(hours=1)
    answer = await guard.get("/api/cameras/cam1/thumbnail.jpg", params={"at": later.isoformat()})
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "Não há gravação" in answer.json()["detail"]


async def test_the_codec_is_told_as_browsers_name_it(filmed: Box, guard: httpx.AsyncClient) -> None:
    params = {"start": NOON.isoformat(), "end": (NOON + timedelta(minutes=1)).isoformat()}
    answer = await guard.get("/api/cameras/cam1/codecs", params=params)
    (codec,) = answer.json()["codecs"]
    assert codec.startswith(("avc1.", "hvc1.1.6.L"))


async def test_a_picture_is_decoded_once_and_the_cache_has_a_bound(filmed: Box, tmp_path: Path) -> None:
    made = Thumbnails(filmed.index, tmp_path / "t", cache_bytes=20_000)
    first = await made.at("cam1", NOON_US, 640)
    (filmed.index.folder / "cam1" / "2025-11-24" / f"{NOON_US}.mp4").rename(tmp_path / "away.mp4")
    assert await made.at("cam1", NOON_US + SECOND // 2, 640) == first, "from the cache"
    with pytest.raises(NoFootage):
        await made.at("cam1", NOON_US + SECOND, 640)
    (tmp_path / "away.mp4").rename(filmed.index.folder / "cam1" / "2025-11-24" / f"{NOON_US}.mp4")
    for second in range(4):
        for width in (160, 320, 640):
            await made.at("cam1", NOON_US + second * SECOND, width)
    used = sum(file.stat().st_size for file in (tmp_path / "t").rglob("*.jpg"))
    assert 0 < used <= 20_000


async def test_purged_footage_has_no_thumbnail_even_if_one_was_made(filmed: Box, tmp_path: Path) -> None:
    made = Thumbnails(filmed.index, tmp_path / "t")
    await made.at("cam1", NOON_US, 160)
    filmed.index.purge(filmed.index.oldest(10), "retention")
    with pytest.raises(NoFootage):
        await made.at("cam1", NOON_US, 160)


# --- the initialisation section -------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"\0" * 100, b"\0\0\0\x10moov\0\0\0\xfftrak"])
def test_what_is_no_initialisation_says_so(data: bytes) -> None:
    with pytest.raises(init_section.Malformed):
        init_section.codecs(data)


# --- who looked -----------------------------------------------------------------------------


def test_a_look_is_recorded_again_after_a_while_and_memory_is_bounded() -> None:
    now = {"s": 0.0}
    looks = Looks(lambda: now["s"])
    assert looks.first("ana", "cam1")
    assert not looks.first("ana", "cam1")
    assert looks.first("rui", "cam1")
    now["s"] = SAME_LOOK_S
    assert looks.first("ana", "cam1")
    for number in range(MAX_LOOKS):
        looks.first("ana", str(number))
    assert looks.first("ana", "cam1"), "forgotten, so audited once more"
