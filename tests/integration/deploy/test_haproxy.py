"""The hub's front door, as it is deployed: HAProxy before a real web process and two relays."""

import os
import ssl
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from central_hub.relay.tokens import Audience, issue
from demo.engines import OwnedProcess, Postgres, Redis, free_port, require_program
from demo.ports import LOOPBACK
from protocol.uplink import GetPlaylist, decode_from_relay
from tests.integration.deploy.front_door import CONFIGURATION, certificate, front_door_environment

GTV = Path(sys.executable).parent / "gtv"
SECRET = "s" * 32
LIMIT = 40
#: Named, so that the same of them fall to the same relay each time.
SESSIONS = [f"session-{number}" for number in range(8)]


def answers(url: str) -> Callable[[], bool]:
    def ask() -> bool:
        try:
            return httpx.get(url, timeout=2).is_success
        except httpx.HTTPError:
            return False

    return ask


@dataclass
class Door:
    """HAProxy, and the ports of what stands behind it."""

    plain: str
    secure: str
    figures: str
    relays: list[str]
    trust: ssl.SSLContext
    log: Path

    def client(self, source: str = LOOPBACK) -> httpx.Client:
        transport = httpx.HTTPTransport(verify=self.trust, local_address=source)
        return httpx.Client(base_url=self.secure, transport=transport, timeout=30)

    def token(self, audience: Audience, session: str) -> str:
        return issue(SECRET, audience, session, datetime.now(UTC) + timedelta(minutes=5))


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres, redis_server: Redis) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("door")
    haproxy = require_program("haproxy", "haproxy")
    names = ("http", "https", "metrics", "web", "relay1", "relay2")
    ports = {name: free_port() for name in names}
    https = f"https://localhost:{ports['https']}"
    hub = os.environ | {
        "GTV_DEBUG": "1",
        "GTV_DATABASE_URL": postgres.url,
        "GTV_REDIS_URL": redis_server.url,
        "GTV_RELAY_SECRET": SECRET,
        "GTV_PUBLIC_URL": https,
    }
    relays = [f"http://{LOOPBACK}:{ports[name]}" for name in ("relay1", "relay2")]
    tls = certificate(folder)
    trust = ssl.create_default_context(cafile=tls)
    door_environment = front_door_environment(
        tls,
        http=ports["http"],
        https=ports["https"],
        metrics=ports["metrics"],
        web=ports["web"],
        relays=(ports["relay1"], ports["relay2"]),
        requests_per_10s=LIMIT,
    )
    processes = [
        OwnedProcess(
            name,
            [GTV, "hub", kind, "--port", str(ports[name])],
            log=folder / f"{name}.log",
            env=hub,
            ready=answers(f"http://{LOOPBACK}:{ports[name]}/healthz"),
        )
        for name, kind in (("web", "web"), ("relay1", "relay"), ("relay2", "relay"))
    ]
    log = folder / "haproxy.log"
    figures = f"http://{LOOPBACK}:{ports['metrics']}"
    processes.append(
        OwnedProcess(
            "haproxy",
            [haproxy, "-db", "-f", CONFIGURATION],
            log=log,
            env=door_environment,
            ready=lambda: all_up(figures),
        )
    )
    with ExitStack() as stack:
        for process in processes:
            stack.enter_context(process)
        yield Door(f"http://localhost:{ports['http']}", https, figures, relays, trust, log)


def all_up(figures: str) -> bool:
    try:
        text = httpx.get(f"{figures}/metrics", timeout=2).text
    except httpx.HTTPError:
        return False
    ups = [
        f'haproxy_server_status{{proxy="{proxy}",server="{server}",state="UP"}} 1'
        for proxy, server in (
            ("web", "web"),
            ("gateway", "gateway"),
            ("relays", "relay-1"),
            ("relays", "relay-2"),
        )
    ]
    return all(up in text for up in ups)


