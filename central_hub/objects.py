"""The object store (S3): evidence images. Boxes and browsers reach it by presigned addresses only."""

from datetime import timedelta
from functools import cache

from django.conf import settings
from minio import Minio

#: With the region given, signing needs no request to the store.
REGION = "us-east-1"

#: How long a browser may use the address of an image that it was shown.
VIEW_WITHIN = timedelta(minutes=15)


@cache
def _client(endpoint: str, access_key: str, secret_key: str, secure: bool) -> Minio:
    return Minio(endpoint, access_key=access_key, secret_key=secret_key, secure=secure, region=REGION)


def client() -> Minio:
    return _client(
        settings.GTV_S3_ENDPOINT,
        settings.GTV_S3_ACCESS_KEY,
        settings.GTV_S3_SECRET_KEY,
        settings.GTV_S3_SECURE,
    )


def ensure_bucket() -> None:
    if not client().bucket_exists(settings.GTV_S3_BUCKET):
        client().make_bucket(settings.GTV_S3_BUCKET)


def presigned_put(key: str, within: timedelta) -> str:
    return client().presigned_put_object(settings.GTV_S3_BUCKET, key, expires=within)


def presigned_get(key: str) -> str:
    return client().presigned_get_object(settings.GTV_S3_BUCKET, key, expires=VIEW_WITHIN)
