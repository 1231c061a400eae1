"""Drawing vehicles and Brazilian (Mercosul) number plates as pictures with transparency."""

from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw

from demo import lettering
from demo.traffic import Direction, Vehicle

Colour = tuple[int, int, int]
Box = tuple[int, int, int, int]

# Drawn at twice the size shown on the trigger line, then reduced: smooth edges.
DRAWN_WIDTH = 640
SPRITE_WIDTH = 320
PLATE_SIZE = (232, 76)  # of the drawing; larger than life, as a number-plate camera's zoom would show it
PAINT: dict[str, Colour] = {
    "white": (228, 230, 232),
    "silver": (176, 181, 186),
    "gray": (112, 117, 122),
    "black": (42, 44, 48),
    "red": (168, 34, 38),
    "blue": (40, 74, 138),
    "green": (44, 96, 66),
    "brown": (104, 76, 56),
}
HEIGHTS = {"vehicle": 470, "SUVMPV": 540, "van": 640}
MERCOSUL_BLUE = (16, 52, 140)
GLASS, RUBBER, SHADOW = (38, 48, 58, 255), (18, 18, 20, 255), (0, 0, 0, 90)


@dataclass(frozen=True)
class Sprite:
    """A vehicle's picture and where in it the plate is (fractions of its width and height)."""

    picture: Image.Image
    plate: tuple[float, float, float, float]


