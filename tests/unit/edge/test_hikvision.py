"""A Hikvision push becomes one plate read, whatever the firmware adds, drops or gets wrong."""

from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.lpr import jpeg
from edge_agent.lpr.domain import LprError, MalformedPush, NoPlate, VendorRead, normalise_plate
from edge_agent.lpr.push import Push
from edge_agent.lpr.vendors import hikvision
from protocol.plates import MAX_PLATE
from tests.unit.edge.builders import JPEG, NOON_US, SECOND, anpr_xml, make_jpeg
from tests.unit.edge.pushes import assert_hub_understands, multipart

VEHICLE = "<vehicleType>SUVMPV</vehicleType><vehicleInfo><color>red</color><speed>54</speed></vehicleInfo>"
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<EventNotificationAlert>&b;</EventNotificationAlert>"
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    b"<EventNotificationAlert>&f;</EventNotificationAlert>"
)
#: A document type that no search for its name in ASCII finds.
WIDE_BOMB = BOMB.decode().replace("?>", ' encoding="utf-16"?>', 1).encode("utf-16")


def parse(text: bytes, pictures: dict[str, bytes]) -> VendorRead:
    """The read of a push: bare, or with pictures."""
    push = Push(text) if not pictures else multipart({"anpr.xml": text, **pictures})
    (read,) = hikvision.parse(push)
    return read


@pytest.mark.parametrize(
    "namespace",
    ["http://www.isapi.org/ver20/XMLSchema", "http://www.hikvision.com/ver20/XMLSchema", None],
)
def test_every_namespace_in_the_field_is_understood(namespace: str | None) -> None:
    read = parse(
        anpr_xml(namespace=namespace, anpr=f"<line>2</line><confidenceLevel>97</confidenceLevel>{VEHICLE}"),
        {},
    )
    assert (read.plate, read.lane, read.confidence) == ("ABC1D23", 2, 0.97)
    assert (read.vehicle_type, read.vehicle_color, read.speed_kmh) == ("SUVMPV", "red", 54.0)
    assert read.captured_us == NOON_US + SECOND // 4


def test_a_bare_push_gives_a_read_without_the_optional_fields() -> None:
    read = parse(anpr_xml(anpr=""), {})
    assert read.plate == "ABC1D23"
    optional = (
        read.confidence,
        read.direction,
        read.lane,
        read.speed_kmh,
        read.vehicle_type,
        read.image_jpeg,
    )
    assert optional == (None,) * 6


def test_the_original_plate_counts_when_the_corrected_one_is_empty() -> None:
    read = parse(anpr_xml(plate="", anpr="<originalLicensePlate>XYZ9A88</originalLicensePlate>"), {})
    assert read.plate == "XYZ9A88"


def test_a_repeat_of_a_push_has_the_same_event_and_another_vehicle_has_not() -> None:
    assert parse(anpr_xml(), {}).event == parse(anpr_xml(), {}).event
    assert parse(anpr_xml(event="uuid-2"), {}).event != parse(anpr_xml(), {}).event
    assert (
        parse(anpr_xml(event="", plate="AAA0A00"), {}).event
        != parse(anpr_xml(event="", plate="BBB0B00"), {}).event
    )


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("line", "left"),
        ("line", "9" * 32),
        ("confidenceLevel", "high"),
        ("confidenceLevel", ""),
        ("confidenceLevel", "101"),
        ("confidenceLevel", "-1"),
        ("line", "-1"),
        ("speed", "fast"),
        ("speed", "-1"),
        ("speed", "655.35e9"),
        ("speed", "nan"),
        ("speed", "inf"),
    ],
)
def test_nonsense_in_an_optional_number_loses_the_field_and_not_the_read(field: str, text: str) -> None:
    inside = f"<{field}>{text}</{field}>"
    read = parse(anpr_xml(anpr=f"<vehicleInfo>{inside}</vehicleInfo>" if field == "speed" else inside), {})
    assert (read.lane, read.confidence, read.speed_kmh) == (None, None, None)
    assert_hub_understands(read)


