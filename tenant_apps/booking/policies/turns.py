"""Who goes on with the next line of a plain sequence: at once, or after the client has waited."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tenant_apps.booking.policies.masks import Mask
from tenant_apps.booking.policies.reach import ByStaff, Finder, Others, by_others, either


@dataclass(frozen=True, slots=True)
class Stretch:
    """The lines up to, not including, ``until``; ``starts`` are those of its first line.

    ``settles``: for how long afterwards the same person is cleaning up. ``loose``: where it could
    begin if they did that even later, behind the next line.
    """

    until: int
    minutes: int
    starts: Mask
    settles: int
    loose: Mask


Reached = dict[int, dict[tuple[UUID, int], Mask]]
"""By how much later a line ends: the visits, by who did it and for how long they clean up."""


class Turns:
    """Who may go on with the next line: at once anybody else, for whoever has done the one
    before goes on in a longer stretch; after a wait anybody who has cleaned up by then.

    It could also be that they clean up only after the next line, in spite of the wait. Unless
    it is strict, that counts as possible; ``are_loose`` tells whether it ever did.
    """

    def __init__(self, finder: Finder, waits: Sequence[int], among: Mask) -> None:
        self.finder, self.waits, self.among = finder, waits, among
        self.is_strict = self.are_loose = False

    def strict(self) -> "Turns":
        found = Turns(self.finder, self.waits, self.among)
        found.is_strict = True
        return found

    def after(self, begins: ByStaff) -> "Next":
        return Next(begins, self)

    def arrived(self, came: Reached, begins: Mask) -> Iterator[tuple[int, Others]]:
        """By how much later the next line is begun, which can ``begin`` there: in which visits
        by each."""
        by_others_only: dict[int, ByStaff] = {}
        by_anybody: dict[int, Mask] = {}
        if len(self.waits) == 1:
            for offset, found in came.items():
                yield offset, by_others(_by_person(found))
            return
        for wait in self.waits:
            able = begins >> wait & self.finder.waiting(wait)
            for offset, found in came.items():
                here = able >> offset
                for (who, settles), visits in found.items():
                    if not (mask := visits & here):
                        continue
                    at = offset + wait
                    if not wait or (settles > wait and self.is_strict):
                        people = by_others_only.setdefault(at, {})
                        people[who] = people.get(who, 0) | mask
                    else:
                        by_anybody[at] = by_anybody.get(at, 0) | mask
        for at in {**by_others_only, **by_anybody}:
            others = by_others(by_others_only.get(at, {}))
            yield at, _or_anybody(others, by_anybody.get(at, 0))


class Next:
    """From where a line is reached that ``begins`` there with each."""

    def __init__(self, begins: ByStaff, turns: Turns) -> None:
        self._begins, self._turns = begins, turns
        self._at_once = by_others(begins)
        self._everybody = either(begins.values()) if len(turns.waits) > 1 else 0
        self._later: dict[int, Mask] = {}

    def reached(self, who: UUID, stretch: Stretch) -> Mask:
        """The starts of a stretch by this person after which it can follow."""
        rest = self._at_once(who)
        if len(self._turns.waits) == 1:
            return stretch.starts & rest >> stretch.minutes
        long = self._later.get(stretch.settles)
        short = [wait for wait in self._turns.waits[1:] if wait < stretch.settles]
        if long is None:
            waits = self._turns.waits[1 + len(short) :]
            long = self._turns.finder.after_waits(self._everybody, waits)
            self._later[stretch.settles] = long
        rest |= long
        if short:
            rest |= self._turns.finder.after_waits(self._at_once(who), short)
        found = stretch.starts & rest >> stretch.minutes
        if short and not self._turns.is_strict:
            again = self._turns.finder.after_waits(self._begins.get(who, 0), short)
            loose = stretch.loose & again >> stretch.minutes & ~found
            self._turns.are_loose |= bool(loose)
            found |= loose
        return found


def _or_anybody(others: Others, visits: Mask) -> Others:
    return (lambda staff_id: others(staff_id) | visits) if visits else others


def _by_person(found: Mapping[tuple[UUID, int], Mask]) -> ByStaff:
    people: ByStaff = {}
    for (who, _settles), visits in found.items():
        people[who] = people.get(who, 0) | visits
    return people
