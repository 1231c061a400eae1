"""Whatever a vendor's firmware adds, drops or gets wrong, its push becomes the read that it holds."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.lpr.domain import LprError, MalformedPush, NoPlate, PlateMissing, VendorRead
from edge_agent.lpr.push import MAX_PARTS, Push
from edge_agent.lpr.vendors import (
    VENDORS,
    axis,
    dahua,
    dahua_stream,
    generic,
    hikvision,
    openalpr,
    platerecognizer,
    pumatronix,
)
from protocol import plate_cameras
from protocol.messages import LprSource, PlateCandidate
from tests.unit.edge.builders import JPEG, NOON_US, anpr_xml, make_jpeg
from tests.unit.edge.pushes import (
    AXIS,
    OPENALPR,
    PASSAGE,
    PLATE_RECOGNIZER,
    STREAM_EVENT,
    TOLLGATE,
    assert_hub_understands,
    base64_of,
    json_push,
    multipart,
)

BRT = ZoneInfo("America/Sao_Paulo")
CAPTURED_US = NOON_US + 250_000
SAMPLES: dict[str, dict[str, Any]] = {
    "axis": AXIS,
    "dahua": TOLLGATE,
    "openalpr": OPENALPR,
    "platerecognizer": PLATE_RECOGNIZER,
    "pumatronix": PASSAGE,
    "generic": {"plate": "ABC1D23", "captured_at": "2025-11-24T12:00:00.250-03:00", "lane": 2},
}
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def one(parse: Callable[[Push], list[VendorRead]], push: Push) -> VendorRead:
    (read,) = parse(push)
    return read


def changed(sample: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy of a sample with another value at a dotted path."""
    document: Any = deepcopy(sample)
    *steps, last = path.split(".")
    place = document
    for step in steps:
        place = place[int(step)] if step.isdigit() else place[step]
    place[int(last) if isinstance(place, list) else last] = value
    return document


def leaves(document: Any, path: str = "") -> list[str]:
    """The paths of everything in a document."""
    if isinstance(document, dict):
        items = list(document.items())
    elif isinstance(document, list):
        items = list(enumerate(document))
    else:
        return [path]
    below = [leaf for key, value in items for leaf in leaves(value, f"{path}.{key}" if path else str(key))]
    return [path, *below] if path else below


@pytest.mark.parametrize("vendor", SAMPLES)
def test_a_sample_gives_its_read(vendor: str) -> None:
    read = one(VENDORS[vendor], json_push(SAMPLES[vendor], zone=BRT))
    assert (read.plate, read.captured_us) == ("ABC1D23", CAPTURED_US)
    kept = assert_hub_understands(read)
    assert kept.camera_at == kept.captured_at


@pytest.mark.parametrize("vendor", SAMPLES)
def test_a_repeat_is_the_same_event_and_another_vehicle_is_not(vendor: str) -> None:
    first, again = (one(VENDORS[vendor], json_push(SAMPLES[vendor], zone=BRT)).event for _ in range(2))
    text = (
        msgspec.json.encode(SAMPLES[vendor]).replace(b"ABC1D23", b"XYZ9A88").replace(b"abc1d23", b"xyz9a88")
    )
    if vendor == "openalpr":
        text = text.replace(b"1627675927855", b"1627675927856")
    assert first == again != one(VENDORS[vendor], Push(text, "application/json", BRT)).event


def test_the_hub_offers_every_vendor_that_the_box_understands() -> None:
    assert tuple(sorted(VENDORS)) == plate_cameras.VENDORS


@pytest.mark.parametrize("vendor", SAMPLES)
@given(data=st.data())
def test_nonsense_in_any_field_never_breaks_an_adapter(vendor: str, data: st.DataObject) -> None:
    """What is accepted can be kept and sent; what is not is refused with a reason."""
    sample = SAMPLES[vendor]
    path = data.draw(st.sampled_from(leaves(sample)))
    document = changed(sample, path, data.draw(anything))
    try:
        reads = VENDORS[vendor](json_push(document, zone=BRT))
    except LprError as error:
        assert str(error)
        return
    for read in reads:
        assert read.plate
        assert read.confidence is None or 0 <= read.confidence <= 1
        assert read.lane is None or 0 <= read.lane <= 99
        texts = [text for text in (read.direction, read.vehicle_type, read.country, read.clock_text) if text]
        assert all(len(text) <= 40 and text.isprintable() for text in texts)
        assert read.event.encode()


