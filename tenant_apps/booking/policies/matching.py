"""Whether there are different people for all of several tracks at once."""

from collections.abc import Collection, Sequence
from uuid import UUID


def can_all_be_matched(choices: Sequence[Collection[UUID]]) -> bool:
    """Whether one can be taken out of each of ``choices``, all different."""
    taken: dict[UUID, int] = {}
    return all(_matched(place, choices, taken, set()) for place in range(len(choices)))


def _matched(
    place: int, choices: Sequence[Collection[UUID]], taken: dict[UUID, int], seen: set[UUID]
) -> bool:
    for person in choices[place]:
        if person in seen:
            continue
        seen.add(person)
        if person not in taken or _matched(taken[person], choices, taken, seen):
            taken[person] = place
            return True
    return False
