"""A line to somewhere far away: a TCP proxy on loopback that delivers everything so much later.

    python -m bench.far_line LISTEN_PORT TARGET_PORT DELAY_MS

As on a real line of that one-way delay the handshake takes a round trip before the first byte, each byte
arrives DELAY_MS after it was sent, and bandwidth is not limited. Needs no root, as netem would.
"""

import asyncio
import sys
from contextlib import suppress

from demo.ports import LOOPBACK

CHUNK_BYTES = 64 * 1024


class FarLine:
    """Joins each connection to the target, `delay_s` away."""

    def __init__(self, target_port: int, delay_s: float) -> None:
        self._target_port = target_port
        self._delay_s = delay_s

    async def join(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        # The kernel of this machine has accepted already; SYN and SYN-ACK take a round trip all the same.
        await asyncio.sleep(2 * self._delay_s)
        try:
            far, there = await asyncio.open_connection(LOOPBACK, self._target_port)
        except OSError:
            back.close()
            return
        await asyncio.gather(self._carry(near, there), self._carry(far, back))

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        """Pass on what is read, later; the end of the stream too."""
        loop = asyncio.get_running_loop()
        waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        delivering = asyncio.create_task(_deliver(waiting, target))
        data = b"-"
        while data:
            try:
                data = await source.read(CHUNK_BYTES)
            except OSError:
                data = b""
            waiting.put_nowait((loop.time() + self._delay_s, data))
        await delivering


async def _deliver(waiting: asyncio.Queue[tuple[float, bytes]], target: asyncio.StreamWriter) -> None:
    loop = asyncio.get_running_loop()
    with suppress(OSError):
        while True:
            due, data = await waiting.get()
            await asyncio.sleep(due - loop.time())
            if not data:
                break
            target.write(data)
            await target.drain()
    target.close()


async def main(port: int, target_port: int, delay_ms: float) -> None:
    line = FarLine(target_port, delay_ms / 1000)
    async with await asyncio.start_server(line.join, LOOPBACK, port) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