@pytest.mark.parametrize(
    ("vendor", "body"),
    [
        ("generic", b'{"a": [' + b"[]," * 1_000_000 + b"[]]}"),
        ("platerecognizer", b"{" + b",".join(b'"%07d":1' % n for n in range(300_000)) + b"}"),
        ("hikvision", b"<a>" * 1_000_000),
        ("hikvision", b"<a>" + b"<b/>" * 1_000_000 + b"</a>"),
    ],
)
def test_a_push_of_a_million_values_is_refused_before_it_is_taken_apart(vendor: str, body: bytes) -> None:
    """Half a minute of a box, and the memory of its recorder, for one request."""
    with pytest.raises(MalformedPush, match="more than"):
        VENDORS[vendor](Push(body))


@pytest.mark.parametrize("plate", [True, {"x": 1}, ["ABC1D23"], 1.5, None])
def test_a_plate_that_is_no_text_is_no_plate(plate: Any) -> None:
    with pytest.raises(MalformedPush):
        generic.parse(json_push({"plate": plate}))


def test_signs_that_no_database_keeps_cost_neither_the_field_nor_the_read() -> None:
    read = one(
        generic.parse, json_push({"plate": "ABC1D23", "direction": "for\0ward\r", "captured_at": "\0x"})
    )
    assert (read.direction, read.clock_text) == ("forward", "x")


@pytest.mark.parametrize("vendor", [vendor for vendor in SAMPLES if vendor != "generic"])
def test_a_push_without_the_plates_field_is_told_from_a_vehicle_without_plate(vendor: str) -> None:
    with pytest.raises(NoPlate) as refusal:
        VENDORS[vendor](json_push(without_plate(SAMPLES[vendor])))
    assert isinstance(refusal.value, PlateMissing)


def without_plate(sample: Any) -> Any:
    """A copy of a sample that calls every field of a plate's text otherwise."""
    if isinstance(sample, list):
        return [without_plate(item) for item in sample]
    if not isinstance(sample, dict):
        return sample
    return {
        f"{name}Text" if isinstance(value, str) and value.upper() == "ABC1D23" else name: without_plate(value)
        for name, value in sample.items()
    }


def test_a_plate_of_digits_may_come_as_a_number() -> None:
    document = changed(OPENALPR, "best_plate_number", 7723456)
    assert one(openalpr.parse, json_push(document)).plate == "7723456"


@pytest.mark.parametrize("around", [(b"\r\n", b""), (b"", b"\0"), (b"\xef\xbb\xbf\r\n ", b"\0\0")])
def test_what_a_firmware_puts_around_its_text_is_no_part_of_it(around: tuple[bytes, bytes]) -> None:
    before, after = around
    assert one(hikvision.parse, Push(before + anpr_xml() + after, "application/xml")).plate == "ABC1D23"
    assert one(generic.parse, Push(before + b'{"plate": "ABC1D23"}' + after)).plate == "ABC1D23"


def test_two_alerts_in_one_push_are_refused_rather_than_one_of_them_lost() -> None:
    push = multipart({"anpr.xml": anpr_xml(), "second.xml": anpr_xml("XYZ9A88", event="uuid-2")})
    with pytest.raises(MalformedPush, match="2 alerts"):
        hikvision.parse(push)
    other = multipart({"capabilities.xml": b"<Capabilities/>", "anpr.xml": anpr_xml()})
    assert one(hikvision.parse, other).plate == "ABC1D23"
    with pytest.raises(MalformedPush, match="a list of 2"):
        dahua.parse(multipart({"a": msgspec.json.encode(TOLLGATE), "b": msgspec.json.encode(TOLLGATE)}))


@pytest.mark.parametrize("nonsense", [b'"\\ud83d"', b"1e999", b"NaN"])
def test_nonsense_that_only_some_parsers_take_costs_a_field_and_not_the_read(nonsense: bytes) -> None:
    read = one(generic.parse, Push(b'{"plate": "ABC1D23", "speed_kmh": %s}' % nonsense))
    assert (read.plate, read.speed_kmh) == ("ABC1D23", None)


@pytest.mark.parametrize("vendor", SAMPLES)
@pytest.mark.parametrize("body", [b"", b"[]", b"[1]", b"null", b"{", b"\xff\xfe", b"plate", b"[" * 5000])
def test_what_is_no_push_is_refused_with_the_reason(vendor: str, body: bytes) -> None:
    with pytest.raises((MalformedPush, NoPlate)) as refusal:
        VENDORS[vendor](Push(body, "application/json"))
    assert isinstance(refusal.value, MalformedPush)
    assert str(refusal.value)


