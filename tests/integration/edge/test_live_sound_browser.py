"""A camera's sound is heard live in a real browser, whatever its codec and whichever engine the box has."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from demo.media_files import TONE_HZ, Media, make_media
from demo.ports import free_port
from demo.rtsp_server import LoopedFile, RtspCameras
from protocol.messages import DesiredCamera
from tests.integration.edge.browser import console_page
from tests.integration.edge.rig import BoxProcess, Pki, desired, eventually

#: What WebRTC carries as it is (RFC 7874, section 3), and what therefore comes by HLS.
WAYS = {"pcma": "webrtc", "pcmu": "webrtc", "opus": "webrtc", "aac": "hls"}
MEDIAMTX = shutil.which("mediamtx")

_WAY = """() => {
  const video = document.querySelector("[data-testid=live-video]");
  return video && video.readyState >= 2 ? (video.srcObject ? "webrtc" : "hls") : null;
}"""
#: The loudest frequency in what the video element plays, in Hz; null while that is silence.
_HEARD_HZ = """async () => {
  const video = document.querySelector("[data-testid=live-video]");
  const stream = video.captureStream();
  if (video.muted || !stream.getAudioTracks().length) return null;
  const audio = new AudioContext();
  const analyser = audio.createAnalyser();
  analyser.fftSize = 16384;
  audio.createMediaStreamSource(stream).connect(analyser);
  await new Promise((done) => setTimeout(done, 1000));
  const spectrum = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(spectrum);
  await audio.close();
  const loudest = spectrum.indexOf(Math.max(...spectrum));
  return spectrum[loudest] > -60 ? loudest * audio.sampleRate / analyser.fftSize : null;
}"""


@pytest.fixture(
    scope="module",
    params=[
        "embedded",
        pytest.param(
            "mediamtx",
            marks=[
                pytest.mark.mediamtx,
                pytest.mark.skipif(MEDIAMTX is None, reason="no mediamtx binary on PATH"),
            ],
        ),
    ],
)
def box(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, pki: Pki
) -> Iterator[BoxProcess]:
    """A box of which each camera sends another kind of sound."""
    folder = tmp_path_factory.mktemp("sound")
    medias = {audio: Media(audio=audio, fps=25, gop=25) for audio in WAYS}  # type: ignore[arg-type]
    files = {
        name: LoopedFile(make_media(folder / name, media), media.declared_fps)
        for name, media in medias.items()
    }
    options = {
        "embedded": ["--mediamtx", "off"],
        "mediamtx": ["--mediamtx", str(MEDIAMTX), "--webrtc-port", str(free_port())],
    }
    with RtspCameras(files) as running:
        cameras = [DesiredCamera(id=name, name=name, rtsp_url=running.url(name)) for name in files]
        made = BoxProcess(
            folder / "box",
            pki,
            desired(1, *cameras),
            options=options[request.param],
        )
        with made.process:
            yield made


def way(page: Page) -> str | None:
    found: str | None = page.evaluate(_WAY)
    return found


@pytest.mark.req("S4.5")
@pytest.mark.parametrize("audio", WAYS)
def test_the_sound_is_heard_after_a_click_and_the_picture_is_fresh_again_without_it(
    box: BoxProcess, audio: str
) -> None:
    with console_page(box.console_url) as page:
        page.goto(f"{box.console_url}/?camera={audio}")
        eventually(lambda: way(page) == "webrtc", what="a picture by WebRTC")
        page.get_by_role("button", name="Ligar o som").click()
        eventually(lambda: way(page) == WAYS[audio], what=f"a picture by {WAYS[audio]}")
        heard_hz = eventually(lambda: page.evaluate(_HEARD_HZ), what="sound")
        assert heard_hz == pytest.approx(TONE_HZ, abs=6)
        page.get_by_role("button", name="Desligar o som").click()
        eventually(lambda: way(page) == "webrtc", what="WebRTC again")
        expect(page.get_by_role("button", name="Ligar o som")).to_be_visible()
