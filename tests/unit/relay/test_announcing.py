"""A relay behind 1:1 NAT tells viewers the address by which they reach it."""

from central_hub.relay.announcing import announced

ANSWER = (
    "c=IN IP4 10.0.0.5\r\n"
    "a=candidate:abc 1 udp 2130706431 10.0.0.5 50123 typ host\r\n"
    "a=candidate:def 1 udp 2130706430 fd00::5 50124 typ host\r\n"
    "a=end-of-candidates\r\n"
)


def test_the_public_address_is_beside_the_relays_own_with_the_same_port() -> None:
    assert announced(ANSWER, "203.0.113.7").splitlines() == [
        "c=IN IP4 10.0.0.5",
        "a=candidate:abc 1 udp 2130706431 10.0.0.5 50123 typ host",
        "a=candidate:abcp 1 udp 2130706430 203.0.113.7 50123 typ srflx raddr 10.0.0.5 rport 50123",
        "a=candidate:def 1 udp 2130706430 fd00::5 50124 typ host",
        "a=end-of-candidates",
    ]
