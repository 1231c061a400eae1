"""Main and sub stream as variants of one HLS presentation (RFC 8216, 4.3.4.2): a player adapts by itself."""

from collections.abc import Sequence

from edge_agent.live.engine import Variant
from edge_agent.playback import init_section
from edge_agent.recording.domain import LiveFragment
from protocol.uplink import Quality

#: The media playlist of one quality, beside its other files: pictures alone.
MEDIA_PLAYLIST = "media.m3u8"
#: A stream's bit rate before its first group of pictures is whole: what cameras' second streams are set to.
UNMEASURED_BPS = 512_000


def multivariant_playlist(variants: Sequence[Variant]) -> str:
    """URIs are relative to the folder that holds a folder for each quality."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for variant in variants:
        attributes = [f"BANDWIDTH={variant.bandwidth_bps}"]
        if variant.codecs:
            attributes.append(f'CODECS="{variant.codecs}"')
        if variant.width and variant.height:
            attributes.append(f"RESOLUTION={variant.width}x{variant.height}")
        lines += [f"#EXT-X-STREAM-INF:{','.join(attributes)}", f"{variant.quality}/{MEDIA_PLAYLIST}"]
    return "\n".join(lines) + "\n"


def measured_variant(quality: Quality, init: bytes, tail: Sequence[LiveFragment]) -> Variant:
    """What the initialisation section and the newest fragments tell of a stream."""
    fragments = [live.fragment for live in tail if live.fragment.duration_us]
    rates = [8_000_000 * made.size_bytes // made.duration_us for made in fragments]
    try:
        codec, (width, height) = init_section.video_codec(init), init_section.picture_size(init)
    except init_section.Malformed:
        codec, width, height = "", 0, 0
    return Variant(quality, max(rates, default=UNMEASURED_BPS), codec, width, height)
