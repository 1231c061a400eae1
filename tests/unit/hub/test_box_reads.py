"""What a box has answered a camera for, the hub stores: whatever nonsense the camera's firmware wrote."""

import uuid
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from central_hub.ingest.domain import decode_events
from central_hub.lpr.domain import check_read, normalise_plate
from edge_agent.lpr.domain import LprError
from edge_agent.lpr.services import PlateReads
from edge_agent.lpr.vendors import VENDORS
from edge_agent.store import Store
from protocol.messages import OutboxEvent
from protocol.topics import Stream
from tests.unit.edge.pushes import json_push
from tests.unit.edge.test_lpr_vendors import SAMPLES, anything, changed, leaves

CAMERA = str(uuid.uuid4())
#: Texts and times that a database is particular about.
odd = st.sampled_from(
    [
        "a\0b",
        "\0",
        "1970-01-01T00:00:00Z",
        "0001-01-01T00:00:00",
        "9999-12-31T23:59:59-14:00",
        0,
        -1,
        2**63,
        1e308,
    ]
)


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlateReads]:
    folder = tmp_path_factory.mktemp("box")
    store = Store(folder / "edge.db")
    yield PlateReads(store, folder / "images")
    store.close()


@pytest.mark.req("S10.1")
@pytest.mark.parametrize("vendor", SAMPLES)
@given(data=st.data())
def test_what_a_box_accepts_the_hub_can_store(box: PlateReads, vendor: str, data: Any) -> None:
    path = data.draw(st.sampled_from(leaves(SAMPLES[vendor])))
    document = changed(SAMPLES[vendor], path, data.draw(anything | odd))
    try:
        found = VENDORS[vendor](json_push(document, zone=ZoneInfo("America/Sao_Paulo")))
    except LprError:
        return
    for one in found:
        kept = box.accept(CAMERA, one)
        if kept is None:  # a repeat
            continue
        events, refused = decode_events(Stream.LPR, [OutboxEvent(1, msgspec.Raw(msgspec.json.encode(kept)))])
        assert refused == []
        check_read(events[0].data)
        assert normalise_plate(events[0].data.plate)
