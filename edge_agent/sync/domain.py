"""What to publish next and what to change, as pure functions."""

from collections.abc import Collection, Sequence

from protocol.messages import DesiredState


def pick_batch(
    newest: Sequence[int], oldest: Sequence[int], in_flight: Collection[int], live: int, limit: int
) -> list[int]:
    """Which events of a stream to publish next, in ascending order.

    `newest` are the highest sequence numbers waiting (descending), `oldest` the
    lowest (ascending). Up to `live` places go to the newest, the rest of
    `limit` to the oldest, so that after a week offline the plate read a second
    ago is published at once while history drains behind it.
    """
    picked = [seq for seq in newest if seq not in in_flight][:live]
    taken = set(picked) | set(in_flight)
    picked += [seq for seq in oldest if seq not in taken][: limit - len(picked)]
    return sorted(picked)


def supersedes(new: DesiredState, current: DesiredState | None) -> bool:
    """Whether a desired state is to be applied: a repeat or an older revision is not."""
    return current is None or new.revision > current.revision
