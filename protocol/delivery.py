"""The sequence and acknowledgement rules of the outbox streams, as pure functions.

1. The edge gives every event of a stream the next sequence number in the
   transaction that stores the fact itself. A number that was published is never reused, not
   even by a box whose disk was replaced: a new database starts at its creation time in
   microseconds since 1970 and counts up by one. Numbers that were not may be given anew, to
   fewer events that say the same.
2. The edge publishes events in any order (the newest may overtake a backlog),
   as often as it likes, until they are acknowledged.
3. The hub stores an event at most once, keyed by (city, node, stream, seq), and
   after the commit publishes an Ack with *everything* it holds of that stream,
   as ranges. An event it cannot understand is stored in the dead-letter table,
   and counts as held.
4. The edge deletes from its outbox exactly what an Ack covers.
5. A batch says the oldest number that still waits in the outbox. What lies below it the hub
   holds, or it never was (rule 4); with what the hub holds from there on without a hole, it
   knows up to which number nothing can come any more (`settled_through`). Numbers have holes
   for ever (a replaced disk, a restored backup), so the hub alone could not know.

So a lost message, a lost ack, a repeated message and a restart of either side
all end in the same place: each event in the hub once.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated

from msgspec import Meta

#: First and last sequence number, both included.
SeqRange = tuple[Annotated[int, Meta(ge=1)], Annotated[int, Meta(ge=1)]]


def to_ranges(seqs: Iterable[int]) -> list[SeqRange]:
    """The shortest sorted list of ranges that covers exactly these numbers."""
    ranges: list[SeqRange] = []
    for seq in sorted(set(seqs)):
        if ranges and seq == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], seq)
        else:
            ranges.append((seq, seq))
    return ranges


def settled_through(held: Sequence[SeqRange], oldest: int) -> int:
    """The highest number below or at which no event can come any more: see rule 5."""
    return next((high for low, high in held if low <= oldest <= high), oldest - 1)


def merge(*groups: Sequence[SeqRange]) -> list[SeqRange]:
    """The union of several lists of ranges, sorted, with neighbours joined."""
    merged: list[SeqRange] = []
    for low, high in sorted(r for group in groups for r in group):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return merged