@pytest.mark.req("S13.2")
def test_plain_http_leads_to_https_and_https_answers(door: Door) -> None:
    led = httpx.get(f"{door.plain}/placas?x=1", headers={"Host": "localhost"})
    assert (led.status_code, led.headers["location"]) == (301, "https://localhost/placas?x=1")
    with door.client() as client:
        answer = client.get("/healthz", headers={"X-Request-Id": "pedido-1"})
        assert (answer.status_code, answer.headers["x-request-id"]) == (200, "pedido-1")
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        assert client.get("/metrics").status_code == 404, "figures are for operators"
        unknown = client.get("/api/v1/nothing")
        assert unknown.status_code == 404 and unknown.headers["content-type"].startswith(
            "application/problem"
        )


@pytest.mark.req("S13.2")
def test_old_tls_is_refused(door: Door) -> None:
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.load_verify_locations(cafile=door.log.parent / "tls.pem")
    old.set_ciphers("DEFAULT:@SECLEVEL=0")  # so that it is not this side that refuses
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    with pytest.raises(httpx.ConnectError), httpx.Client(verify=old) as client:
        client.get(door.secure)


@pytest.mark.req("S13.2")
def test_one_address_is_bounded_and_another_is_not(door: Door) -> None:
    with door.client("127.0.0.2") as eager, door.client("127.0.0.3") as other:
        # Also by who calls himself another: the header is not believed.
        seen = [eager.get("/healthz", headers={"X-Forwarded-For": f"10.0.0.{n}"}) for n in range(LIMIT + 5)]
        assert other.get("/healthz").status_code == 200
    refused = [answer for answer in seen if answer.status_code == 429]
    assert {answer.status_code for answer in seen[:LIMIT]} == {200} and len(refused) == 5
    assert refused[0].headers["retry-after"] == "10" and "Pedidos demais" in refused[0].json()["detail"]


def test_a_websocket_of_the_api_passes(door: Door) -> None:
    address = f"{door.secure.replace('https', 'wss')}/api/v1/alerts"
    with connect(address, ssl=door.trust, open_timeout=30) as socket:
        socket.send('{"token": "made-up"}')
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(30)
    assert closed.value.rcvd is not None and closed.value.rcvd.code == 4401


def watch(door: Door, session: str) -> None:
    with door.client() as viewer:
        viewer.get(f"/v1/sessions/{door.token(Audience.VIEWER, session)}/playback.m3u8")


@pytest.mark.req("E3")
def test_a_boxs_uplink_and_its_viewers_meet_at_one_of_two_relays(door: Door) -> None:
    address = f"{door.secure.replace('https', 'wss')}/uplink"
    with ExitStack() as stack, ThreadPoolExecutor(len(SESSIONS)) as viewers:
        uplinks = {
            session: stack.enter_context(
                connect(
                    address,
                    ssl=door.trust,
                    open_timeout=30,
                    additional_headers={"Authorization": f"Bearer {door.token(Audience.UPLINK, session)}"},
                )
            )
            for session in SESSIONS
        }
        shares = [httpx.get(f"{relay}/healthz").json()["uplinks"] for relay in door.relays]
        assert sum(shares) == len(SESSIONS) and min(shares) > 0, "both relays have work"
        for session, uplink in uplinks.items():
            waiting = viewers.submit(watch, door, session)
            asked = uplink.recv(30)
            assert isinstance(asked, bytes) and isinstance(decode_from_relay(asked), GetPlaylist)
            uplink.close()
            waiting.result(30)


def test_the_log_has_no_address_that_tells_anything(door: Door) -> None:
    with door.client() as client:
        client.get("/api/v1/plate-reads?plate=ABC1D23")
        client.get(f"/v1/sessions/{door.token(Audience.VIEWER, 'nobody')[:-4]}AAAA/playback.m3u8")
    text = door.log.read_text()
    assert '"backend":"relays"' in text and '"backend":"gateway"' in text
    assert "ABC1D23" not in text and "eyJ" not in text
