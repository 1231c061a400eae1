"""Thumbnails: the keyframe at or before an instant, decoded from the recording's own bytes, as a small JPEG.

Read are the file's initialisation section and one fragment, whose first packet is
the keyframe. Few are decoded at once, because recording comes first. The cache on
disk is bounded, and nothing in it is older than a day: a picture must not outlive
its footage for long; what is no longer in the index is not served at all.
"""

import asyncio
import io
import time
from dataclasses import dataclass
from pathlib import Path

import av
import structlog

from edge_agent.playback.services import NoFootage
from edge_agent.recording.domain import Fragment, Segment
from edge_agent.recording.index import RecordingIndex

log = structlog.get_logger()

#: The sizes that are made: few, so that the cache serves everybody. Pixels.
WIDTHS = (160, 320, 640)
CACHE_BYTES = 200 * 1024**2
CACHE_S = 86_400.0
DECODERS = 2
EXPIRE_EVERY_S = 3600.0
JPEG_QUALITY = 75


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """`at_us` is the keyframe's fragment start (microseconds UTC); `etag` names picture and size."""

    jpeg: bytes
    at_us: int
    etag: str


class Thumbnails:
    """Made on demand, kept below `folder`."""

    def __init__(self, index: RecordingIndex, folder: Path, cache_bytes: int = CACHE_BYTES) -> None:
        self._index = index
        self._folder = folder
        self._cache_bytes = cache_bytes
        self._decoding = asyncio.Semaphore(DECODERS)
        self._used_bytes: int | None = None  # not counted yet

    async def at(self, camera: str, at_us: int, width: int) -> Thumbnail:
        """Raises NoFootage in gaps, and where the footage cannot be decoded."""
        segment, fragment = await asyncio.to_thread(self._find, camera, at_us)
        size = next((w for w in WIDTHS if w >= width), WIDTHS[-1])
        file = self._folder / camera / f"{fragment.start_us}-{size}.jpg"
        jpeg = await asyncio.to_thread(_cached, file)
        if jpeg is None:
            async with self._decoding:
                jpeg = await asyncio.to_thread(self._make, segment, fragment, size, file)
        return Thumbnail(jpeg, fragment.start_us, f'"{camera}-{fragment.start_us}-{size}"')

    async def keep_expiring(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self.expire)
            except OSError as error:  # a read-only disk: the box has other work to do
                log.warning("thumbnails_not_expired", error=str(error))
            await asyncio.sleep(EXPIRE_EVERY_S)

    def expire(self) -> None:
        """Delete what is a day old, and the longest unused until the cache has its size."""
        files = sorted((f.stat().st_mtime, f.stat().st_size, f) for f in self._folder.glob("*/*.jpg"))
        used = sum(size for _, size, _ in files)
        for used_at, size, file in files:
            if time.time() - used_at < CACHE_S and used <= self._cache_bytes * 0.8:
                break
            file.unlink(missing_ok=True)
            used -= size
        self._used_bytes = used

    def _find(self, camera: str, at_us: int) -> tuple[Segment, Fragment]:
        found = self._index.footage(camera, at_us, at_us + 1)
        if not found:
            raise NoFootage("Não há gravação desta câmera neste instante.")
        return found[0], found[0].fragments[0]

    def _make(self, segment: Segment, fragment: Fragment, width: int, file: Path) -> bytes:
        try:
            jpeg = decode(self._index.folder / segment.path, segment.init_bytes, fragment, width)
        except (av.FFmpegError, OSError, StopIteration) as error:
            log.error("thumbnail_failed", path=segment.path, error=str(error))
            raise NoFootage("A imagem deste instante não pôde ser lida.") from None
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_suffix(".new")
        new.write_bytes(jpeg)
        new.replace(file)
        if self._used_bytes is not None:
            self._used_bytes += len(jpeg)
        if self._used_bytes is None or self._used_bytes > self._cache_bytes:
            self.expire()
        return jpeg


def decode(file: Path, init_bytes: int, fragment: Fragment, width: int) -> bytes:
    """The fragment's keyframe as a JPEG of this width (or its own, if narrower).

    Raises OSError, av.FFmpegError, StopIteration.
    """
    with file.open("rb") as handle:
        data = handle.read(init_bytes)
        handle.seek(fragment.offset)
        data += handle.read(fragment.size_bytes)
    with av.open(io.BytesIO(data), "r", format="mp4") as container:
        video = container.streams.video[0]
        video.codec_context.skip_frame = "NONKEY"
        video.codec_context.thread_count = 1
        frame = next(container.decode(video))
    width = min(width, frame.width) // 2 * 2
    height = round(frame.height * width / frame.width / 2) * 2
    jpeg = io.BytesIO()
    # to_image needs no NumPy, which a box does not have.
    picture = frame.reformat(width, height, "rgb24").to_image()  # type: ignore[no-untyped-call]
    picture.save(jpeg, "JPEG", quality=JPEG_QUALITY)
    return jpeg.getvalue()


def _cached(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None
