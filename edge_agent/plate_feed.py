"""How each camera's plates reach the box, as the hub is told: the last read, what was refused, its clock."""

from edge_agent.box import Box
from edge_agent.clock import now_us, to_datetime
from edge_agent.console.tls import own_addresses
from edge_agent.listening import LPR_PORT
from edge_agent.lpr.quarantine import DAY_US, RefusedOf
from protocol.messages import DesiredCamera, PlateFeed

#: A box has one or two networks; each of its virtual ones is an address, too.
_MAX_ADDRESSES = 8


def plate_feeds(box: Box, cameras: list[DesiredCamera]) -> dict[str, PlateFeed]:
    """By camera; of those that are set up to read plates. Raises sqlite3.Error."""
    reading = [camera.id for camera in cameras if _reads_plates(camera)]
    refused = {one.camera: one for one in box.quarantine.by_camera(now_us() - DAY_US)}
    clocks_off = box.reads.clocks_off()
    addresses = _addresses(box)
    return {
        camera: _feed(
            box.plates.newest_received_us(camera), refused.get(camera), clocks_off.get(camera), addresses
        )
        for camera in reading
    }


def _reads_plates(camera: DesiredCamera) -> bool:
    lpr = camera.lpr
    return bool(camera.lpr_secret_sha256 or lpr.username or lpr.by_address or lpr.pull)


def _feed(
    read_us: int | None, refused: RefusedOf | None, clock_off_us: int | None, addresses: list[str]
) -> PlateFeed:
    return PlateFeed(
        last_read_at=to_datetime(read_us) if read_us is not None else None,
        refused=refused.pushes if refused else 0,
        refused_at=to_datetime(refused.received_us) if refused else None,
        refusal=refused.reason[:500] if refused else "",
        clock_off_s=clock_off_us // 1_000_000 if clock_off_us is not None else None,
        addresses=addresses,
    )


def _addresses(box: Box) -> list[str]:
    """Where cameras push to: the box on each of its networks. IPv4, as cameras' menus take it."""
    port = next((port.number for port in box.ports if port.purpose == "placas"), LPR_PORT)
    own = sorted(address for address in own_addresses() if address.version == 4 and not address.is_loopback)
    return [f"{address}:{port}" for address in own[:_MAX_ADDRESSES]]