@lru_cache(maxsize=16)
def vehicle_sprite(vehicle: Vehicle, direction: Direction, daylight: float) -> Sprite:
    height = HEIGHTS[vehicle.body]
    canvas = Image.new("RGBA", (DRAWN_WIDTH, height))
    draw = ImageDraw.Draw(canvas)
    paint = PAINT[vehicle.colour]
    _draw_body(draw, height, paint, vehicle.body)
    if direction == "forward":
        _draw_front(draw, height, paint)
    else:
        _draw_rear(draw, height, paint)
    canvas = _dimmed(canvas, daylight)
    _draw_lamps(ImageDraw.Draw(canvas), height, direction, daylight)
    left, top = (DRAWN_WIDTH - PLATE_SIZE[0]) // 2, height - 176
    canvas.alpha_composite(plate_picture(vehicle.plate), (left, top))
    box = (left, top, left + PLATE_SIZE[0], top + PLATE_SIZE[1])
    sprite = canvas.resize((SPRITE_WIDTH, height * SPRITE_WIDTH // DRAWN_WIDTH), Image.Resampling.LANCZOS)
    fractions = (box[0] / DRAWN_WIDTH, box[1] / height, box[2] / DRAWN_WIDTH, box[3] / height)
    return Sprite(sprite, fractions)


@lru_cache(maxsize=64)
def plate_picture(plate: str) -> Image.Image:
    """White plate, blue band with the country's name, black characters."""
    width, height = PLATE_SIZE
    canvas = Image.new("RGBA", PLATE_SIZE)
    draw = ImageDraw.Draw(canvas)
    draw.rounded_rectangle(
        (0, 0, width - 1, height - 1), 8, fill=(244, 245, 246), outline=(30, 30, 34), width=2
    )
    draw.rounded_rectangle((2, 2, width - 3, 19), 6, fill=MERCOSUL_BLUE)
    draw.text((width // 2, 11), "BRASIL", font=lettering.bold(15), fill="white", anchor="mm")
    # Letters are set one by one: equal steps read better than the font's own spacing when compressed.
    step = (width - 16) / len(plate)
    for index, character in enumerate(plate):
        centre = (8 + step * (index + 0.5), 48)
        draw.text(centre, character, font=lettering.plate(47), fill=(12, 12, 16), anchor="mm")
    return canvas


def _draw_body(draw: ImageDraw.ImageDraw, height: int, paint: Colour, body: str) -> None:
    shoulder = height - 300
    inset = 60 if body == "van" else 96
    for left in (44, DRAWN_WIDTH - 134):
        draw.rounded_rectangle((left, height - 130, left + 90, height - 6), 18, fill=RUBBER)
    roof = [
        (inset + 24, 8),
        (DRAWN_WIDTH - inset - 24, 8),
        (DRAWN_WIDTH - 40, shoulder + 30),
        (40, shoulder + 30),
    ]
    draw.polygon(roof, fill=_shade(paint, 0.92))
    draw.rounded_rectangle((inset + 18, 0, DRAWN_WIDTH - inset - 18, 40), 18, fill=_shade(paint, 1.05))
    glass = [
        (inset + 44, 34),
        (DRAWN_WIDTH - inset - 44, 34),
        (DRAWN_WIDTH - 76, shoulder + 8),
        (76, shoulder + 8),
    ]
    draw.polygon(glass, fill=GLASS)
    glint = [(inset + 60, 40), (inset + 150, 40), (190, shoulder), (110, shoulder)]
    draw.polygon(glint, fill=(70, 84, 96, 255))
    for left in (0, DRAWN_WIDTH - 58):
        draw.rounded_rectangle((left, shoulder - 34, left + 58, shoulder + 8), 14, fill=_shade(paint, 0.8))
    draw.rounded_rectangle((22, shoulder, DRAWN_WIDTH - 22, height - 46), 44, fill=paint)
    draw.rounded_rectangle((22, shoulder, DRAWN_WIDTH - 22, shoulder + 70), 40, fill=_shade(paint, 1.1))
    draw.rounded_rectangle((14, height - 196, DRAWN_WIDTH - 14, height - 44), 34, fill=_shade(paint, 0.86))


def _draw_front(draw: ImageDraw.ImageDraw, height: int, paint: Colour) -> None:
    draw.line((60, height - 236, DRAWN_WIDTH - 60, height - 236), fill=_shade(paint, 0.7), width=4)
    draw.rounded_rectangle((190, height - 232, 450, height - 186), 14, fill=(24, 26, 28, 255))
    for y in range(height - 224, height - 188, 12):
        draw.line((202, y, 438, y), fill=(70, 74, 78, 255), width=3)
    draw.ellipse((304, height - 226, 336, height - 194), fill=(196, 200, 204, 255))
    draw.rounded_rectangle((150, height - 92, 490, height - 56), 12, fill=(28, 30, 32, 255))


def _draw_rear(draw: ImageDraw.ImageDraw, height: int, paint: Colour) -> None:
    draw.line((60, height - 260, DRAWN_WIDTH - 60, height - 260), fill=_shade(paint, 0.7), width=4)
    draw.rounded_rectangle((270, height - 214, 370, height - 194), 8, fill=_shade(paint, 0.6))
    draw.rounded_rectangle((60, height - 86, DRAWN_WIDTH - 60, height - 52), 12, fill=(34, 36, 38, 255))


def _draw_lamps(draw: ImageDraw.ImageDraw, height: int, direction: Direction, daylight: float) -> None:
    lit = daylight < 0.6
    if direction == "forward":
        glass = (255, 250, 224, 255) if lit else (206, 214, 220, 255)
        rim = (90, 94, 98, 255)
    else:
        glass = (255, 60, 50, 255) if lit else (164, 24, 28, 255)
        rim = (84, 12, 16, 255)
    for left in (40, DRAWN_WIDTH - 168):
        draw.rounded_rectangle(
            (left, height - 244, left + 128, height - 186), 22, fill=glass, outline=rim, width=5
        )


def _dimmed(picture: Image.Image, daylight: float) -> Image.Image:
    red, green, blue, alpha = picture.split()
    level = 0.45 + 0.55 * daylight
    bands = [band.point(lambda value: int(value * level)) for band in (red, green, blue)]
    return Image.merge("RGBA", [*bands, alpha])


def _shade(paint: Colour, factor: float) -> Colour:
    red, green, blue = (min(255, int(value * factor)) for value in paint)
    return red, green, blue
