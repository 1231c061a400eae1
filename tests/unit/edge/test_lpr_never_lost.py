"""Two vehicles are two reads, however little a device tells them apart; what is unread is not answered so."""

from typing import Any

import msgspec
import pytest

from edge_agent.lpr.domain import MalformedPush, NoPlate, VendorRead
from edge_agent.lpr.push import Push
from edge_agent.lpr.vendors import VENDORS
from tests.unit.edge.builders import anpr_xml
from tests.unit.edge.pushes import json_push


def reads(vendor: str, document: Any) -> list[VendorRead]:
    return VENDORS[vendor](json_push(document))


def events(vendor: str, *documents: Any) -> list[str]:
    return [read.event for document in documents for read in reads(vendor, document)]


def test_every_object_of_a_generic_list_is_a_read() -> None:
    batch = [{"plate": "BAT1A11"}, {"plate": "BAT2A22", "image": ""}]
    found = reads("generic", batch)
    assert [read.plate for read in found] == ["BAT1A11", "BAT2A22"]
    assert len({read.event for read in found}) == 2
    assert events("generic", batch) == [read.event for read in found], "a repeat is known"


def test_a_passage_without_plate_does_not_cost_the_others_of_its_list() -> None:
    assert [read.plate for read in reads("generic", [{"plate": "unknown"}, {"plate": "BAT2A22"}])] == [
        "BAT2A22"
    ]
    with pytest.raises(NoPlate):
        reads("generic", [{"plate": "unknown"}])


@pytest.mark.parametrize("batch", [[{"plate": "BAT1A11"}, {}], [{"plate": "BAT1A11"}, 7], []])
def test_a_list_that_is_not_understood_whole_is_refused_whole(batch: list[Any]) -> None:
    with pytest.raises(MalformedPush):
        reads("generic", batch)


def test_a_device_of_single_pushes_that_sends_a_list_is_told_so() -> None:
    group = {"data_type": "alpr_group", "best_plate_number": "ABC1D23"}
    assert reads("openalpr", [group])[0].plate == "ABC1D23"
    with pytest.raises(MalformedPush, match="a list of 2"):
        reads("openalpr", [group, group])


def test_two_plates_under_one_uuid_and_second_are_two_events() -> None:
    def event(plate: str) -> str:
        xml = anpr_xml(plate=plate, event="same", time="2026-11-25T10:00:00-03:00")
        return VENDORS["hikvision"](Push(xml, "application/xml"))[0].event

    assert event("SUB1A11") != event("SUB1B22")
    assert event("SUB1A11") == event("SUB1A11")


def test_a_picture_without_time_is_known_by_its_bytes_and_not_by_a_name_that_all_have() -> None:
    def push(score: float) -> dict[str, Any]:
        return {"data": {"filename": "cam.jpg", "results": [{"plate": "prn1a11", "score": score}]}}

    one, again, other = events("platerecognizer", push(0.9), push(0.9), push(0.8))
    assert one == again != other


def test_an_openalpr_group_that_does_not_say_so_is_one() -> None:
    assert reads("openalpr", {"best_plate_number": "OAN1A11"})[0].plate == "OAN1A11"
    with pytest.raises(NoPlate):
        reads("openalpr", msgspec.json.decode(b'{"agent_uid": "x"}'))
