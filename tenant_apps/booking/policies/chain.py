"""Plain sequences: lines one after another, each for itself but for who cleans up when.

A stretch is lines in a row by one person, who cleans up after the last of them. A visit is
stretches whose people change, so each can be fitted alone and every start is found at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from tenant_apps.booking.policies.cleanup import after_use
from tenant_apps.booking.policies.layout import Layout
from tenant_apps.booking.policies.masks import Mask, Span, joined
from tenant_apps.booking.policies.near import Chain
from tenant_apps.booking.policies.plan import Plan, plan_of
from tenant_apps.booking.policies.reach import (
    EVERYWHERE,
    Bounds,
    ByStaff,
    Finder,
    Others,
    either,
    joined_bounds,
)
from tenant_apps.booking.policies.turns import Next, Reached, Stretch, Turns
from tenant_apps.booking.policies.visit import WAIT_STEP, Track, Visit


@dataclass(frozen=True, slots=True)
class Fitted:
    """A line alone with one person, who has ``work`` in it. ``starts`` leaves their cleaning up
    and their breaks open."""

    layout: Layout
    work: tuple[Span, ...]
    starts: Mask


Lines = Sequence[dict[UUID, Fitted]]


class Leeway(Protocol):
    """From where somebody keeps their breaks who works during ``work`` in lines ``place`` up to,
    not including, ``until``."""

    def __call__(self, who: UUID, place: int, until: int, work: tuple[Span, ...]) -> Mask: ...


def chain_bounds(
    visit: Visit, chain: Chain, finder: Finder, among: Mask = EVERYWHERE
) -> tuple[Bounds, Bounds]:
    """Maybe and sure, of what begins ``among`` these minutes: the same object when there is
    nothing between them."""
    tracks, plan = [group[0] for group in visit.groups], plan_of(visit)
    lines = [_fitted(track, chain, place, plan, finder) for place, track in enumerate(tracks)]
    maybe = [line.maybe for line in lines]
    sure = [line.sure for line in lines]
    turns = Turns(finder, visit.waits, among)
    found = _bounds(tracks, [maybe], turns, _Breaks(finder, chain).of_these)
    if finder.free.floating:
        return found, _with_breaks(tracks, chain, lines, turns.strict())
    if not turns.are_loose and all(one == other for one, other in zip(maybe, sure, strict=True)):
        return found, found
    return found, _bounds(tracks, [sure], turns.strict(), _Breaks(finder, chain).of_these)


def _with_breaks(
    tracks: Sequence[Track], chain: Chain, lines: Sequence["_Line"], turns: "Turns"
) -> Bounds:
    """Somebody who comes back, or helps, needs a break that is safe from the whole visit. Of
    two times that they come it is enough to look at either: at the first of one half of the
    people and the second of the others, and then the other way round."""
    breaks = _Breaks(turns.finder, chain, turns.waits)
    variants = [[line.sure for line in lines]]
    if any(layout.anyone for layouts in chain for layout in layouts):
        variants.append([line.alone for line in lines])
    found = _bounds(tracks, variants, turns, breaks.of_half(0))
    if len(tracks) < breaks.apart + 1:
        return found
    return joined_bounds(found, _bounds(tracks, variants, turns, breaks.of_half(1)))


class _Breaks:
    """Whose floating breaks are safe from what. ``apart``: how many lines on somebody can come
    back; after a wait to the very next."""

    def __init__(self, finder: Finder, chain: Chain, waits: Sequence[int] = (0,)) -> None:
        self._finder, self.apart = finder, 1 if waits[-1] else 2
        held = [max(layout.held for layout in layouts) + waits[-1] for layouts in chain]
        tidied = max(map(_tidied_after, (layout for layouts in chain for layout in layouts)))
        self._before = [sum(held[:place]) for place in range(len(held))]
        self._after = [sum(held[place:]) + tidied for place in range(len(held))]

    def of_these(self, who: UUID, place: int, until: int, work: tuple[Span, ...]) -> Mask:
        return self._finder.unbroken(who, work)

    def of_all(self, who: UUID, place: int) -> Mask:
        whole = ((-self._before[place], self._after[place]),)
        return self._finder.unbroken(who, whole)

    def of_half(self, half: int) -> Leeway:
        lines = len(self._before)

        def leeway(who: UUID, place: int, until: int, work: tuple[Span, ...]) -> Mask:
            is_other = (
                place >= self.apart if who.int % 2 == half else until + self.apart - 1 < lines
            )
            return self.of_all(who, place) if is_other else self._finder.unbroken(who, work)

        return leeway


def _tidied_after(layout: Layout) -> int:
    """How long after the client has left there may be cleaning up, wherever it has to wait."""
    lengths = [end - first for first, end in layout.lead_tidies]
    return max([layout.ends - layout.held, *lengths])


@dataclass(frozen=True, slots=True)
class _Line:
    """Who can do a line, and from where: maybe, surely, and without anybody's help."""

    maybe: dict[UUID, Fitted]
    sure: dict[UUID, Fitted]
    alone: dict[UUID, Fitted]


