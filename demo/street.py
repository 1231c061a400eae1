"""Drawing the street that a simulated camera looks at: one drawing per camera and level of daylight.

Everything that stands on the ground follows one perspective: a point at distance d lies on the line from the
vanishing point to its place at distance 1, at 1/d of the way.
"""

# ruff: noqa: S311 - chance makes the pictures and events lifelike; nothing secret depends on it

import random
from collections.abc import Callable
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT = 640, 360
VANISHING_X, HORIZON_Y = 320, 116
ROAD_HALF_WIDTH = 330  # at distance 1
GROUND_DEPTH = 206  # pixels from the horizon to the ground line at distance 1
OVERSAMPLING = 2

Colour = tuple[int, int, int]


def on_ground(offset: float, distance: float) -> tuple[float, float]:
    """Where a point of the ground is seen; `offset` in road half-widths from the middle of the road."""
    return VANISHING_X + offset * ROAD_HALF_WIDTH / distance, HORIZON_Y + GROUND_DEPTH / distance


@lru_cache(maxsize=32)
def street_picture(look: int, daylight: float) -> Image.Image:
    """The empty street; `look` chooses the place, `daylight` runs from 0 (night) to 1 (day)."""
    canvas = Image.new("RGB", (WIDTH * OVERSAMPLING, HEIGHT * OVERSAMPLING))
    lights = Image.new("RGB", canvas.size)
    painter = _Painter(ImageDraw.Draw(canvas), ImageDraw.Draw(lights), random.Random(look))
    painter.sky()
    _SKYLINES[look % len(_SKYLINES)](painter)
    painter.ground()
    painter.roadside()
    day = canvas.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    return _with_night(day, lights.resize((WIDTH, HEIGHT)), daylight)


def _with_night(day: Image.Image, lights: Image.Image, daylight: float) -> Image.Image:
    if daylight >= 1:
        return day
    night = Image.merge(
        "RGB",
        [
            band.point(lambda value, level=level: int(value * level))
            for band, level in zip(day.split(), (0.34, 0.37, 0.48), strict=True)
        ],
    )
    glow = lights.filter(ImageFilter.GaussianBlur(9))
    night = ImageChops.add(ImageChops.add(night, glow), lights.filter(ImageFilter.GaussianBlur(1)))
    return Image.blend(night, day, daylight)


