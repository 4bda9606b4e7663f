"""What is on offer to people who come together, day by day.

Most starts are settled without a search of their own: by bounds for all starts at once, and by
what was found at another start, be it on another day.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from tenant_apps.booking.policies.fitting import A_DAY
from tenant_apps.booking.policies.masks import Mask, bits
from tenant_apps.booking.policies.party import Gathering, Leads, Party, leads_of
from tenant_apps.booking.policies.patterns import repeated
from tenant_apps.booking.policies.reach import either

# A stranger chooses the lines: so much is worked out for an answer, and for one day of it.
MOST_STEPS, MOST_OF_A_DAY = 20_000, 10_000
STEPS_OF_AN_ENTRY = 5


@dataclass(frozen=True, slots=True)
class PartyFit:
    """``starts``: minutes, and who does what then. ``steps``: what it took to find out.
    ``is_whole``: they are all there are; otherwise some were not looked at."""

    starts: tuple[tuple[int, Leads], ...]
    steps: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A way in which all of them can come, and every start at which they can come so."""

    leads: Leads
    price: int
    starts: Mask


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The calendar around the minutes from ``begins`` to ``ends``, counted from ``first``."""

    gathering: Gathering
    first: int
    begins: int
    ends: int


class PartyFitting:
    """One party in one calendar. What was found on one day is known on the next."""

    def __init__(self, party: Party) -> None:
        self._party, self._whole = party, Gathering(party, {})
        self._patterns: list[_Pattern] = []
        self._stretch: _Stretch | None = None
        self._is_ready = False

    def fit(self, among: Mask, most: int = MOST_OF_A_DAY) -> PartyFit:
        """Every minute of ``among`` at which all of them can come, in order: of a day, say."""
        steps = 0 if self._is_ready else self._whole.readying
        self._is_ready, minutes = True, among & self._whole.starts
        patterns = [known for known in self._patterns if known.starts & minutes]
        left = minutes & ~either(known.starts for known in patterns)
        while left and steps <= most:
            minute = (left & -left).bit_length() - 1
            left ^= 1 << minute
            found, taken = self._found_at(minute)
            steps += taken
            if found is not None:
                patterns.append(found)
                self._patterns.append(found)
                left &= ~found.starts
        by_price = sorted(patterns, key=lambda pattern: pattern.price)
        possible = minutes & either(known.starts for known in patterns)
        starts = tuple((minute, _leads_at(minute, by_price)) for minute in bits(possible))
        return PartyFit(starts, steps, is_whole=not left)

    def _found_at(self, minute: int) -> tuple[_Pattern | None, int]:
        """With the steps that it took."""
        steps, near = 0, self._stretch
        if near is None or not near.begins <= minute < near.ends:
            near = self._stretch = self._around(minute)
            steps += near.gathering.readying
        found = near.gathering.at(minute - near.first)
        steps += near.gathering.steps.taken
        if found is None:
            return None, steps
        whole = [field.finder for field in self._whole.fields]
        starts = repeated(self._party.visits, whole, found, minute - near.first)
        entries = [entry for one in found for entry in one.entries]
        price = sum(entry.way.price for entry in entries)
        pattern = _Pattern(leads_of(found), price, starts | 1 << minute)
        return pattern, steps + STEPS_OF_AN_ENTRY * len(entries)

    def _around(self, minute: int) -> _Stretch:
        """As ``fitting.day_by_day``."""
        first = max(0, minute - A_DAY)
        longest = max(visit.longest for visit in self._party.visits)
        near = self._party.cut(first, minute - first + 2 * A_DAY + longest)
        return _Stretch(Gathering(near, {}), first, minute, minute + A_DAY)


def _leads_at(minute: int, patterns: Iterable[_Pattern]) -> Leads:
    return next(known.leads for known in patterns if known.starts >> minute & 1)
