"""A clip goes into a real S3 store by presigned addresses, and goes on after the store was away."""

import asyncio
from datetime import timedelta
from pathlib import Path

import minio
from minio.datatypes import Part

from demo.engines import ObjectStore
from edge_agent.box import Box
from edge_agent.evidence.hub import HubClips
from protocol.messages import UploadClip, UploadPart
from tests.unit.edge.clip_rig import authority, enrolled, footage, made, span
from tests.unit.edge.conftest import box, video

__all__ = ["authority", "box", "enrolled", "footage", "video"]  # fixtures

BUCKET, KEY = "gtv", "clips/one.zip"
WITHIN = timedelta(minutes=5)


async def test_a_clip_goes_into_an_s3_store_in_one_put_and_in_parts(footage: Box, tmp_path: Path) -> None:
    clip = await made(footage, span(2, 9))
    whole = footage.clips.file(clip.id).read_bytes()
    clips = HubClips(footage.clips, footage.audit)
    with ObjectStore(tmp_path / "objects", "demo-access", "demo-secret-key") as store:
        s3 = minio.Minio(store.endpoint, "demo-access", "demo-secret-key", secure=False, region="us-east-1")

        single = UploadPart(url=s3.presigned_put_object(BUCKET, KEY, WITHIN), size_bytes=len(whole))
        assert (await clips.upload("k1", "bia", UploadClip(clip=clip.id, upload="single", parts=[single]))).ok
        assert s3.get_object(BUCKET, KEY).read() == whole

        upload = s3._create_multipart_upload(BUCKET, "clips/parts.zip", {})
        half = len(whole) // 2

        def order() -> UploadClip:
            parts = [
                UploadPart(url=_part_url(s3, upload, number), size_bytes=size)
                for number, size in ((1, half), (2, len(whole) - half))
            ]
            return UploadClip(clip=clip.id, upload=upload, parts=parts)

        begun = order()
        away = UploadPart(url="http://127.0.0.1:1/away", size_bytes=begun.parts[1].size_bytes)
        broken = await clips.upload(
            "k2", "bia", UploadClip(clip=clip.id, upload=upload, parts=[begun.parts[0], away])
        )
        assert (broken.ok, len(broken.parts)) == (False, 1)
        done = await clips.upload("k3", "bia", order())
        assert (done.ok, done.error) == (True, "")
        assert done.parts[0] == broken.parts[0]
        await asyncio.to_thread(
            s3._complete_multipart_upload,
            BUCKET,
            "clips/parts.zip",
            upload,
            [Part(part.number, part.etag.strip('"')) for part in done.parts],
        )
        assert s3.get_object(BUCKET, "clips/parts.zip").read() == whole


def _part_url(s3: minio.Minio, upload: str, number: int) -> str:
    query = {"uploadId": upload, "partNumber": str(number)}
    return s3.get_presigned_url("PUT", BUCKET, "clips/parts.zip", WITHIN, extra_query_params=query)
