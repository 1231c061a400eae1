"""What requests learn from other contexts."""

from collections.abc import Mapping
from typing import Any

from django.dispatch import receiver

from central_hub import events
from central_hub.kernel import Caller
from central_hub.privacy import services


@receiver(events.plate_erased)
def plate_erased(
    sender: Any, city_id: int, caller: Caller, digest: str, details: Mapping[str, Any], **_: Any
) -> None:
    services.plate_erased(city_id, caller, digest, details)
