"""What a verification says."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """`kind`: "fault" (not authentic), "warning", or "fine"."""

    kind: Literal["fault", "warning", "fine"]
    text: str
