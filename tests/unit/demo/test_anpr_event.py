"""The pushed event has the shape of a real camera's and says the same as its pictures."""

import io
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta

import numpy as np
import pytest
from PIL import Image

from demo import tollgate_event
from demo.anpr_event import NAMESPACE, AnprEvent, Device, make_event
from demo.scene import TIME_ZONE, Scene, daylight_at, read_clock
from demo.traffic import Passage, Vehicle
from edge_agent.lpr.push import Push
from edge_agent.lpr.vendors import dahua

NOON_UTC = 1_795_532_400.25  # 2026-11-24 12:00:00.250 in São Paulo
PASSAGE = Passage(Vehicle("ABC1D23", "SUVMPV", "red"), "reverse", NOON_UTC - 0.3, 1.2)


@pytest.fixture(scope="module")
def event() -> AnprEvent:
    rgb = Scene("Praça da Matriz", look=0).render(NOON_UTC, PASSAGE)
    device = Device("Praça da Matriz", "192.0.2.10", "02:47:54:56:00:00")
    return make_event(device, PASSAGE, rgb, NOON_UTC, count=3)


def field(event: AnprEvent, path: str) -> str | None:
    names = [f"{{{NAMESPACE}}}{name}" for name in path.split("/")]
    return ET.fromstring(event.xml).findtext("/".join(names))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("eventType", "ANPR"),
        ("eventState", "active"),
        ("macAddress", "02:47:54:56:00:00"),
        ("activePostCount", "3"),
        ("dateTime", "2026-11-24T12:00:00.250-03:00"),
        ("ANPR/licensePlate", "ABC1D23"),
        ("ANPR/originalLicensePlate", "ABC1D23"),
        ("ANPR/direction", "reverse"),
        ("ANPR/line", "2"),
        ("ANPR/vehicleType", "SUVMPV"),
        ("ANPR/vehicleInfo/color", "red"),
        ("ANPR/vehicleInfo/speed", "32"),
    ],
)
def test_the_xml_says_what_was_seen(event: AnprEvent, path: str, value: str) -> None:
    assert field(event, path) == value


def test_each_event_has_its_own_identity(event: AnprEvent) -> None:
    assert field(event, "UUID") == event.event_id
    assert 0 <= int(field(event, "ANPR/confidenceLevel") or -1) <= 100


def test_the_pictures_show_the_moment_and_the_plate(event: AnprEvent) -> None:
    detection = Image.open(io.BytesIO(event.detection_jpeg))
    plate = Image.open(io.BytesIO(event.plate_jpeg))
    assert detection.size == (640, 360)
    assert plate.width < detection.width / 4
    moment = read_clock(np.array(detection))
    assert moment == pytest.approx(NOON_UTC, abs=0.001)


def test_nights_are_dark_and_days_are_not() -> None:
    midnight = datetime(2026, 11, 24)
    levels = [daylight_at(midnight + timedelta(hours=hour)) for hour in range(24)]
    assert levels[0] == levels[4] == levels[20] == 0
    assert levels[9] == levels[15] == 1
    assert 0 < daylight_at(midnight + timedelta(hours=6)) < 1


def test_an_intelbras_camera_says_the_same_in_its_own_way() -> None:
    rgb = Scene("Ponte", look=0).render(NOON_UTC, PASSAGE)
    device = Device("Ponte", "192.0.2.13", "02:47:54:56:00:03")
    event = tollgate_event.make_event(device, PASSAGE, rgb, NOON_UTC, count=3)
    body = event.body()
    push = Push(body["content"].encode(), body["headers"]["Content-Type"], TIME_ZONE)
    (read,) = dahua.parse(push)
    assert (read.plate, read.direction, read.lane, read.speed_kmh) == ("ABC1D23", "Reverse", 2, 32)
    assert read.captured_us == round(NOON_UTC * 1_000_000)
    assert read.confidence is not None and 0.88 <= read.confidence <= 0.99
    assert read.image_jpeg is not None
    assert Image.open(io.BytesIO(read.image_jpeg)).size == (640, 360)
