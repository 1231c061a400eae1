"""MediaMTX's configuration file, written by the box at each start.

Everything but WebRTC's media port listens on loopback: a browser talks to the
console alone, which hands its requests on. The file holds the hook's secret (0600),
and no camera's address.
"""

import os
import secrets
import socket
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from edge_agent.mediamtx.domain import SUB_LINGERS

LOOPBACK = "127.0.0.1"
#: WebRTC's media (UDP), as MediaMTX's own default: the one port that a city's firewall must let through.
WEBRTC_UDP_PORT = 8189


@dataclass(frozen=True, slots=True)
class Ports:
    """Where one MediaMTX listens; `rtsp_lan` also for players of the LAN, when set. `local_only`: nothing
    is open to the LAN, as for a box that serves its console on loopback."""

    api: int
    metrics: int
    rtsp: int
    hls: int
    webrtc: int
    webrtc_udp: int = WEBRTC_UDP_PORT
    rtsp_lan: bool = False
    local_only: bool = False

    @classmethod
    def choose(
        cls,
        webrtc_udp: int = WEBRTC_UDP_PORT,
        lan_rtsp_port: int | None = None,
        local_only: bool = False,
    ) -> "Ports":
        """Free loopback ports, the same for the agent's whole life: the recorder's addresses hold them."""
        api, metrics, rtsp, hls, webrtc = _free_ports(5)
        rtsp_lan = lan_rtsp_port is not None
        return cls(api, metrics, lan_rtsp_port or rtsp, hls, webrtc, webrtc_udp, rtsp_lan, local_only)

    @property
    def lan(self) -> str:
        """The address for what the LAN may reach; empty: every interface."""
        return LOOPBACK if self.local_only else ""


@dataclass(frozen=True, slots=True)
class Credential:
    """The agent's own access to its MediaMTX: new at each start, in memory only."""

    user: str = "gtv-agent"
    password: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)


def configuration(ports: Ports, hook_url: str) -> dict[str, object]:
    """The whole configuration. `hook_url` holds the hook's secret."""
    return {
        "logLevel": "info",
        "logDestinations": ["stdout"],
        "logStructured": True,
        "authMethod": "http",
        "authHTTPAddress": hook_url,
        # Nothing is excluded: also the API is closed to other programs of the machine.
        "authHTTPExclude": [],
        "api": True,
        "apiAddress": f"{LOOPBACK}:{ports.api}",
        "apiAllowOrigins": [],
        "metrics": True,
        "metricsAddress": f"{LOOPBACK}:{ports.metrics}",
        "metricsAllowOrigins": [],
        "pprof": False,
        "playback": False,
        "rtsp": True,
        # Interleaved TCP: no packet of a recording is lost on loopback, and no UDP port is open.
        "rtspTransports": ["tcp"],
        "rtspAddress": f"{ports.lan if ports.rtsp_lan else LOOPBACK}:{ports.rtsp}",
        "rtspAuthMethods": ["basic"],
        "rtmp": False,
        "srt": False,
        "moq": False,
        **_hls(ports),
        **_webrtc(ports),
        "pathDefaults": {
            "record": False,
            "overridePublisher": False,
            "sourceOnDemandCloseAfter": SUB_LINGERS,
        },
        "paths": {},
    }


def write(folder: Path, content: dict[str, object]) -> Path:
    """The file, readable by its owner alone from its first byte. JSON is YAML (YAML 1.2, section 1.3)."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / "mediamtx.yml"
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(msgspec.json.format(msgspec.json.encode(content), indent=2))
    new.replace(file)
    return file


def _hls(ports: Ports) -> dict[str, object]:
    return {
        "hls": True,
        "hlsAddress": f"{LOOPBACK}:{ports.hls}",
        "hlsAllowOrigins": [],
        "hlsVariant": "lowLatency",
        # Only while somebody watches: remuxing 200 cameras for nobody costs memory.
        "hlsAlwaysRemux": False,
        "hlsSegmentCount": 7,
        "hlsSegmentDuration": "1s",
        "hlsPartDuration": "200ms",
        # Bounds the memory of a camera that sends no keyframes.
        "hlsSegmentMaxSize": "20M",
        "hlsMuxerCloseAfter": "30s",
    }


def _webrtc(ports: Ports) -> dict[str, object]:
    return {
        "webrtc": True,
        "webrtcAddress": f"{LOOPBACK}:{ports.webrtc}",
        "webrtcAllowOrigins": [],
        "webrtcLocalUDPAddress": f"{ports.lan}:{ports.webrtc_udp}",
        "webrtcLocalTCPAddress": "",
        "webrtcIPsFromInterfaces": not ports.local_only,
        # A browser on the box itself, also when no network is plugged in.
        "webrtcAdditionalHosts": [LOOPBACK],
        # No STUN: a LAN needs none, and a box without internet must not wait for it.
        "webrtcICEServers2": [],
    }


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for opened in sockets:
            opened.bind((LOOPBACK, 0))
        return [opened.getsockname()[1] for opened in sockets]
    finally:
        for opened in sockets:
            opened.close()
