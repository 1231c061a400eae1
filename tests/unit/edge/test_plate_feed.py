"""What a box tells the hub of each camera's pushes."""

from edge_agent.box import Box
from edge_agent.clock import now_us, to_datetime
from edge_agent.listening import Port
from edge_agent.lpr.services import PlateReads
from edge_agent.plate_feed import plate_feeds
from protocol.messages import DesiredCamera, LprSource, PlateFeed
from tests.unit.edge.builders import NOON_US, vendor_read

PUSHES = DesiredCamera("cam1", "Praça", "rtsp://10.0.0.2/1", lpr_secret_sha256="0" * 64)


def feed(box: Box) -> PlateFeed:
    return plate_feeds(box, [PUSHES])["cam1"]


def test_a_camera_that_reads_no_plates_has_no_feed(box: Box) -> None:
    by_address = LprSource(by_address=True, allowed_sources=["10.0.0.3"])
    cameras = [
        DesiredCamera("cam2", "Rua", "rtsp://10.0.0.3/1"),
        DesiredCamera("cam3", "Rua", "rtsp://10.0.0.3/1", lpr=by_address),
    ]
    assert plate_feeds(box, cameras).keys() == {"cam3"}


def test_before_the_first_push_there_is_nothing_but_where_to_push_to(box: Box) -> None:
    box.ports = [Port("console", "tcp", 8443), Port("placas", "tcp", 9081)]
    told = feed(box)
    assert told == PlateFeed(addresses=told.addresses)
    assert all(address.endswith(":9081") and not address.startswith("127.") for address in told.addresses)


def test_the_newest_read_and_what_was_refused_today_are_told(box: Box) -> None:
    box.reads = PlateReads(box.store, box.folder.images, clock_us=lambda: NOON_US)
    box.reads.accept("cam1", vendor_read("e1", "ABC1D23", NOON_US - 5_000_000))
    box.reads.quarantine("cam1", "hikvision", "long ago", b"")
    before_us = now_us()
    box.reads = PlateReads(box.store, box.folder.images)
    box.reads.quarantine("cam1", "hikvision", "no plate", b"")
    box.reads.quarantine("cam2", "hikvision", "another's", b"")
    told = feed(box)
    assert told.last_read_at == to_datetime(NOON_US)
    assert (told.refused, told.refusal) == (1, "no plate")
    assert told.refused_at is not None and told.refused_at >= to_datetime(before_us)


def test_a_clock_that_is_off_is_told_in_seconds(box: Box) -> None:
    box.reads.clocks_off = lambda: {"cam1": -3_600_000_000}  # type: ignore[method-assign]
    assert feed(box).clock_off_s == -3600
