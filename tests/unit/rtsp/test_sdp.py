"""What cameras announce of their streams is understood, in the shapes that makers give it."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.recording.camera import explain, recordable
from edge_agent.recording.session import StreamError
from edge_agent.rtsp.errors import Malformed
from edge_agent.rtsp.sdp import Description, Format, parse

SPS, PPS = b"\x67\x4d\x00\x1fsps", b"\x68\xee\x3cpps"
VPS5, SPS5, PPS5 = b"\x40\x01vps", b"\x42\x01sps", b"\x44\x01pps"


def b64(unit: bytes) -> str:
    return base64.b64encode(unit).decode()


SETS = f"{b64(SPS)},{b64(PPS)}"

HIKVISION = f"""v=0
o=- 1109162014219182 1109162014219192 IN IP4 192.168.1.64
s=Media Presentation
e=NONE
b=AS:5100
t=0 0
a=control:rtsp://192.168.1.64:554/Streaming/Channels/101/
m=video 0 RTP/AVP 96
c=IN IP4 0.0.0.0
b=AS:5000
a=recvonly
a=x-dimensions:1920,1080
a=control:rtsp://192.168.1.64:554/Streaming/Channels/101/trackID=1
a=rtpmap:96 H264/90000
a=fmtp:96 profile-level-id=4D001F; packetization-mode=1; sprop-parameter-sets={SETS}
m=audio 0 RTP/AVP 8
c=IN IP4 0.0.0.0
b=AS:50
a=recvonly
a=control:rtsp://192.168.1.64:554/Streaming/Channels/101/trackID=2
a=rtpmap:8 PCMA/8000
a=Media_header:MEDIAINFO=494D4B48010200000400000111710110401F000000FA000000000000;
a=appversion:1.0
"""

DAHUA = f"""v=0
o=- 2251938202 2251938202 IN IP4 0.0.0.0
s=Media Server
c=IN IP4 0.0.0.0
t=0 0
a=control:*
a=packetization-supported:DH
a=rtppayload-supported:DH
a=range:npt=now-
m=video 0 RTP/AVP 98
a=control:trackID=0
a=framerate:25.000000
a=rtpmap:98 H265/90000
a=fmtp:98 profile-id=1;sprop-sps={b64(SPS5)};sprop-pps={b64(PPS5)};sprop-vps={b64(VPS5)}
a=recvonly
m=audio 0 RTP/AVP 97
a=control:trackID=1
a=rtpmap:97 MPEG4-GENERIC/16000
a=fmtp:97 streamtype=5;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=1408
a=recvonly
m=audio 0 RTP/AVP 8
a=control:trackID=5
a=rtpmap:8 PCMA/8000
a=sendonly
m=application 0 RTP/AVP 107
a=control:trackID=4
a=rtpmap:107 vnd.onvif.metadata/90000
"""

AXIS = f"""v=0
o=- 15087657263847 1 IN IP4 192.168.0.90
s=Session streamed with GStreamer
i=rtsp-server
t=0 0
a=tool:GStreamer
a=type:broadcast
a=range:npt=now-
a=control:rtsp://192.168.0.90/axis-media/media.amp?videocodec=h264&audio=1
m=video 0 RTP/AVP 96
c=IN IP4 0.0.0.0
b=AS:50000
a=rtpmap:96 H264/90000
a=fmtp:96 packetization-mode=1;profile-level-id=4d001f;sprop-parameter-sets={SETS}
a=ts-refclk:local
a=mediaclk:sender
a=recvonly
a=control:rtsp://192.168.0.90/axis-media/media.amp/stream=0?videocodec=h264&audio=1
a=framerate:30.000000
a=transform:1.000000,0.000000,0.000000;0.000000,1.000000,0.000000;0.000000,0.000000,1.000000
m=audio 0 RTP/AVP 97
c=IN IP4 0.0.0.0
b=AS:32
a=rtpmap:97 MPEG4-GENERIC/16000/1
a=fmtp:97 streamtype=5; mode=AAC-hbr; config=1408; sizeLength=13; indexLength=3; bitrate=32000;
a=recvonly
a=control:rtsp://192.168.0.90/axis-media/media.amp/stream=1?videocodec=h264&audio=1
"""

ONVIF_BACK_CHANNEL = """v=0
o=- 0 0 IN IP4 0.0.0.0
s=Camera
t=0 0
m=audio 0 RTP/AVP 0 8
a=control:rtsp://cam/audioback
a=rtpmap:0 PCMU/8000
a=sendonly
m=video 0 RTP/AVP 96
a=control:rtsp://cam/video
a=rtpmap:96 H264/90000
a=recvonly
m=audio 0 RTP/AVP 0
a=control:rtsp://cam/audio
a=recvonly
"""

MEDIAMTX = f"""v=0
o=- 0 0 IN IP4 127.0.0.1
s=No Name
c=IN IP4 0.0.0.0
t=0 0
m=video 0 RTP/AVP 96
a=control:rtsp://127.0.0.1:8554/cam1/trackID=0
a=rtpmap:96 H264/90000
a=fmtp:96 packetization-mode=1; profile-level-id=4D001F; sprop-parameter-sets={SETS}
m=audio 0 RTP/AVP 97
a=control:rtsp://127.0.0.1:8554/cam1/trackID=1
a=rtpmap:97 opus/48000/2
a=fmtp:97 sprop-stereo=0
"""

GSTREAMER = """v=0
o=- 1188340656180883 1 IN IP4 127.0.0.1
s=Session streamed with GStreamer
t=0 0
a=control:*
m=video 0 RTP/AVP 96
a=rtpmap:96 H264/90000
a=control:stream=0
m=audio 0 RTP/AVP 97
a=rtpmap:97 L16/44100/2
a=control:stream=1
m=audio 0 RTP/AVP 98
a=rtpmap:98 OPUS/48000/2
a=control:stream=2
"""

H264 = Format("h264", 96, 90_000, "", (SPS, PPS))


def described(video: Format | None, audio: Format | None, control: str) -> Description:
    return Description(video, audio, control)


@pytest.mark.parametrize(
    ("text", "video", "audio", "control"),
    [
        pytest.param(
            HIKVISION,
            Format(
                "h264", 96, 90_000, "rtsp://192.168.1.64:554/Streaming/Channels/101/trackID=1", (SPS, PPS)
            ),
            Format("pcm_alaw", 8, 8_000, "rtsp://192.168.1.64:554/Streaming/Channels/101/trackID=2"),
            "rtsp://192.168.1.64:554/Streaming/Channels/101/",
            id="hikvision",
        ),
        pytest.param(
            DAHUA,
            Format("h265", 98, 90_000, "trackID=0", (VPS5, SPS5, PPS5)),
            Format("aac", 97, 16_000, "trackID=1", (b"\x14\x08",)),
            "*",
            id="dahua",
        ),
        pytest.param(
            AXIS,
            Format(
                "h264",
                96,
                90_000,
                "rtsp://192.168.0.90/axis-media/media.amp/stream=0?videocodec=h264&audio=1",
                (SPS, PPS),
            ),
            Format(
                "aac",
                97,
                16_000,
                "rtsp://192.168.0.90/axis-media/media.amp/stream=1?videocodec=h264&audio=1",
                (b"\x14\x08",),
            ),
            "rtsp://192.168.0.90/axis-media/media.amp?videocodec=h264&audio=1",
            id="axis",
        ),
        pytest.param(
            ONVIF_BACK_CHANNEL,
            Format("h264", 96, 90_000, "rtsp://cam/video"),
            Format("pcm_mulaw", 0, 8_000, "rtsp://cam/audio"),
            "",
            id="onvif back channel",
        ),
        pytest.param(
            MEDIAMTX,
            Format("h264", 96, 90_000, "rtsp://127.0.0.1:8554/cam1/trackID=0", (SPS, PPS)),
            Format("opus", 97, 48_000, "rtsp://127.0.0.1:8554/cam1/trackID=1", (), 2),
            "",
            id="mediamtx",
        ),
        pytest.param(
            GSTREAMER,
            Format("h264", 96, 90_000, "stream=0"),
            Format("opus", 98, 48_000, "stream=2", (), 2),
            "*",
            id="gstreamer",
        ),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_makers_description_is_understood(
    text: str, video: Format, audio: Format, control: str, end: str
) -> None:
    assert parse(text.replace("\n", end)) == described(video, audio, control)
    assert parse(text.rstrip().replace("\n", end)) == described(video, audio, control)


def video_of(*lines: str) -> Format:
    found = parse("\n".join(["v=0", *lines])).video
    assert found is not None
    return found


def audio_of(*lines: str) -> Format | None:
    return parse("\n".join(["v=0", *lines])).audio


def test_static_payload_types_need_no_map() -> None:
    assert audio_of("m=audio 0 RTP/AVP 0") == Format("pcm_mulaw", 0, 8_000, "")
    assert audio_of("m=audio 0 RTP/AVP 8") == Format("pcm_alaw", 8, 8_000, "")


def test_of_several_videos_the_first_that_can_be_recorded_is_taken() -> None:
    videos = ["m=video 0 RTP/AVP 26", "m=video 0 RTP/AVP 97", "a=rtpmap:97 H265/90000", "a=control:main"]
    videos += ["m=video 0 RTP/AVP 96", "a=rtpmap:96 H264/90000", "a=control:sub"]
    assert video_of(*videos).control == "main"


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["m=video 0 RTP/AVP 26"], "JPEG"),
        (["m=video 0 RTP/AVP 96", "a=rtpmap:96 MP4V-ES/90000"], "MP4V-ES"),
        (["m=video 0 RTP/AVP 96", "a=rtpmap:96 AV1/90000", "m=audio 0 RTP/AVP 0"], "AV1"),
    ],
)
def test_a_video_codec_that_is_not_recorded_is_named(lines: list[str], name: str) -> None:
    description = parse("\n".join(["v=0", *lines]))
    assert (description.video, description.unknown_video) == (None, name)
    with pytest.raises(StreamError) as error:
        recordable(description)
    assert explain(error.value) == f"O formato {name} não é gravado; use H.264 ou H.265."


@pytest.mark.parametrize("text", ["v=0", "v=0\nm=audio 0 RTP/AVP 0", "v=0\nm=video", "v=0\nm="])
def test_a_stream_without_video_is_said_to_have_none(text: str) -> None:
    with pytest.raises(StreamError, match="no video"):
        recordable(parse(text))


@pytest.mark.parametrize("text", ["", "\n\n", "<html>not here</html>", "m=video 0 RTP/AVP 96", "\0" * 100])
def test_what_is_no_description_is_an_error(text: str) -> None:
    with pytest.raises(Malformed):
        parse(text)


def test_a_giant_description_is_read_in_no_time() -> None:
    description = parse(
        "v=0\n" + HIKVISION + "a=x-junk:" + "y" * 100_000 + "\n" + "m=text 0 RTP/AVP 99\n" * 5000
    )
    assert description.video is not None


@pytest.mark.parametrize("rate", ["0", "-1", "9" * 5000, "4294967296", "x", ""])
def test_an_impossible_clock_rate_is_no_track(rate: str) -> None:
    assert parse(f"v=0\nm=video 0 RTP/AVP 96\na=rtpmap:96 H264/{rate}").video is None


@pytest.mark.parametrize("channels", ["0", "65536", "9" * 5000])
def test_an_impossible_number_of_channels_is_no_track(channels: str) -> None:
    assert audio_of("m=audio 0 RTP/AVP 97", f"a=rtpmap:97 OPUS/48000/{channels}") is None


@pytest.mark.parametrize(
    "parameter", ["sprop-parameter-sets=!", "sprop-parameter-sets=,", "sprop-parameter-sets", ""]
)
def test_parameter_sets_that_cannot_be_read_are_left_to_the_stream(parameter: str) -> None:
    assert video_of("m=video 0 RTP/AVP 96", "a=rtpmap:96 H264/90000", f"a=fmtp:96 {parameter}").config == ()


def test_parameter_sets_without_padding_are_read() -> None:
    sets = f"{b64(SPS).rstrip('=')},{b64(PPS).rstrip('=')}"
    lines = ["m=video 0 RTP/AVP 96", "a=rtpmap:96 H264/90000", f"a=fmtp:96 sprop-parameter-sets={sets}"]
    assert video_of(*lines).config == (SPS, PPS)


@pytest.mark.parametrize(
    ("rtpmap", "fmtp", "config"),
    [
        ("MPEG4-GENERIC/16000/1", "config=1408", "1408"),
        ("MPEG4-GENERIC/16000/1", "", "1408"),
        ("mpeg4-generic/44100/2", "config=zz", "1210"),
        ("MPEG4-GENERIC/8000", "config=" + "00" * 500, "1588"),
        ("MPEG4-GENERIC/48000/2", 'config="1190"', "1190"),
    ],
)
def test_aac_without_a_config_is_the_usual_aac(rtpmap: str, fmtp: str, config: str) -> None:
    found = audio_of("m=audio 0 RTP/AVP 97", f"a=rtpmap:97 {rtpmap}", f"a=fmtp:97 {fmtp}")
    assert found is not None
    assert found.config == (bytes.fromhex(config),)


def test_sizes_of_aac_headers_that_cannot_be_are_the_usual_ones() -> None:
    for size in ("99", "9" * 5000, "-3", "x"):
        found = audio_of(
            "m=audio 0 RTP/AVP 97", "a=rtpmap:97 MPEG4-GENERIC/8000", f"a=fmtp:97 sizelength={size}"
        )
        assert found is not None
        assert (found.au_size_bits, found.au_index_bits) == (13, 3)


LINES = st.lists(
    st.sampled_from(HIKVISION.splitlines() + DAHUA.splitlines() + AXIS.splitlines()) | st.text(max_size=60),
    max_size=40,
)


@given(lines=LINES, cut=st.integers(0, 2000))
def test_any_text_is_a_description_or_an_error(lines: list[str], cut: int) -> None:
    try:
        parse("v=0\n" + "\n".join(lines)[:cut])
    except Malformed:
        pytest.fail("it begins as one")