def _fitted(track: Track, chain: Chain, place: int, plan: Plan, finder: Finder) -> _Line:
    shared = {id(layout): _shared(chain, place, layout, plan, finder) for layout in chain[place]}
    line = _Line({}, {}, {})
    for way in track.ways:
        layout, who = plan.laid_out(way.steps), way.staff_id
        maybe, sure, alone = shared[id(layout)]
        if not maybe:
            continue
        free = finder.staff(who, layout.lead)
        if starts := maybe & free:
            line.maybe[who] = Fitted(layout, layout.lead, starts)
        if starts := sure & free:
            line.sure[who] = Fitted(layout, layout.lead, starts)
        if alone and all(who in task.step.able for task in layout.anyone):
            work = joined([*layout.lead, *(task.span for task in layout.anyone)])
            if starts := alone & finder.staff(who, work):
                line.alone[who] = Fitted(layout, work, starts)
    return line


def _shared(
    chain: Chain, place: int, layout: Layout, plan: Plan, finder: Finder
) -> tuple[Mask, Mask, Mask]:
    """Where client and units are free for a line, with helpers or, at last, without any."""
    maybe = sure = finder.client(layout)
    for wanted in plan.wants(place, layout):
        found = finder.units(wanted.need, wanted.maybe)
        maybe &= found
        sure &= found if wanted.waited == wanted.maybe else finder.surely(wanted)
    if not layout.anyone:
        return maybe, sure, sure if finder.free.floating else 0
    alone = sure if finder.free.floating else 0
    breaks = _Breaks(finder, chain)
    for task in layout.anyone:
        maybe &= finder.anyone(task)
        sure &= either(
            finder.staff(who, (task.span,)) & breaks.of_all(who, place) for who in task.step.able
        )
    return maybe, sure, alone


def _stretches(
    lines: Lines, place: int, staff_id: UUID, finder: Finder, leeway: Leeway
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
        uses += [(first + at, end + at) for first, end in fitted.work]
        tidies += [(first + at, end + at) for first, end in fitted.layout.lead_tidies]
        at += fitted.layout.held
        tidied = joined(after_use(tidy, uses) for tidy in tidies)
        able = starts & finder.staff(staff_id, tidied)
        if able and finder.free.floating:
            able &= leeway(staff_id, place, until, joined([*uses, *tidied]))
        if able and finder.free.least_gap:
            able &= finder.tidy(staff_id, *_extent([*uses, *tidied]))
        settles = max((end for _first, end in tidied), default=at) - at
        if able or settles > WAIT_STEP:
            yield Stretch(until, at, able, settles, starts)


def _extent(spans: Sequence[Span]) -> Span:
    return min(first for first, _end in spans), max(end for _first, end in spans)


Going = list[dict[UUID, list[Stretch]]]


def _bounds(
    tracks: Sequence[Track], variants: Sequence[Lines], turns: Turns, leeway: Leeway
) -> Bounds:
    going = _look_back(variants, turns, leeway)
    by_staff = _look_ahead(tracks, going, turns)
    starts = either(mask for mask in by_staff[0].values()) if by_staff else 0
    found: list[ByStaff] = [{} for _line in range(sum(len(track.lines) for track in tracks))]
    for track, able in zip(tracks, by_staff, strict=True):
        for line in track.lines:
            found[line] = able
    return Bounds(starts, tuple(found))


def _look_back(variants: Sequence[Lines], turns: Turns, leeway: Leeway) -> Going:
    """From each line on, by who does it: the stretches after which the rest can follow."""
    last = len(variants[0])
    onward: dict[int, Next] = {}
    going: Going = [{} for _line in range(last)]
    for place in range(last - 1, -1, -1):
        for lines in variants:
            for staff_id in lines[place]:
                for stretch in _stretches(lines, place, staff_id, turns.finder, leeway):
                    rest = onward.get(stretch.until)
                    able = rest.reached(staff_id, stretch) if rest else stretch.starts
                    if able:
                        further = replace(stretch, starts=able)
                        going[place].setdefault(staff_id, []).append(further)
        begins = {
            staff_id: either(stretch.starts for stretch in found)
            for staff_id, found in going[place].items()
        }
        onward[place] = turns.after(begins)
    return going


def _look_ahead(tracks: Sequence[Track], going: Going, turns: Turns) -> list[ByStaff]:
    """Who can do each line, and in which visits. Durations differ by person, so there is a mask
    for each offset at which a line can find itself, and for who has done the one before."""
    by_staff = [dict.fromkeys((way.staff_id for way in track.ways), 0) for track in tracks]
    came: list[Reached] = [{} for _track in tracks]
    for place, able in enumerate(going):
        arrived: Iterable[tuple[int, Others]] = [(0, lambda _staff_id: turns.among)]
        if place:
            begins = either(stretch.starts for found in able.values() for stretch in found)
            arrived = turns.arrived(came[place], begins)
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
                        by = (staff_id, stretch.settles)
                        next_at[by] = next_at.get(by, 0) | found
    return by_staff
