"""Many RTSP cameras from one looped file, in a process of their own: python -m bench.source FILE COUNT PORT.

Camera n is /cam<n>. They send the same packets, made once, each a little later than the one before, so that
their keyframes are spread over two seconds, a group of pictures.
"""

import asyncio
import signal
import sys
from pathlib import Path

from demo.rtsp_server.looped import LoopedFile, LoopPlayer, many_streams
from demo.rtsp_server.server import RtspServer

SPREAD_S = 2.0


async def serve(file: Path, count: int, port: int) -> None:
    looped = LoopedFile(file)
    streams = many_streams(looped, count)
    server = RtspServer({f"cam{number}": stream for number, stream in enumerate(streams)}, port)
    await server.start()
    playing = asyncio.create_task(LoopPlayer(looped, streams, spread_s=SPREAD_S).run())
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    await stopping.wait()
    playing.cancel()
    await server.close()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
