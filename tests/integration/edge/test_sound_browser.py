"""What cameras send as sound is heard in a real browser, whatever its codec: the tone of the test camera."""

import asyncio
import base64
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from demo.media_files import TONE_HZ, Media, make_media
from demo.programs import require_program
from edge_agent.playback import services
from edge_agent.recording import session
from edge_agent.recording.disk import Disk
from edge_agent.recording.domain import Fragment, Segment
from edge_agent.recording.events import FragmentWritten, SegmentOpened
from edge_agent.recording.health import HealthBoard
from edge_agent.recording.index import RecordingIndex
from edge_agent.recording.session import SessionWriter
from edge_agent.store import Store
from tests.unit.edge.builders import NOON_US, SECOND, record
from tests.unit.edge.camera_samples import sent

SECONDS = 4

#: Appends the parts to a video element and gives back the loudest frequency after two seconds, in Hz.
_LISTEN = """
async ({type, parts}) => {
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const source = new MediaSource();
  const video = document.createElement("video");
  video.src = URL.createObjectURL(source);
  document.body.append(video);
  await new Promise((done) => source.addEventListener("sourceopen", done, {once: true}));
  const buffer = source.addSourceBuffer(type);
  for (const part of parts) {
    const ended = new Promise((done, failed) => {
      buffer.addEventListener("updateend", done, {once: true});
      const refused = () => failed(new Error("refused: " + video.error?.message));
      buffer.addEventListener("error", refused, {once: true});
    });
    buffer.appendBuffer(bytes(part));
    await ended;
  }
  const audio = new AudioContext();
  const analyser = audio.createAnalyser();
  analyser.fftSize = 16384;
  audio.createMediaElementSource(video).connect(analyser);
  analyser.connect(audio.destination);
  video.currentTime = video.buffered.start(0) + 0.1;
  await video.play();
  const spectrum = new Float32Array(analyser.frequencyBinCount);
  const start = video.currentTime;
  while (video.currentTime < start + 2) await new Promise(requestAnimationFrame);
  analyser.getFloatFrequencyData(spectrum);
  const loudest = spectrum.indexOf(Math.max(...spectrum));
  return {
    hz: loudest * audio.sampleRate / analyser.fftSize,
    level: spectrum[loudest],
    seconds: video.buffered.end(0) - video.buffered.start(0),
    ranges: video.buffered.length,
    width: video.videoWidth,
  };
}
"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    chromium = require_program("chromium", "chromium")
    arguments = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=arguments)
        yield browser.new_page()
        browser.close()


@pytest.fixture
def index(tmp_path: Path) -> Iterator[RecordingIndex]:
    store = Store(tmp_path / "edge.db")
    yield RecordingIndex(store, tmp_path / "recordings", HealthBoard(store))
    store.close()


def parts_for_players(index: RecordingIndex, init_bytes: int, written: list[tuple[int, int]]) -> list[str]:
    """A file's init section and fragments as a player gets them, in Base64."""
    return [
        base64.b64encode(services.read_for_player(index, "cam1", NOON_US, *place)).decode()
        for place in [(0, init_bytes), *written]
    ]


@pytest.mark.req("S7.3")
@pytest.mark.parametrize("audio", ["aac", "pcmu", "pcma", "opus"])
def test_the_sound_of_a_recording_is_heard(
    page: Page, index: RecordingIndex, tmp_path: Path, audio: str
) -> None:
    media = Media(audio=audio, seconds=SECONDS, fps=25, gop=25)  # type: ignore[arg-type]
    path = f"cam1/2025-11-24/{NOON_US}.mp4"
    init_bytes, written = record(make_media(tmp_path / "camera", media), index.folder / path)
    fragments = tuple(
        Fragment(offset, size, NOON_US + number * SECOND, SECOND)
        for number, (offset, size) in enumerate(written)
    )
    index.store_segment(Segment("cam1", NOON_US, NOON_US, path, init_bytes, fragments))
    names = services.codecs_of(index, services.Period("cam1", NOON_US, NOON_US + SECOND))
    parts = parts_for_players(index, init_bytes, written)
    heard = page.evaluate(_LISTEN, {"type": f'video/mp4; codecs="{",".join(names)}"', "parts": parts})
    assert heard["ranges"] == 1, "pictures and sound without a hole"
    assert heard["seconds"] == pytest.approx(SECONDS, abs=0.2)
    assert heard["width"] == media.width
    assert heard["hz"] == pytest.approx(TONE_HZ, abs=6)
    assert heard["level"] > -60, "dB: silence is below -100"


def record_with_gap(
    source: Path, folder: Path, gap_s: tuple[float, float], monkeypatch: pytest.MonkeyPatch
) -> Segment:
    """A camera's session of which sound is missing for a while."""
    camera, told, mono_us = sent(source), [], [0]
    monkeypatch.setattr(session, "mono_us", lambda: mono_us[0])
    monkeypatch.setattr(session, "now_us", lambda: NOON_US + mono_us[0])
    writer = SessionWriter("cam1", folder, camera.video, camera.audio, 0, told.append, Disk(1).lane())
    for track, sample in camera.samples:
        at_s = sample.time / track.clock_rate
        mono_us[0] = max(mono_us[0], int(at_s * SECOND))
        if track is camera.video:
            writer.add(sample)
        elif not gap_s[0] < at_s < gap_s[1]:
            writer.add_sound(sample)
    writer.finish()
    with ThreadPoolExecutor(1) as apart:  # the browser's driver has an event loop in this thread
        apart.submit(asyncio.run, writer.let_go()).result()
    (opened,) = [event for event in told if isinstance(event, SegmentOpened)]
    fragments = tuple(event.fragment for event in told if isinstance(event, FragmentWritten))
    return Segment("cam1", opened.start_us, opened.run_us, opened.path, opened.init_bytes, fragments)


@pytest.mark.req("S7.3")
@pytest.mark.parametrize("gap_s", [(-1, SECONDS), (1.4, 3.3)], ids=["no sound", "a gap"])
@pytest.mark.parametrize("audio", ["aac", "pcmu", "pcma", "opus"])
def test_pictures_are_seen_where_the_announced_sound_does_not_come(
    page: Page,
    index: RecordingIndex,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    audio: str,
    gap_s: tuple[float, float],
) -> None:
    """A browser shows no picture of which it lacks the sound."""
    media = Media(audio=audio, seconds=SECONDS, fps=25, gop=25)  # type: ignore[arg-type]
    recorded = record_with_gap(make_media(tmp_path / "camera", media), index.folder, gap_s, monkeypatch)
    assert recorded.start_us == NOON_US
    index.store_segment(recorded)
    names = services.codecs_of(index, services.Period("cam1", NOON_US, NOON_US + SECOND))
    written = [(fragment.offset, fragment.size_bytes) for fragment in recorded.fragments]
    parts = parts_for_players(index, recorded.init_bytes, written)
    seen = page.evaluate(_LISTEN, {"type": f'video/mp4; codecs="{",".join(names)}"', "parts": parts})
    assert seen["ranges"] == 1, "pictures and sound without a hole"
    assert seen["seconds"] > SECONDS - 0.7
    assert seen["width"] == media.width