@given(
    st.text(max_size=40), st.sampled_from(["line", "confidenceLevel", "speed", "direction", "vehicleType"])
)
def test_whatever_an_accepted_push_says_the_hub_can_read_it(text: str, field: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    inside = f"<{field}>{escaped}</{field}>"
    try:
        read = parse(anpr_xml(anpr=f"{inside}<vehicleInfo>{inside}</vehicleInfo>"), {})
    except LprError:
        return
    assert_hub_understands(read)


@pytest.mark.parametrize(("percent", "confidence"), [("0", 0.0), ("97", 0.97), ("100", 1.0)])
def test_confidence_is_a_share_of_one(percent: str, confidence: float) -> None:
    assert parse(anpr_xml(anpr=f"<confidenceLevel>{percent}</confidenceLevel>"), {}).confidence == confidence


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"plate=ABC1D23",
        b"\x00\x01\x02",
        b"<EventNotificationAlert>",
        b"<html/>",
        b"<EventNotificationAlert/>",
        b'<?xml version="1.0" encoding="no-such-encoding"?><EventNotificationAlert/>',
        b'<?xml version="1.0" encoding="gbk"?><EventNotificationAlert/>',
        b"<a>" * 50_000,
        BOMB,
        OUTSIDE,
        b"<!DOCTYPE x []><EventNotificationAlert/>",
    ],
    ids=[
        "empty",
        "form",
        "binary",
        "torn",
        "html",
        "no-anpr",
        "encoding",
        "multi-byte",
        "deep",
        "bomb",
        "outside",
        "dtd",
    ],
)
def test_what_is_no_anpr_event_is_refused_with_the_reason(xml: bytes) -> None:
    with pytest.raises(MalformedPush, match=r"anpr\.xml"):
        parse(xml, {})


@pytest.mark.parametrize("xml", [BOMB, WIDE_BOMB, OUTSIDE], ids=["bomb", "wide", "outside"])
def test_an_xml_that_declares_entities_is_refused_for_that(xml: bytes) -> None:
    with pytest.raises(MalformedPush, match="document type"):
        parse(xml, {})


@pytest.mark.parametrize(
    "time",
    [
        "yesterday",
        "2025-13-45T99:00:00-03:00",
        "0001-01-01T00:00:00+14:00",  # before the first year that a calendar has
        "9999-12-31T23:59:59-03:00",
    ],
)
def test_a_time_that_is_none_loses_the_time_and_not_the_read(time: str) -> None:
    read = parse(anpr_xml(time=time), {})
    assert (read.plate, read.captured_us, read.clock_text) == ("ABC1D23", None, time)


def test_a_time_without_offset_is_the_citys() -> None:
    (read,) = hikvision.parse(Push(anpr_xml(time="2025-11-24T12:00:00"), zone=ZoneInfo("America/Sao_Paulo")))
    assert read.captured_us == NOON_US


def test_pushes_without_id_and_time_are_told_apart_by_what_they_say() -> None:
    once, again = (parse(anpr_xml(event="", time=""), {}).event for _ in range(2))
    assert once == again != parse(anpr_xml(event="", time="", plate="XYZ9A88"), {}).event


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_firmware_may_send_json(wrapped: bool) -> None:
    alert = {
        "dateTime": "2025-11-24T12:00:00-03:00",
        "eventType": "ANPR",
        "UUID": "u1",
        "ANPR": {"licensePlate": "abc1d23", "confidenceLevel": 97, "line": 2, "vehicleInfo": {"speed": 54}},
    }
    text = msgspec.json.encode({"EventNotificationAlert": alert} if wrapped else alert)
    read = parse(text, {"detectionPicture.jpg": JPEG})
    assert (read.plate, read.confidence, read.lane, read.speed_kmh) == ("ABC1D23", 0.97, 2, 54)
    assert (read.captured_us, read.image_jpeg) == (NOON_US, JPEG)


