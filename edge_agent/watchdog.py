"""Tells systemd that the agent has started and that its event loop turns (sd_notify(3)).

Only the loop: a full disk or a camera that is away is an alarm, and no restart mends it.
Without systemd (NOTIFY_SOCKET is not set) nothing is told.
"""

import asyncio
import os
import socket

#: systemd advises to tell at half of the time after which it loses patience.
TELLS_PER_TIMEOUT = 2


async def keep_telling() -> None:
    """READY=1 once, then WATCHDOG=1 for as long as the loop turns, where the unit has WatchdogSec=."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    # An address that begins with @ is in the abstract name space (unix(7)), which begins with a zero byte.
    address = "\0" + address[1:] if address.startswith("@") else address
    _tell(address, b"READY=1")
    timeout_us = int(os.environ.get("WATCHDOG_USEC", "0"))
    while timeout_us:
        _tell(address, b"WATCHDOG=1")
        await asyncio.sleep(timeout_us / 1e6 / TELLS_PER_TIMEOUT)


def _tell(address: str, message: bytes) -> None:
    """Not having been heard is systemd's matter: it restarts a silent agent."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as service_manager:
        service_manager.setblocking(False)
        try:
            service_manager.sendto(message, address)
        except OSError:
            return
