"""One entry in the audit trail per look at a recording or at plates, not one per reload.

A player polls the playlist of a period that still grows, a page the newest plates. The box recognises the
repeat itself: what a client says of its own requests cannot decide what is audited.
"""

import time
from collections import OrderedDict
from collections.abc import Callable

#: The same look by the same person is recorded again after this long.
SAME_LOOK_S = 600.0
#: Looks that are remembered; a forgotten one is audited once more, which is harmless.
MAX_LOOKS = 1000


class Looks:
    """Remembers who looks at what."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._since: OrderedDict[tuple[str, ...], float] = OrderedDict()

    def first(self, *what: str) -> bool:
        """Whether this look was not recorded during the last SAME_LOOK_S."""
        now_mono = self._monotonic()
        if now_mono - self._since.get(what, -SAME_LOOK_S) < SAME_LOOK_S:
            return False
        self._since[what] = now_mono
        self._since.move_to_end(what)
        if len(self._since) > MAX_LOOKS:
            self._since.popitem(last=False)
        return True