@pytest.mark.parametrize(
    ("vendor", "path"),
    [
        ("axis", "plateASCII"),
        ("dahua", "Picture.Plate.PlateNumber"),
        ("openalpr", "best_plate_number"),
        ("platerecognizer", "data.results.0.plate"),
        ("pumatronix", "plate"),
        ("generic", "plate"),
    ],
)
@pytest.mark.parametrize("text", ["unknown", "0000000", "--"])
def test_a_vehicle_without_plate_is_no_read(vendor: str, path: str, text: str) -> None:
    with pytest.raises(NoPlate):
        VENDORS[vendor](json_push(changed(without_plate(SAMPLES[vendor]), path, text)))


# --- Dahua and Intelbras ----------------------------------------------------------


def test_dahua_says_how_sure_it_is_and_where_it_saw_what() -> None:
    read = one(dahua.parse, json_push(TOLLGATE, zone=BRT))
    assert (read.confidence, read.direction, read.lane) == (0.87, "Obverse", 2)
    assert (read.vehicle_type, read.vehicle_make, read.vehicle_color) == ("PassengerCar", "Fiat", "Black")


def test_dahuas_whole_scene_is_kept_rather_than_a_cut_out() -> None:
    scene, cut_out = make_jpeg(64, 48), make_jpeg()
    document = deepcopy(TOLLGATE)
    document["Picture"]["CutoutPic"] = {"Content": base64_of(cut_out)}  # type: ignore[index]
    assert one(dahua.parse, json_push(document)).image_jpeg == cut_out
    document["Picture"]["NormalPic"] = {"Content": base64_of(scene)}  # type: ignore[index]
    assert one(dahua.parse, json_push(document)).image_jpeg == scene


def test_a_dahua_camera_that_sees_no_plate_says_so() -> None:
    with pytest.raises(NoPlate):
        dahua.parse(json_push(changed(TOLLGATE, "Picture.Plate.IsExist", False)))


def test_an_older_dahua_firmware_names_lane_and_time_otherwise() -> None:
    snap = {"SnapTime": "2025-11-24 12:00:00", "Lane": 3}
    read = one(dahua.parse, json_push(changed(TOLLGATE, "Picture.SnapInfo", snap), zone=BRT))
    assert (read.lane, read.captured_us) == (3, NOON_US)


# --- Dahua's event stream -----------------------------------------------------------


def stream_part(event: dict[str, Any], head: str = "Code=TrafficJunction;action=Pulse;index=0") -> Push:
    return Push(f"{head};data=".encode() + msgspec.json.format(msgspec.json.encode(event), indent=3))


def test_an_event_of_the_stream_gives_its_read() -> None:
    read = one(dahua_stream.parse, stream_part(STREAM_EVENT))
    assert (read.plate, read.captured_us, read.confidence) == ("ABC1D23", CAPTURED_US, 0.92)
    assert (read.lane, read.speed_kmh, read.direction) == (2, 54, "Approach")
    assert_hub_understands(read)


def test_where_the_object_is_the_vehicle_its_text_is_no_plate() -> None:
    event = changed(STREAM_EVENT, "Object", {"ObjectType": "Vehicle", "Text": "Toyota", "Confidence": 3})
    read = one(dahua_stream.parse, stream_part(event))
    assert (read.plate, read.confidence) == ("ABC1D23", None)
    with pytest.raises(NoPlate):
        dahua_stream.parse(stream_part(changed(event, "TrafficCar", {"PlateNumber": ""})))


def test_a_firmware_may_write_the_event_as_lines() -> None:
    lines = (
        "Events[0].EventBaseInfo.Code=TrafficJunction\r\nEvents[0].TrafficCar.PlateNumber=abc-1d23\r\n"
        f"Events[0].TrafficCar.Lane=2\r\nEvents[0].UTC={NOON_US // 1_000_000}\r\nEvents[0].UTCMS=250\r\n"
    )
    read = one(dahua_stream.parse, Push(lines.encode()))
    assert (read.plate, read.lane, read.captured_us) == ("ABC1D23", 2, CAPTURED_US)


@pytest.mark.parametrize(
    "part",
    [
        b"Heartbeat",
        b"",
        b"Code=VideoMotion;action=Start;index=0",
        b"Code=TrafficJunction;action=Stop;data={}",
    ],
)
def test_what_else_is_in_the_stream_is_no_plate(part: bytes) -> None:
    with pytest.raises(NoPlate):
        dahua_stream.parse(Push(part))


def test_a_torn_event_is_malformed() -> None:
    with pytest.raises(MalformedPush):
        dahua_stream.parse(Push(b'Code=TrafficJunction;action=Pulse;index=0;data={"TrafficCar":'))


# --- Pumatronix ---------------------------------------------------------------------


