"""A machine-readable clock in the top rows of a picture: tests measure delay and order of real video with it.

The strip is one row of 64 black and white cells over the whole width, most significant bit first:

    | sync 8 | Unix time in milliseconds 44 | CRC 12 |

A cell is 10 x 10 pixels at 640x360: larger than one H.264 macroblock's ringing and readable at half the size.
"""

import binascii

import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]

CELLS = 64
SYNC, SYNC_BITS = 0b11100101, 8
TIME_BITS = 44  # until the year 2527
CRC_BITS = 12
HEIGHT_FRACTION = 1 / 36
BLACK, WHITE = 16, 235
MIN_CONTRAST = 60


def paint_clock(rgb: Picture, unix_time_s: float) -> None:
    """Write the time into the top rows of `rgb` (height x width x 3), in place."""
    height, width = rgb.shape[:2]
    cell_of_column = np.arange(width) * CELLS // width
    levels = np.where(_encode(round(unix_time_s * 1000)), WHITE, BLACK).astype(np.uint8)
    rgb[: _strip_height(height)] = levels[cell_of_column][None, :, None]


def read_clock(rgb: Picture) -> float | None:
    """The Unix time in the strip, in seconds; None when there is no intact strip."""
    height, width = rgb.shape[:2]
    rows = _strip_height(height)
    strip = rgb[rows // 4 : max(rows // 4 + 1, rows - rows // 4)].mean(axis=(0, 2))
    cell_width = width / CELLS
    centres = (np.arange(CELLS) + 0.5) * cell_width
    reach = max(0.5, cell_width / 4)  # the middle half of a cell: its edges are blurred by compression
    levels = np.array(
        [strip[int(c - reach) : max(int(c - reach) + 1, int(c + reach))].mean() for c in centres]
    )
    if levels.max() - levels.min() < MIN_CONTRAST:
        return None
    milliseconds = _decode(levels > (levels.max() + levels.min()) / 2)
    return None if milliseconds is None else milliseconds / 1000


def _strip_height(picture_height: int) -> int:
    return max(2, round(picture_height * HEIGHT_FRACTION))


def _encode(milliseconds: int) -> npt.NDArray[np.bool_]:
    word = (SYNC << TIME_BITS | milliseconds) << CRC_BITS | _crc(milliseconds)
    return np.array([bool(word >> bit & 1) for bit in reversed(range(CELLS))])


def _decode(cells: npt.NDArray[np.bool_]) -> int | None:
    word = int("".join("1" if cell else "0" for cell in cells), 2)
    milliseconds = word >> CRC_BITS & (1 << TIME_BITS) - 1
    intact = word >> CRC_BITS + TIME_BITS == SYNC and word & (1 << CRC_BITS) - 1 == _crc(milliseconds)
    return milliseconds if intact else None


def _crc(milliseconds: int) -> int:
    return binascii.crc_hqx(milliseconds.to_bytes(8, "big"), 0) & (1 << CRC_BITS) - 1
