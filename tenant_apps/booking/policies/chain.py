"""Plain sequences: lines one after another, each for itself but for who cleans up when.

A stretch is lines in a row by one person, who cleans up after the last of them. A visit is
stretches whose people change, so each can be fitted alone and every start is found at once.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from tenant_apps.booking.policies.cleanup import after_use
from tenant_apps.booking.policies.layout import LaidOut, Layout
from tenant_apps.booking.policies.masks import Mask, Span, joined
from tenant_apps.booking.policies.near import Chain, unit_wants
from tenant_apps.booking.policies.reach import (
    EVERYWHERE,
    Bounds,
    ByStaff,
    Finder,
    by_others,
    either,
)
from tenant_apps.booking.policies.visit import Track, Visit


@dataclass(frozen=True, slots=True)
class Fitted:
    """A line alone with one person: ``starts`` leaves their cleaning up and breaks open."""

    layout: Layout
    starts: Mask


Line = dict[UUID, Fitted]


@dataclass(frozen=True, slots=True)
class Stretch:
    """The lines up to, not including, ``until``; ``starts`` are those of its first line."""

    until: int
    minutes: int
    starts: Mask


Leeway = Callable[[UUID, int, Sequence[Span]], Mask]
"""Person, first line, spans of their work from its start: from where they keep their breaks."""


def chain_bounds(
    visit: Visit, chain: Chain, laid_out: LaidOut, finder: Finder
) -> tuple[Bounds, Bounds]:
    """Maybe and sure: the same object when there is nothing between them."""
    tracks = [group[0] for group in visit.groups]
    hours = _Hours(chain, finder)
    maybe, sure = [], []
    for place, track in enumerate(tracks):
        shared = {id(layout): _shared(chain, place, layout, hours) for layout in chain[place]}
        fitted = [_fitted(track, shared, laid_out, finder, number) for number in (0, 1)]
        maybe.append(fitted[0])
        sure.append(fitted[1])
    found = _bounds(tracks, maybe, finder, lambda who, _place, work: finder.unbroken(who, work))
    if maybe == sure and hours.are_each_alone:
        return found, found
    return found, _bounds(tracks, sure, finder, hours.whole)


class _Hours:
    """How far a visit may reach from the start of each of its lines, at the most."""

    def __init__(self, chain: Chain, finder: Finder) -> None:
        self.finder = finder
        held = [max(layout.held for layout in layouts) for layouts in chain]
        ends = [max(layout.ends for layout in layouts) for layouts in chain]
        longest = max(end - held[place] for place, end in enumerate(ends))
        self._before = [sum(held[:place]) for place in range(len(held))]
        self._after = [sum(held[place:]) + longest for place in range(len(held))]
        self._helping = {
            staff_id
            for layouts in chain
            for layout in layouts
            for task in layout.anyone
            for staff_id in task.step.able
        }
        self._returns = len(chain) > 2
        self.are_each_alone = not finder.free.floating or not (self._returns or self._helping)

    def whole(self, staff_id: UUID, place: int, work: Sequence[Span]) -> Mask:
        """Their breaks are safe whatever else of this visit they do."""
        if self._returns or staff_id in self._helping:
            work = ((-self._before[place], self._after[place]),)
        return self.finder.unbroken(staff_id, work)


def _shared(chain: Chain, place: int, layout: Layout, hours: _Hours) -> tuple[Mask, Mask]:
    """Where the client, the units and the helpers of a line are free: maybe and surely."""
    finder = hours.finder
    starts = finder.client(layout.client)
    for task in layout.anyone:
        starts &= finder.anyone(task)
    maybe = sure = starts
    if finder.free.floating:
        for task in layout.anyone:
            sure &= either(
                finder.staff(who, (task.span,)) & hours.whole(who, place, (task.span,))
                for who in task.step.able
            )
    for wanted in unit_wants(chain, place, layout):
        found = finder.units(wanted.need, wanted.maybe)
        maybe &= found
        sure &= found if wanted.sure == wanted.maybe else finder.units(wanted.need, wanted.sure)
    return maybe, sure


def _fitted(
    track: Track,
    shared: dict[int, tuple[Mask, Mask]],
    laid_out: LaidOut,
    finder: Finder,
    number: int,
) -> Line:
    line = {}
    for way in track.ways:
        layout = laid_out(way.steps)
        starts = shared[id(layout)][number]
        if starts and (starts := starts & finder.staff(way.staff_id, layout.lead)):
            line[way.staff_id] = Fitted(layout, starts)
    return line


def _stretches(
    lines: Sequence[Line], place: int, staff_id: UUID, finder: Finder, leeway: Leeway
) -> Iterator[Stretch]:
    starts, at = EVERYWHERE, 0
    uses: list[Span] = []
    tidies: list[Span] = []
    for until, line in enumerate(lines[place:], place + 1):
        fitted = line.get(staff_id)
        if fitted is None:
            return
        starts &= fitted.starts >> at
        if not starts:
            return
        layout = fitted.layout
        uses += [(first + at, end + at) for first, end in layout.lead]
        tidies += [(first + at, end + at) for first, end in layout.lead_tidies]
        at += layout.held
        tidied = joined(after_use(tidy, uses) for tidy in tidies)
        able = starts & finder.staff(staff_id, tidied)
        if able and finder.free.floating:
            able &= leeway(staff_id, place, joined([*uses, *tidied]))
        yield Stretch(until, at, able)


Going = list[dict[UUID, list[Stretch]]]


def _bounds(
    tracks: Sequence[Track], lines: Sequence[Line], finder: Finder, leeway: Leeway
) -> Bounds:
    going = _look_back(lines, finder, leeway)
    by_staff = _look_ahead(tracks, going)
    starts = either(mask for mask in by_staff[0].values()) if by_staff else 0
    found: list[ByStaff] = [{} for _line in range(sum(len(track.lines) for track in tracks))]
    for track, able in zip(tracks, by_staff, strict=True):
        for line in track.lines:
            found[line] = able
    return Bounds(starts, tuple(found))


def _look_back(lines: Sequence[Line], finder: Finder, leeway: Leeway) -> Going:
    """From each line on, by who does it: the stretches after which the rest can follow."""
    nothing_more: Callable[[UUID], Mask] = lambda _staff_id: EVERYWHERE  # noqa: E731
    onward = {len(lines): nothing_more}
    going: Going = [{} for _line in lines]
    for place in range(len(lines) - 1, -1, -1):
        for staff_id in lines[place]:
            found = [
                Stretch(stretch.until, stretch.minutes, able)
                for stretch in _stretches(lines, place, staff_id, finder, leeway)
                if (able := stretch.starts & onward[stretch.until](staff_id) >> stretch.minutes)
            ]
            if found:
                going[place][staff_id] = found
        onward[place] = by_others(
            {
                staff_id: either(stretch.starts for stretch in found)
                for staff_id, found in going[place].items()
            }
        )
    return going


def _look_ahead(tracks: Sequence[Track], going: Going) -> list[ByStaff]:
    """Who can do each line, and in which visits. Durations differ by person, so there is a mask
    for each offset at which a line can find itself, and for who has done the one before."""
    by_staff = [dict.fromkeys((way.staff_id for way in track.ways), 0) for track in tracks]
    came: list[dict[int, ByStaff]] = [{} for _track in tracks]
    for place, able in enumerate(going):
        arrived = (
            [(0, lambda _staff_id: EVERYWHERE)]
            if place == 0
            else [(offset, by_others(found)) for offset, found in came[place].items()]
        )
        for offset, others in arrived:
            for staff_id, stretches in able.items():
                visits = others(staff_id)
                for stretch in stretches if visits else ():
                    found = visits & stretch.starts >> offset
                    if not found:
                        continue
                    for line in range(place, stretch.until):
                        by_staff[line][staff_id] |= found
                    if stretch.until < len(tracks):
                        next_at = came[stretch.until].setdefault(offset + stretch.minutes, {})
                        next_at[staff_id] = next_at.get(staff_id, 0) | found
    return by_staff
