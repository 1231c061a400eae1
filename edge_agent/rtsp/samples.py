"""What comes out of a camera's connection: pictures and pieces of sound, encoded as the camera sent them."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Sample:
    """One access unit.

    `data`: NAL units, each behind its length in 4 bytes (ISO/IEC 14496-15), or one frame of sound.
    `time`: when it is shown, in ticks of its track's clock since the track's first packet; order is the
    order of decoding.
    """

    data: bytes
    time: int
    is_keyframe: bool = False


OnSample = Callable[[Sample], None]
