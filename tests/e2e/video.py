"""Looks at what a <video> element in the browser really shows."""

import base64
from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image
from playwright.sync_api import Locator

from demo.scene import read_clock

_GRAB = """video => {
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth; canvas.height = video.videoHeight;
  canvas.getContext('2d').drawImage(video, 0, 0);
  return canvas.toDataURL('image/png');
}"""


def picture(video: Locator) -> npt.NDArray[np.uint8]:
    """The frame on show, height x width x RGB."""
    url: str = video.evaluate(_GRAB)
    return np.asarray(Image.open(BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGB"))


def burned_clock(video: Locator) -> float | None:
    """The Unix time (seconds) that the camera burned into the frame on show."""
    return read_clock(picture(video))


def position_s(video: Locator) -> float:
    return float(video.evaluate("video => video.currentTime"))
