"""What a check says."""

import subprocess
from dataclasses import dataclass

#: For whatever may hang: a program, a peer, a disk.
TIMEOUT_S = 5.0


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `fix` says what to do when it is not well."""

    subject: str
    ok: bool
    text: str
    fix: str = ""


def output_of(command: list[str]) -> str | None:
    """What a program prints, whatever its exit code; None when it is absent or hangs."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout
