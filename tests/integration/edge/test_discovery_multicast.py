"""`gtv edge discover` finds what answers a multicast probe, whatever else does, in a network of its own."""

import json
import subprocess
import sys

import pytest

ADDRESSES = ("192.168.77.1", "192.168.77.2")
#: A network namespace has a loopback interface alone; it carries multicast when told to.
NETWORK = " && ".join(
    [
        "ip link set lo up multicast on",
        *(f"ip address add {address}/24 dev lo" for address in ADDRESSES),
        "ip route add 224.0.0.0/4 dev lo",
    ]
)
NAMESPACE = ["unshare", "--map-root-user", "--net", "sh", "-c"]
#: Two cameras; one who answers probes with garbage; one camera that points outside the local network.
SITE = """
import contextlib, socket, struct, subprocess, sys, threading
from pathlib import Path
from demo.onvif_device import DISCOVERY_PORT, MULTICAST_GROUP, OnvifDevice, OnvifSpec, VideoProfile
from demo.onvif_device import DiscoveryResponder

def spec(name):
    return OnvifSpec((VideoProfile("main", "rtsp://10.0.0.9/main", 640, 360),), name=name)

class Liar(DiscoveryResponder):
    def _serve(self):
        while self._socket.fileno() >= 0:
            with contextlib.suppress(OSError):
                _, sender = self._socket.recvfrom(65536)
                for garbage in (b"\\xff\\x00" * 700, b"<a>", b"", b"<?xml version='1.0'?><b xmlns='c'/>"):
                    self._socket.sendto(garbage, sender)

gtv = Path(sys.executable).parent / "gtv"
with contextlib.ExitStack() as site:
    for address, name in zip({addresses!r}, ("Praça", "Portão")):
        site.enter_context(OnvifDevice(spec(name), host=address, discoverable=True))
    site.enter_context(Liar(spec("liar"), "http://x"))
    site.enter_context(DiscoveryResponder(spec("outside"), "http://8.8.8.8/onvif/device_service"))
    done = subprocess.run([gtv, "edge", "discover", "--json"], capture_output=True, text=True)
print(done.stdout)
print(done.stderr, file=sys.stderr)
sys.exit(done.returncode)
""".replace("{addresses!r}", repr(ADDRESSES)).replace("\\\\", "\\")


@pytest.fixture(scope="module")
def network() -> None:
    try:
        made = subprocess.run([*NAMESPACE, NETWORK], capture_output=True, text=True, check=False)
    except OSError as error:
        pytest.skip(f"NOT TESTED: no network namespace can be made here ({error})")
    if made.returncode:
        pytest.skip(f"NOT TESTED: no network namespace can be made here ({made.stderr.strip()})")


@pytest.mark.req("S4.1")
@pytest.mark.usefixtures("network")
def test_cameras_that_announce_themselves_are_found_among_those_that_talk_nonsense() -> None:
    run = f'{NETWORK} && exec "{sys.executable}" -c "$0"'
    done = subprocess.run([*NAMESPACE, run, SITE], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [(device["address"], device["name"]) for device in found] == [
        (ADDRESSES[0], "Praça"),
        (ADDRESSES[1], "Portão"),
    ]
    assert all(device["onvif_port"] and device["hardware"] == "GTV-SIM" for device in found)


@pytest.mark.usefixtures("network")
def test_a_network_without_cameras_is_said_to_have_none() -> None:
    gtv = f'exec "{sys.executable}" -c "from gtv.cli import app; app()" edge discover'
    done = subprocess.run(
        [*NAMESPACE, f"{NETWORK} && {gtv}"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "Nenhuma câmera respondeu" in done.stderr
