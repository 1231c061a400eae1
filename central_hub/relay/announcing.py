"""The address by which viewers reach a relay that does not have it itself: behind 1:1 NAT, as in clouds."""

import re

#: A host candidate by UDP and IPv4 (RFC 8839, 5.1).
_HOST = re.compile(
    r"^a=candidate:(?P<foundation>\S+) (?P<component>\d+) udp (?P<priority>\d+)"
    r" (?P<address>[0-9.]+) (?P<port>\d+) typ host[^\r\n]*",
    re.IGNORECASE | re.MULTILINE,
)
#: Below the address itself: who is in the same network goes straight.
_LESS = 1


def announced(sdp: str, public_address: str) -> str:
    """The answer with this address beside each of the relay's own; ports are the same behind 1:1 NAT."""
    return _HOST.sub(lambda own: f"{own[0]}\r\n{_beside(own, public_address)}", sdp)


def _beside(own: re.Match[str], public_address: str) -> str:
    priority = int(own["priority"]) - _LESS
    return (
        f"a=candidate:{own['foundation']}p {own['component']} udp {priority}"
        f" {public_address} {own['port']} typ srflx raddr {own['address']} rport {own['port']}"
    )