def test_a_passage_may_come_with_its_pictures_as_parts_or_inside() -> None:
    picture = make_jpeg(64, 48)
    parts = {"passage": msgspec.json.encode(PASSAGE), "images[0]": picture, "images[1]": JPEG}
    inside = [
        {**PASSAGE, "images": [base64_of(picture)]},
        {**PASSAGE, "images": [{"data": base64_of(picture)}]},
    ]
    for push in (multipart(parts), *map(json_push, inside)):
        read = one(pumatronix.parse, push)
        assert (read.image_jpeg, read.speed_kmh, read.lane) == (picture, 54.5, 1)


# --- Axis ---------------------------------------------------------------------------


def test_the_states_of_one_car_are_events_of_one_track() -> None:
    new = one(axis.parse, json_push(AXIS))
    lost = one(axis.parse, json_push({**AXIS, "carState": "lost", "plateASCII": "A8C1D23"}))
    assert new.track == lost.track == "1144696"
    assert new.event != lost.event
    assert (new.direction, new.lane, new.confidence) == ("in", 2, 0.719034)


def test_axis_may_send_its_picture_as_a_part() -> None:
    parts = {"event.json": msgspec.json.encode(AXIS), "plate.jpg": JPEG, "roi.jpg": make_jpeg(64, 48)}
    assert one(axis.parse, multipart(parts)).image_jpeg == make_jpeg(64, 48)


# --- Plate Recognizer ---------------------------------------------------------------


def test_plate_recognizer_knows_vehicle_region_and_other_readings() -> None:
    push = multipart({"json": msgspec.json.encode(PLATE_RECOGNIZER), "upload": JPEG})
    read = one(platerecognizer.parse, push)
    assert (read.vehicle_make, read.vehicle_model, read.vehicle_color) == ("Fiat", "Argo", "red")
    assert (read.country, read.region, read.direction) == ("br", "br-sp", "210")
    assert read.candidates == (PlateCandidate("A8C1D23", 0.5),)
    assert read.image_jpeg == JPEG


def test_every_plate_of_one_picture_is_a_read() -> None:
    sample = deepcopy(PLATE_RECOGNIZER)
    (result,) = sample["data"]["results"]  # type: ignore[index]
    sample["data"]["results"] = [result, {**result, "plate": "xyz9a88"}, {"plate": ""}]  # type: ignore[index]
    reads = platerecognizer.parse(json_push(sample))
    assert [read.plate for read in reads] == ["ABC1D23", "XYZ9A88"]
    assert len({read.event for read in reads}) == 2


# --- OpenALPR -----------------------------------------------------------------------


def test_a_group_knows_vehicle_and_other_readings() -> None:
    document = {**OPENALPR, "vehicle_crop_jpeg": base64_of(JPEG)}
    read = one(openalpr.parse, json_push(document))
    assert (read.confidence, read.vehicle_make, read.vehicle_model) == (0.9325, "fiat", "argo")
    assert (read.vehicle_type, read.country, read.region) == ("suv-crossover", "br", "br-sp")
    assert read.candidates == (PlateCandidate("ABC1023", 0.715),)
    assert read.image_jpeg == JPEG


def test_an_alert_is_the_read_of_its_group() -> None:
    alert = {"data_type": "alpr_alert", "plate_number": "ABC1D23", "group": OPENALPR}
    assert one(openalpr.parse, json_push(alert)) == one(openalpr.parse, json_push(OPENALPR))
    with pytest.raises(MalformedPush):
        openalpr.parse(json_push({"data_type": "alpr_alert"}))


@pytest.mark.parametrize("kind", ["heartbeat", "alpr_results", None])
def test_other_messages_of_the_agent_are_no_read(kind: str | None) -> None:
    with pytest.raises(NoPlate):
        openalpr.parse(json_push({"data_type": kind}))


# --- generic ------------------------------------------------------------------------


def test_our_own_format_has_every_field() -> None:
    document = {
        **SAMPLES["generic"],
        "event": "e1",
        "confidence": 0.9,
        "speed_kmh": "54",
        "vehicle_model": "Argo",
        "country": "br",
        "image": "data:image/jpeg;base64," + base64_of(JPEG),
    }
    read = one(generic.parse, json_push(document))
    assert (read.confidence, read.speed_kmh, read.vehicle_model) == (0.9, 54, "Argo")
    assert (read.country, read.image_jpeg) == ("br", JPEG)


