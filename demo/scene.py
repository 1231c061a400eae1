"""What a simulated camera sees at an instant: street, passing vehicle, burned-in clock and camera name."""

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
from PIL import Image, ImageDraw

from demo import lettering
from demo.clock_strip import Picture, paint_clock, read_clock
from demo.street import HEIGHT, WIDTH, on_ground, street_picture
from demo.traffic import FAR, NEAR, Passage
from demo.vehicles import SPRITE_WIDTH, Box, vehicle_sprite

__all__ = ["HEIGHT", "TIME_ZONE", "WIDTH", "Scene", "read_clock"]

TIME_ZONE = ZoneInfo("America/Sao_Paulo")
VEHICLE_WIDTH = 262  # on the trigger line
LANE_MIDDLE = {"forward": -0.5, "reverse": 0.5}
DAYLIGHT_STEPS = 8  # the street is redrawn once per step at dawn and dusk, not per picture


class Scene:
    def __init__(self, name: str, look: int) -> None:
        self._name = name
        self._look = look

    def render(self, now_utc: float, passage: Passage) -> Picture:
        """The picture (height x width x RGB) of the instant, which is also written into it."""
        local = datetime.fromtimestamp(now_utc, UTC).astimezone(TIME_ZONE)
        daylight = daylight_at(local)
        canvas = street_picture(self._look, daylight).copy()
        if is_visible(passage, now_utc):
            _paint_vehicle(canvas, passage, now_utc, daylight)
        draw = ImageDraw.Draw(canvas)
        _paint_text(draw, (8, 14), local.strftime("%d/%m/%Y %H:%M:%S.") + f"{local.microsecond // 1000:03d}")
        _paint_label(canvas, self._name)
        rgb = np.array(canvas)
        paint_clock(rgb, now_utc)
        return rgb


def is_visible(passage: Passage, now_utc: float) -> bool:
    return NEAR < passage.distance(now_utc) < FAR


def daylight_at(local: datetime) -> float:
    """0 at night, 1 by day, in steps between; the sun of a town in the south-east all year round."""
    hour = local.hour + local.minute / 60
    share = min((hour - 5.25) / 1.25, (18.75 - hour) / 1.25)
    return round(min(1.0, max(0.0, share)) * DAYLIGHT_STEPS) / DAYLIGHT_STEPS


def plate_box(passage: Passage, now_utc: float) -> Box:
    """Where the plate is in the picture, cut at its edges."""
    left, top, width, height = _vehicle_place(passage, now_utc)
    fractions = vehicle_sprite(passage.vehicle, passage.direction, 1.0).plate
    x0, y0 = left + fractions[0] * width, top + fractions[1] * height
    x1, y1 = left + fractions[2] * width, top + fractions[3] * height
    return max(0, int(x0)), max(0, int(y0)), min(WIDTH, int(x1) + 1), min(HEIGHT, int(y1) + 1)


def _vehicle_place(passage: Passage, now_utc: float) -> tuple[int, int, int, int]:
    distance = passage.distance(now_utc)
    picture = vehicle_sprite(passage.vehicle, passage.direction, 1.0).picture
    middle, ground = on_ground(LANE_MIDDLE[passage.direction], distance)
    width = max(2, round(VEHICLE_WIDTH / distance))
    height = max(2, round(width * picture.height / SPRITE_WIDTH))
    return round(middle - width / 2), round(ground - height), width, height


def _paint_vehicle(canvas: Image.Image, passage: Passage, now_utc: float, daylight: float) -> None:
    left, top, width, height = _vehicle_place(passage, now_utc)
    draw = ImageDraw.Draw(canvas, "RGBA")
    ground = top + height
    draw.ellipse(
        (left + width * 0.02, ground - width * 0.07, left + width * 0.98, ground + width * 0.05),
        (0, 0, 0, 110),
    )
    sprite = vehicle_sprite(passage.vehicle, passage.direction, daylight).picture
    shown = sprite.resize((width, height), Image.Resampling.BILINEAR)
    canvas.paste(shown, (left, top), shown)


def _paint_text(draw: ImageDraw.ImageDraw, place: tuple[int, int], text: str) -> None:
    draw.text(place, text, font=lettering.bold(17), fill="white", stroke_width=2, stroke_fill=(20, 20, 20))


def _paint_label(canvas: Image.Image, name: str) -> None:
    label = _label(name)
    canvas.paste(label, (WIDTH - label.width - 8, HEIGHT - label.height - 6), label)


@cache
def _label(name: str) -> Image.Image:
    text = lettering.drawable(name)
    label = Image.new("RGBA", (WIDTH // 2, 26))
    width = int(ImageDraw.Draw(label).textlength(text, font=lettering.bold(17))) + 6
    label = label.resize((width, 26))
    _paint_text(ImageDraw.Draw(label), (3, 3), text)
    return label
