"""Addresses in the object store: signed for where the bucket is, without asking it."""

from typing import Any

import pytest

from central_hub import objects


@pytest.mark.req("S6.3")
def test_an_address_is_signed_for_the_buckets_region(settings: Any) -> None:
    settings.GTV_S3_ENDPOINT, settings.GTV_S3_SECURE = "s3.sa-east-1.amazonaws.com", True
    settings.GTV_S3_REGION = "sa-east-1"
    address = objects.presigned_get("city/plates/1.jpg")
    assert "%2Fsa-east-1%2Fs3%2Faws4_request" in address