def test_a_mapping_finds_the_fields_of_any_json() -> None:
    """A Vaxtor template with its own names and times."""
    source = LprSource(
        mapping={"plate": "alpr.0.plate", "captured_at": "date", "confidence": "conf", "lane": "roiid"},
        time_format="%d/%m/%Y %H:%M:%S",
    )
    document = {"alpr": [{"plate": "ABC-1D23"}], "date": "24/11/2025 12:00:00", "conf": "97.5", "roiid": "2"}
    read = one(generic.parse, json_push(document, zone=BRT, source=source))
    assert (read.plate, read.captured_us, read.confidence, read.lane) == ("ABC1D23", NOON_US, 0.975, 2)


EACH = LprSource(mapping={"plate": "alpr.*.text", "confidence": "alpr.*.conf", "captured_at": "date"})


def test_a_mapping_takes_each_vehicle_of_a_list() -> None:
    vehicles = [{"text": "ABC1D23", "conf": 90}, {"text": "unknown"}, {"text": "BRA2E19", "conf": 80}]
    document = {"alpr": vehicles, "date": "2025-11-24T12:00:00-03:00"}
    reads = generic.parse(json_push(document, source=EACH))
    assert [(read.plate, read.confidence, read.captured_us) for read in reads] == [
        ("ABC1D23", 0.9, NOON_US),
        ("BRA2E19", 0.8, NOON_US),
    ]
    assert len({read.event for read in reads}) == len(reads)


def test_the_picture_of_several_vehicles_is_each_ones() -> None:
    document = msgspec.json.encode({"alpr": [{"text": "ABC1D23"}, {"text": "BRA2E19"}]})
    reads = generic.parse(multipart({"event.json": document, "scene.jpg": JPEG}, source=EACH))
    assert [read.image_jpeg for read in reads] == [JPEG, JPEG]


@pytest.mark.parametrize(("document", "refusal"), [({"alpr": []}, NoPlate), ({"alpr": 1}, MalformedPush)])
def test_a_list_without_vehicles_is_no_plate_and_no_list_is_refused(
    document: dict[str, Any], refusal: type[LprError]
) -> None:
    with pytest.raises(refusal):
        generic.parse(json_push(document, source=EACH))


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb2312", "latin-1"])
def test_a_json_is_read_in_whatever_it_is_written(charset: str) -> None:
    body = '{"plate": "ABC1D23", "vehicle_color": "%s"}' % ("白色" if charset == "gb2312" else "âmbar")
    read = one(generic.parse, Push(body.encode(charset), "application/json"))
    assert (read.plate, read.vehicle_color) == ("ABC1D23", "白色" if charset == "gb2312" else "âmbar")


@pytest.mark.parametrize(
    ("how", "text"),
    [("epoch_s", NOON_US // 10**6), ("epoch_ms", str(NOON_US // 1000)), ("epoch_s", "1763996400.0")],
)
def test_a_device_may_count_seconds(how: str, text: object) -> None:
    push = json_push({"plate": "ABC1D23", "captured_at": text}, source=LprSource(time_format=how))
    assert one(generic.parse, push).captured_us == NOON_US


def test_a_form_is_a_push_too() -> None:
    form = Push(b"plate=ABC-1D23&lane=2", "application/x-www-form-urlencoded")
    assert one(generic.parse, form).lane == 2
    parts = multipart({"plate": b"ABC-1D23", "lane": b"2", "picture.jpg": JPEG})
    assert (one(generic.parse, parts).lane, one(generic.parse, parts).image_jpeg) == (2, JPEG)


def test_a_push_whose_plate_is_not_where_the_mapping_says_is_refused() -> None:
    source = LprSource(mapping={"plate": "a.b"})
    with pytest.raises(MalformedPush, match=r"a\.b"):
        generic.parse(json_push({"plate": "ABC1D23"}, source=source))


# --- multipart ----------------------------------------------------------------------


def test_a_flood_of_parts_is_refused() -> None:
    push = multipart({f"{number}.jpg": b"x" for number in range(MAX_PARTS + 1)})
    with pytest.raises(MalformedPush, match="parts"):
        _ = push.parts


def test_two_parts_of_one_name_are_two_parts() -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 2 + b"--b--\r\n"
    assert dict(Push(body, "multipart/form-data; boundary=b").parts) == {"a": b"1", "a+": b"1"}


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.binary(max_size=200), min_size=1, max_size=8
    )
)
def test_parts_come_apart_as_they_were_put_together(parts: dict[str, bytes]) -> None:
    assert dict(multipart(parts).parts) == parts


@given(st.binary(max_size=300))
def test_no_bytes_break_the_multipart_parser(body: bytes) -> None:
    try:
        _ = Push(body, "multipart/form-data; boundary=b").parts
    except MalformedPush as error:
        assert str(error)
