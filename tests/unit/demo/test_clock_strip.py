"""The clock in the picture says the time it was given, or nothing at all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from demo.clock_strip import paint_clock, read_clock

DAYTIME = np.full((360, 640, 3), 120, dtype=np.uint8)


@given(milliseconds=st.integers(0, 4_102_444_800_000))
def test_every_time_of_this_century_is_read_back_to_the_millisecond(milliseconds: int) -> None:
    picture = DAYTIME.copy()
    paint_clock(picture, milliseconds / 1000)
    assert read_clock(picture) == pytest.approx(milliseconds / 1000, abs=1e-6)


@pytest.mark.parametrize("size", [(320, 180), (480, 270), (1280, 720)])
def test_a_scaled_picture_still_tells_the_time(size: tuple[int, int]) -> None:
    picture = DAYTIME.copy()
    paint_clock(picture, 1_795_479_600.123)
    scaled = np.array(Image.fromarray(picture).resize(size, Image.Resampling.BILINEAR))
    assert read_clock(scaled) == pytest.approx(1_795_479_600.123, abs=1e-6)


def test_a_picture_without_a_strip_has_no_time() -> None:
    assert read_clock(DAYTIME) is None
    assert read_clock(np.zeros((360, 640, 3), dtype=np.uint8)) is None


@pytest.mark.parametrize("cell", range(64))
def test_one_wrong_cell_is_noticed(cell: int) -> None:
    picture = DAYTIME.copy()
    paint_clock(picture, 1_795_479_600.123)
    strip = picture[:10, cell * 10 : cell * 10 + 10]
    strip[:] = 251 - strip  # black (16) and white (235) change places
    assert read_clock(picture) is None
