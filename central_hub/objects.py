"""The object store (S3): evidence images, clips. Boxes and browsers reach it by presigned addresses only."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from minio import Minio
from minio.datatypes import Part
from minio.deleteobjects import DeleteObject
from minio.error import S3Error

#: How long a browser may use the address of an image that it was shown.
VIEW_WITHIN = timedelta(minutes=15)

#: Read at a time when an object is hashed.
READ_BYTES = 1024 * 1024


@cache
def _client(endpoint: str, access_key: str, secret_key: str, secure: bool, region: str) -> Minio:
    # With the region given, signing needs no request to the store.
    return Minio(endpoint, access_key=access_key, secret_key=secret_key, secure=secure, region=region)


def client() -> Minio:
    return _client(
        settings.GTV_S3_ENDPOINT,
        settings.GTV_S3_ACCESS_KEY,
        settings.GTV_S3_SECRET_KEY,
        settings.GTV_S3_SECURE,
        settings.GTV_S3_REGION,
    )


def ensure_bucket() -> None:
    if not client().bucket_exists(settings.GTV_S3_BUCKET):
        client().make_bucket(settings.GTV_S3_BUCKET)


def presigned_put(key: str, within: timedelta) -> str:
    return client().presigned_put_object(settings.GTV_S3_BUCKET, key, expires=within)


def presigned_get(key: str, within: timedelta = VIEW_WITHIN) -> str:
    return client().presigned_get_object(settings.GTV_S3_BUCKET, key, expires=within)


def presigned_download(key: str, file_name: str) -> str:
    """As `presigned_get`, for a file that the browser saves under this name (ASCII)."""
    disposition = f'attachment; filename="{file_name}"'
    return client().presigned_get_object(
        settings.GTV_S3_BUCKET,
        key,
        expires=VIEW_WITHIN,
        response_headers={"response-content-disposition": disposition},
    )


def delete(key: str) -> None:
    """An object that is not there is no error."""
    client().remove_object(settings.GTV_S3_BUCKET, key)


def put_file(key: str, path: Path, content_type: str) -> None:
    """Raises minio.S3Error."""
    client().fput_object(settings.GTV_S3_BUCKET, key, str(path), content_type=content_type)


def read(key: str) -> bytes | None:
    """A small object, whole; None: no such object. Raises minio.S3Error."""
    try:
        answer = client().get_object(settings.GTV_S3_BUCKET, key)
    except S3Error as error:
        if error.code == "NoSuchKey":
            return None
        raise
    try:
        return answer.read()
    finally:
        answer.close()
        answer.release_conn()


def sha256(key: str) -> str | None:
    """The digest of what the store holds, read through; None: no such object. Raises minio.S3Error."""
    try:
        client().stat_object(settings.GTV_S3_BUCKET, key)
    except S3Error as error:
        if error.code == "NoSuchKey":
            return None
        raise
    digest = hashlib.sha256()
    answer = client().get_object(settings.GTV_S3_BUCKET, key)
    try:
        for piece in answer.stream(READ_BYTES):
            digest.update(piece)
    finally:
        answer.close()
        answer.release_conn()
    return digest.hexdigest()


# --- uploads in parts: minio-py has the calls, but under private names --------------


def begin_upload(key: str, content_type: str) -> str:
    """The name of a new multipart upload."""
    return client()._create_multipart_upload(settings.GTV_S3_BUCKET, key, {"Content-Type": content_type})


def presigned_part(key: str, upload: str, number: int, within: timedelta) -> str:
    return client().get_presigned_url(
        "PUT",
        settings.GTV_S3_BUCKET,
        key,
        within,
        extra_query_params={"uploadId": upload, "partNumber": str(number)},
    )


def complete_upload(key: str, upload: str, etags: Sequence[str]) -> None:
    """Make one object of the parts. Raises minio.S3Error."""
    parts = [Part(number, etag.strip('"')) for number, etag in enumerate(etags, 1)]
    client()._complete_multipart_upload(settings.GTV_S3_BUCKET, key, upload, parts)


def abort_upload(key: str, upload: str) -> None:
    """Throw away the parts. Raises minio.S3Error."""
    client()._abort_multipart_upload(settings.GTV_S3_BUCKET, key, upload)


class NotRemoved(Exception):
    """The store kept an object that should go; the text says which and why."""


def remove(keys: Iterable[str]) -> None:
    """Remove these objects; one that is not there is removed already. Raises NotRemoved."""
    failures = client().remove_objects(settings.GTV_S3_BUCKET, (DeleteObject(key) for key in keys))
    for failure in failures:  # nothing is sent before this is read
        raise NotRemoved(f"{failure.name}: {failure.code}")
