"""The simulated ONVIF camera, as the common client libraries see it."""

import socket
import time

import httpx
import pytest
from onvif import ONVIFCamera
from onvif.exceptions import ONVIFError
from wsdiscovery.discovery import ThreadedWSDiscovery
from zeep.exceptions import Error as SoapError

from demo.onvif_device import DiscoveryResponder, OnvifDevice, OnvifSpec, VideoProfile
from demo.ports import LOOPBACK

PROFILES = (
    VideoProfile("main", "rtsp://127.0.0.1:8554/cam1", 640, 360),
    VideoProfile("sub", "rtsp://127.0.0.1:8554/cam1/sub", 320, 180),
)
SPEC = OnvifSpec(PROFILES)
PROBE = b"""<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"
 xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing"
 xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery">
<e:Header><w:MessageID>uuid:1</w:MessageID></e:Header><e:Body><d:Probe/></e:Body></e:Envelope>"""


async def test_a_client_asks_for_streams_and_a_snapshot() -> None:
    with OnvifDevice(OnvifSpec(PROFILES, clock_ahead_s=600)) as device:
        camera = ONVIFCamera(LOOPBACK, device.port, "admin", "segredo", adjust_time=True)
        try:
            await camera.update_xaddrs()
            management = await camera.create_devicemgmt_service()
            assert (await management.GetDeviceInformation()).Manufacturer == "GT-Vision"
            assert camera.dt_diff.total_seconds() == pytest.approx(600, abs=5)
            media = await camera.create_media_service()
            profiles = await media.GetProfiles()
            assert [profile.token for profile in profiles] == ["main", "sub"]
            setup = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}
            answer = await media.GetStreamUri({"StreamSetup": setup, "ProfileToken": "sub"})
            assert answer.Uri == PROFILES[1].stream_url
            url = await camera.get_snapshot_uri("main")
        finally:
            await camera.close()
        async with httpx.AsyncClient() as client:
            assert (await client.get(url)).status_code == httpx.codes.UNAUTHORIZED
            picture = await client.get(url, auth=httpx.DigestAuth("admin", "segredo"))
        assert picture.content.startswith(b"\xff\xd8")


async def test_a_wrong_password_is_refused() -> None:
    with OnvifDevice(SPEC) as device:
        camera = ONVIFCamera(LOOPBACK, device.port, "admin", "errado", adjust_time=True)
        try:
            with pytest.raises((ONVIFError, SoapError), match=r"(?i)authoriz"):
                await camera.update_xaddrs()
                management = await camera.create_devicemgmt_service()
                await management.GetDeviceInformation()
        finally:
            await camera.close()


def test_a_probe_sent_straight_to_it_is_answered() -> None:
    with (
        DiscoveryResponder(SPEC, "http://127.0.0.1:80/onvif/device_service", port=0) as responder,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client,
    ):
        client.settimeout(5)
        client.sendto(b"no XML", (LOOPBACK, responder.port))
        client.sendto(PROBE, (LOOPBACK, responder.port))
        answer = client.recv(65_536)
    assert b"NetworkVideoTransmitter" in answer
    assert b"<a:RelatesTo>uuid:1</a:RelatesTo>" in answer


def test_it_is_found_by_multicast() -> None:
    with OnvifDevice(SPEC, discoverable=True) as device:
        listening = ThreadedWSDiscovery()
        listening.start()
        try:
            deadline, found = time.monotonic() + 10, set[str]()
            while device.service_url not in found and time.monotonic() < deadline:
                services = listening.searchServices(timeout=1)
                found = {str(url) for service in services for url in service.getXAddrs()}
        finally:
            listening.stop()
        assert device.service_url in found