class _Painter:
    """Draws in the coordinates of the finished picture onto an enlarged canvas."""

    def __init__(self, draw: ImageDraw.ImageDraw, lights: ImageDraw.ImageDraw, chance: random.Random) -> None:
        self._draw = draw
        self._lights = lights
        self.chance = chance

    def polygon(self, points: list[tuple[float, float]], fill: Colour, *, light: bool = False) -> None:
        scaled = [(x * OVERSAMPLING, y * OVERSAMPLING) for x, y in points]
        (self._lights if light else self._draw).polygon(scaled, fill=fill)

    def box(self, x0: float, y0: float, x1: float, y1: float, fill: Colour, *, light: bool = False) -> None:
        self.polygon([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], fill, light=light)

    def disc(self, x: float, y: float, radius: float, fill: Colour, *, light: bool = False) -> None:
        edges = [value * OVERSAMPLING for value in (x - radius, y - radius, x + radius, y + radius)]
        (self._lights if light else self._draw).ellipse(edges, fill=fill)

    def sky(self) -> None:
        top, bottom = (104, 152, 204), (214, 226, 234)
        for y in range(HORIZON_Y + 14):
            share = y / (HORIZON_Y + 14)
            red, green, blue = (int(a + (b - a) * share) for a, b in zip(top, bottom, strict=True))
            self.box(0, y, WIDTH, y + 1, (red, green, blue))
        for _ in range(3):
            cloud_x, cloud_y = self.chance.uniform(40, 600), self.chance.uniform(28, 62)
            for step in range(5):
                puff_y = cloud_y + self.chance.uniform(-4, 4)
                self.disc(cloud_x + step * 15, puff_y, 8 + step % 3 * 3, (236, 241, 245))

    def hills(self, colour: Colour, height: float) -> None:
        points: list[tuple[float, float]] = [(0, HORIZON_Y + 16)]
        points += [(x, HORIZON_Y - height * self.chance.uniform(0.35, 1)) for x in range(0, WIDTH + 80, 80)]
        self.polygon([*points, (WIDTH + 80, HORIZON_Y + 16)], colour)

    def building(self, x: float, width: float, height: float, wall: Colour) -> None:
        top = HORIZON_Y + 14 - height
        self.box(x, top, x + width, HORIZON_Y + 16, wall)
        self.box(x + width * 0.8, top, x + width, HORIZON_Y + 16, _darker(wall, 0.85))
        for window_y in range(int(top) + 6, HORIZON_Y, 11):
            for window_x in range(int(x) + 5, int(x + width) - 7, 10):
                self.box(window_x, window_y, window_x + 5, window_y + 6, (92, 112, 130))
                if self.chance.random() < 0.4:
                    self.box(window_x, window_y, window_x + 5, window_y + 6, (150, 122, 62), light=True)

    def house(self, x: float, width: float, wall: Colour) -> None:
        base, height = HORIZON_Y + 18.0, self.chance.uniform(24, 34)
        self.box(x, base - height, x + width, base, wall)
        roof = [(x - 4, base - height), (x + width / 2, base - height - 15), (x + width + 4, base - height)]
        self.polygon(roof, (164, 92, 66))
        self.box(x + width * 0.42, base - 18, x + width * 0.58, base, _darker(wall, 0.55))
        for share in (0.12, 0.7):
            self.box(x + width * share, base - 20, x + width * (share + 0.18), base - 10, (96, 116, 132))
            self.box(
                x + width * share,
                base - 20,
                x + width * (share + 0.18),
                base - 10,
                (150, 122, 62),
                light=True,
            )

    def tree(self, x: float, base_y: float, size: float) -> None:
        self.box(x - size * 0.06, base_y - size * 0.6, x + size * 0.06, base_y, (92, 70, 52))
        for _ in range(9):
            away_x, away_y = self.chance.uniform(-0.32, 0.32), self.chance.uniform(-0.25, 0.2)
            green = self.chance.choice(((58, 108, 62), (70, 124, 70), (48, 94, 58)))
            self.disc(x + away_x * size, base_y - size * (0.82 - away_y), size * 0.24, green)

    def lamp_post(self, side: float, distance: float) -> None:
        x, y = on_ground(side * 1.17, distance)
        height, reach = 235 / distance, -side * 44 / distance
        thick = max(0.8, 4.5 / distance)
        self.box(x - thick, y - height, x + thick, y, (94, 98, 102))
        self.box(min(x, x + reach), y - height, max(x, x + reach), y - height + thick * 1.4, (94, 98, 102))
        self.disc(x + reach, y - height + thick * 2, thick * 1.7, (214, 216, 212))
        self.disc(x + reach, y - height + thick * 2, thick * 2.2, (255, 214, 140), light=True)

    def ground(self) -> None:
        self.box(0, HORIZON_Y + 14, WIDTH, HEIGHT, (122, 140, 96))
        self._strip(-1.5, 1.5, (172, 168, 160))  # pavements
        self._strip(-1.06, 1.06, (206, 204, 196))  # kerbs
        self._strip(-1, 1, (84, 86, 90))
        self._strip(-0.965, -0.945, (208, 208, 204))
        self._strip(0.945, 0.965, (208, 208, 204))
        for near in (0.72, 1.0, 1.4, 2.0, 2.9, 4.2, 6.2):
            self._strip(-0.012, 0.012, (226, 190, 70), near, near * 1.2)
        for stripe in range(-9, 10, 2):
            self._strip(stripe / 10 - 0.05, stripe / 10 + 0.05, (222, 222, 218), 2.3, 2.62)

    def _strip(self, left: float, right: float, fill: Colour, near: float = 0.5, far: float = 14.0) -> None:
        corners = [on_ground(left, far), on_ground(right, far), on_ground(right, near), on_ground(left, near)]
        self.polygon(corners, fill)

    def roadside(self) -> None:
        for distance in (9.0, 6.0, 4.2, 3.0, 2.1, 1.5):
            for side in (-1, 1):
                if self.chance.random() < 0.75:
                    x, y = on_ground(side * self.chance.uniform(1.35, 1.6), distance)
                    self.tree(x, y, 150 / distance)
                self.lamp_post(side, distance * 1.12)


def _skyline_of_square(painter: _Painter) -> None:
    painter.hills((126, 150, 138), 30)
    for x in range(-10, 640, 62):
        painter.house(x + painter.chance.uniform(0, 10), painter.chance.uniform(44, 56), _wall(painter))
    base = HORIZON_Y + 16
    painter.box(402, base - 56, 466, base, (232, 226, 210))
    painter.box(420, base - 84, 448, base - 50, (226, 219, 202))
    painter.polygon([(418, base - 84), (434, base - 108), (450, base - 84)], (150, 84, 62))
    painter.box(433, base - 118, 435, base - 106, (86, 80, 74))
    painter.box(430, base - 114, 438, base - 112, (86, 80, 74))
    painter.box(427, base - 24, 441, base, (98, 68, 48))
    painter.disc(434, base - 66, 6, (96, 116, 132))


def _skyline_of_avenue(painter: _Painter) -> None:
    for x in range(-20, 640, 46):
        painter.building(x, painter.chance.uniform(38, 52), painter.chance.uniform(48, 104), _wall(painter))


def _skyline_of_city_gate(painter: _Painter) -> None:
    painter.hills((118, 142, 150), 62)
    painter.hills((106, 136, 112), 34)
    for x in (24, 118, 496, 574):
        painter.house(x, 50, _wall(painter))


def _skyline_of_school(painter: _Painter) -> None:
    painter.hills((126, 150, 138), 26)
    for x in (-10, 44, 96, 520, 580):
        painter.house(x, 48, _wall(painter))
    painter.building(170, 96, 48, (214, 186, 130))
    painter.building(396, 92, 58, (204, 178, 168))


_SKYLINES: tuple[Callable[[_Painter], None], ...] = (
    _skyline_of_square,
    _skyline_of_avenue,
    _skyline_of_city_gate,
    _skyline_of_school,
)


def _wall(painter: _Painter) -> Colour:
    return painter.chance.choice(
        ((216, 196, 160), (206, 182, 164), (190, 198, 202), (224, 214, 196), (180, 172, 160), (198, 208, 190))
    )


def _darker(colour: Colour, factor: float) -> Colour:
    red, green, blue = (int(value * factor) for value in colour)
    return red, green, blue