@pytest.mark.parametrize("plate", ["", "  ", "unknown", "NO PLATE", "000-0000", "---"])
def test_a_vehicle_without_a_readable_plate_is_no_read(plate: str) -> None:
    with pytest.raises(NoPlate):
        parse(anpr_xml(plate=plate), {})


def test_the_whole_scene_is_kept_rather_than_the_plates_cut_out() -> None:
    scene, cut_out = make_jpeg(64, 48), make_jpeg()
    images = {"licensePlatePicture.jpg": cut_out, "detectionPicture.jpg": scene}
    assert parse(anpr_xml(), images).image_jpeg == scene
    assert parse(anpr_xml(), {"licensePlatePicture.jpg": cut_out}).image_jpeg == cut_out
    assert parse(anpr_xml(), {"something-else.jpg": b"?"}).image_jpeg is None


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", JPEG[:-2], b"\x89PNG" + JPEG, b"\xff\xd8\xff\xe0no header\xff\xd9"],
    ids=["empty", "html", "torn", "png", "header"],
)
def test_a_picture_that_is_no_jpeg_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedPush, match="picture"):
        jpeg.check(body)


def test_a_picture_too_large_for_any_decoder_is_refused() -> None:
    width_and_height = b"\xff\xff\xff\xff"
    small = (8).to_bytes(2, "big") * 2
    assert JPEG.count(small) == 1
    with pytest.raises(MalformedPush, match="picture"):
        jpeg.check(JPEG.replace(small, width_and_height))


def test_a_jpeg_padded_by_the_camera_is_a_jpeg() -> None:
    jpeg.check(JPEG + b"\x00" * 32)


@pytest.mark.parametrize("text", ["abc-1d23", " ABC 1D23 ", "ABC·1D23", "abc1d23"])
def test_a_plate_is_letters_and_digits_however_it_is_written(text: str) -> None:
    assert normalise_plate(text) == "ABC1D23"


@given(st.text(max_size=40))
def test_any_text_is_a_plate_of_plain_characters_or_none(text: str) -> None:
    try:
        plate = normalise_plate(text)
    except LprError:
        return
    assert 1 <= len(plate) <= MAX_PLATE
    assert plate.isascii()
    assert plate.isalnum()
    assert plate == plate.upper()


def test_a_heartbeat_is_no_plate_and_no_error() -> None:
    alert = b"<EventNotificationAlert><eventType>heartBeat</eventType></EventNotificationAlert>"
    with pytest.raises(NoPlate):
        parse(alert, {})


def test_a_torn_picture_does_not_cost_the_read_that_has_another() -> None:
    scene, cut_out = make_jpeg(64, 48)[:-2], make_jpeg()
    images = {"detectionPicture.jpg": scene, "licensePlatePicture.jpg": cut_out}
    assert parse(anpr_xml(), images).image_jpeg == cut_out
    torn = {"detectionPicture.jpg": scene}
    assert parse(anpr_xml(), torn).image_jpeg == scene, (
        "where there is no other it is refused, and sent again"
    )


@pytest.mark.parametrize(
    ("declared", "charset"),
    [("GB2312", "gb2312"), ("gbk", "gbk"), ("UTF-8", "gb2312"), ("utf-16", "utf-16"), ("Big5", "gb2312")],
)
def test_an_xml_is_read_in_whatever_it_is_written(declared: str, charset: str) -> None:
    text = anpr_xml(anpr="<vehicleType>白色</vehicleType>").decode().replace("UTF-8", declared)
    read = parse(text.encode(charset), {})
    assert (read.plate, read.vehicle_type) == ("ABC1D23", "白色")


def test_a_picture_with_an_unknown_name_is_kept() -> None:
    alert = (
        b"<EventNotificationAlert><dateTime>2025-11-24T12:00:00-03:00</dateTime>"
        b"<ANPR><licensePlate>ABC1D23</licensePlate></ANPR></EventNotificationAlert>"
    )
    assert parse(alert, {"snap01.jpg": JPEG, "notes.txt": b"text"}).image_jpeg == JPEG
