"""A viewer whom UDP does not reach watches live through a real coturn, set up by docs/turnserver.conf."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from aioice.ice import get_host_addresses
from aiortc import RTCConfiguration, RTCIceServer, RTCIceTransportPolicy

from central_hub.streaming.ice import ice_servers
from demo.ports import accepts_connections, free_port
from demo.process import OwnedProcess
from demo.programs import require_program
from tests.integration.edge.live_rig import CAMERA, City, live_url, watching

TEMPLATE = Path(__file__).parents[3] / "docs" / "turnserver.conf"
SECRET = "a-secret-of-hub-and-turn"


@dataclass(frozen=True)
class Turn:
    """A TURN server on this machine."""

    url: str

    def for_viewer(self, secret: str = SECRET, lasts: timedelta = timedelta(minutes=5)) -> RTCConfiguration:
        """Nothing but TURN, with what the hub would give a viewer."""
        (server,) = ice_servers([self.url], secret, "s1", datetime.now(UTC) + lasts)
        shown = RTCIceServer(server.urls, server.username, server.credential)
        return RTCConfiguration([shown], iceTransportPolicy=RTCIceTransportPolicy.RELAY)


@pytest.fixture(scope="module")
def turn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Turn]:
    folder = tmp_path_factory.mktemp("turn")
    address, port, tls_port = get_host_addresses(use_ipv4=True, use_ipv6=False)[0], free_port(), free_port()
    text = TEMPLATE.read_text()
    for said, meant in {
        "listening-port=3478\n": f"listening-port={port}\n",
        "tls-listening-port=5349": f"tls-listening-port={tls_port}",
        "LISTENING_ADDRESS": address,
        "RELAY_ADDRESS": address,
        "REALM": "turn.example",
        "=SECRET": f"={SECRET}",
    }.items():
        assert said in text, said
        text = text.replace(said, meant)
    file = folder / "turnserver.conf"
    file.write_text(text)
    process = OwnedProcess(
        "turnserver",
        [
            require_program("turnserver", "coturn"),
            "-c",
            file,
            "--pidfile",
            folder / "pid",
            "--userdb",
            folder / "turndb",
        ],
        log=folder / "turn.log",
        ready=lambda: accepts_connections(port, address),
    )
    with process:
        yield Turn(f"turn:{address}:{port}?transport=udp")


async def test_a_viewer_watches_through_turn(city: City, turn: Turn) -> None:
    city.order()
    url = live_url(city.relay, CAMERA, uuid4().hex)
    async with watching(url, ice=turn.for_viewer()) as viewer:
        clocks = [await viewer.clock() for _ in range(20)]
        assert time.time() - clocks[-1] < 3
        offered = viewer.peer.localDescription.sdp
        assert " typ relay" in offered and " typ host" not in offered, "there was no other way"


@pytest.mark.parametrize("wrong", [{"secret": "another"}, {"lasts": timedelta(seconds=-5)}])
async def test_who_has_no_credential_or_an_old_one_is_not_relayed(
    city: City, turn: Turn, wrong: dict[str, str]
) -> None:
    city.order()
    url = live_url(city.relay, CAMERA, uuid4().hex)
    with pytest.raises((TimeoutError, ConnectionError)):
        async with watching(url, ice=turn.for_viewer(**wrong)) as viewer:  # type: ignore[arg-type]
            await viewer.clock()
