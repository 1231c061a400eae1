"""The watchlist as a read is held against it: exact entries by key, the few with wildcards in turn."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from protocol.messages import PlateRead, WatchlistEntry, WatchlistHit
from protocol.plates import (
    InvalidPattern,
    canonical,
    fold,
    is_exact,
    matches,
    parse_pattern,
    variants,
)

#: Hits that one read can carry (protocol.messages.PlateRead).
_MAX_HITS = 20


class Watchlist:
    """Finds the entries that a plate matches; made anew for each desired state."""

    def __init__(self, entries: Iterable[WatchlistEntry] = ()) -> None:
        self._by_key: dict[str, list[WatchlistEntry]] = defaultdict(list)
        self._by_fold: dict[str, list[WatchlistEntry]] = defaultdict(list)
        self._wild: list[tuple[str, WatchlistEntry]] = []
        #: Entries whose pattern nobody understands, for the box's health.
        self.invalid: list[WatchlistEntry] = []
        for entry in entries:
            self._add(entry)

    def _add(self, entry: WatchlistEntry) -> None:
        try:
            pattern = parse_pattern(entry.pattern)
        except InvalidPattern:
            self.invalid.append(entry)
            return
        if not is_exact(pattern):
            self._wild.append((pattern, entry))
        elif entry.tolerant:
            for key in {fold(variant) for variant in variants(pattern, tolerant=True)}:
                self._by_fold[key].append(entry)
        else:
            self._by_key[canonical(pattern)].append(entry)

    def entries_of(self, plate: str, at: datetime) -> list[WatchlistEntry]:
        """What is on the list for a plate at an instant, alarms first."""
        found = [*self._by_key.get(canonical(plate), ()), *self._by_fold.get(fold(plate), ())]
        found += [entry for pattern, entry in self._wild if matches(pattern, plate, tolerant=entry.tolerant)]
        valid = [entry for entry in found if _is_valid(entry, at)]
        return sorted(valid, key=lambda entry: (entry.kind == "authorised", entry.id))[:_MAX_HITS]


def hits(entries: Iterable[WatchlistEntry]) -> list[WatchlistHit]:
    return [WatchlistHit(entry.id, entry.kind) for entry in entries]


def alarms(entries: Iterable[WatchlistEntry]) -> list[WatchlistEntry]:
    """Those that a guard must hear of: an authorised vehicle is none."""
    return [entry for entry in entries if entry.kind != "authorised"]


def alarm_text(read: PlateRead, entries: Iterable[WatchlistEntry], camera_name: str) -> str:
    """What a guard is told (pt-BR); empty when nothing about the plate is an alarm."""
    sought = alarms(entries)
    if not sought:
        return ""
    reasons = "; ".join(dict.fromkeys(entry.reason for entry in sought if entry.reason))
    kind = "roubado ou furtado" if any(entry.kind == "stolen" for entry in sought) else "procurado"
    return f"Veículo {kind}: placa {read.plate} em {camera_name}" + (f" ({reasons})" if reasons else "") + "."


def _is_valid(entry: WatchlistEntry, at: datetime) -> bool:
    return (entry.valid_from is None or entry.valid_from <= at) and (
        entry.valid_until is None or at < entry.valid_until
    )
