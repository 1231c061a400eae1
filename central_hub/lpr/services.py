"""What plate reading does for others: each use case in the module of its kind.

`storing`: reads come in · `search`: reads are found · `images`: evidence from the boxes ·
`retention`: how long all this is kept · `access` and `erasure`: what people concerned may ask for.
"""

from central_hub.lpr.access import Asked, write_report
from central_hub.lpr.erasure import erase
from central_hub.lpr.images import (
    image_url,
    images_uploaded,
    request_images,
    request_missing_images,
    request_next_images,
)
from central_hub.lpr.privacy import plate_digest, whole_plate
from central_hub.lpr.search import Position, ReadSearch, search_reads
from central_hub.lpr.storing import NewRead, store_reads

__all__ = [
    "Asked",
    "NewRead",
    "Position",
    "ReadSearch",
    "erase",
    "image_url",
    "images_uploaded",
    "plate_digest",
    "request_images",
    "request_missing_images",
    "request_next_images",
    "search_reads",
    "store_reads",
    "whole_plate",
    "write_report",
]
