"""How the services of one visit go together: bundles, add-ons, order, shared finishing. Pure.

Whoever plans a visit takes these in turn: ``unbundled``, ``addon_problems``, ``arranged`` for
what follows what, ``order_problems``, and ``merged`` for the phases that are left and who stays
with them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from uuid import UUID

from tenant_apps.catalog.enums import AddonPlace, PhaseKind, PhasePerformer
from tenant_apps.catalog.policies.phases import (
    client_minutes,
    minutes_at,
    phase_problems,
    phases_at,
)
from tenant_apps.catalog.types import (
    BundlePart,
    LevelTerms,
    OptionTerms,
    PhaseTerms,
    VisitLine,
)


@dataclass(frozen=True, slots=True)
class Arranged:
    """Lines by place. ``groups`` follow one another; those of one begin together.
    ``during[parent]`` run while that line develops and are in no group."""

    groups: tuple[tuple[int, ...], ...]
    during: Mapping[int, tuple[int, ...]]


def unbundled(
    parts: Sequence[BundlePart], known: Mapping[UUID, OptionTerms], *, first_group: int = 0
) -> tuple[VisitLine, ...]:
    """A bundle's parts as lines of a visit whose groups count from ``first_group``."""
    return tuple(
        VisitLine(terms=known[part.option_id], parallel_group=first_group + part.parallel_group)
        for part in parts
    )


def bundle_minutes(parts: Sequence[BundlePart], known: Mapping[UUID, OptionTerms]) -> int:
    """How long somebody stays for a bundle: of each group, as long as its longest part."""
    lines = unbundled(parts, known)
    stays = [client_minutes(terms.phases) for terms in merged(lines)]
    return sum(max(stays[place] for place in group) for group in arranged(lines).groups)


def addon_problems(lines: Sequence[VisitLine]) -> dict[int, str]:
    """What is wrong with who belongs to whom, by the line's place."""
    found = ((place, _about_parent(place, line, lines)) for place, line in enumerate(lines))
    return {place: why for place, why in found if why}


def _about_parent(place: int, line: VisitLine, lines: Sequence[VisitLine]) -> str:
    addon, parent = line.terms, line.parent
    if parent is None:
        return "needs_a_service" if addon.addon_place and not addon.sold_alone else ""
    if addon.addon_place is None:
        return "not_an_addon"
    if parent not in range(len(lines)) or lines[parent].parent is not None:
        return "no_such_line"
    if addon.addon_of and lines[parent].terms.service_id not in addon.addon_of:
        return "not_with_this"
    return ""


def arranged(lines: Sequence[VisitLine]) -> Arranged:
    """Add-ons go before, after or into the line they belong to; the rest keeps its groups."""
    tops = [place for place, line in enumerate(lines) if line.parent is None]
    in_order = sorted(tops, key=lambda place: lines[place].parallel_group)
    groups: list[tuple[int, ...]] = []
    for _number, found in groupby(in_order, key=lambda place: lines[place].parallel_group):
        group = tuple(found)
        groups += [(place,) for place in _added(lines, group, AddonPlace.BEFORE)]
        groups.append(group)
        groups += [(place,) for place in _added(lines, group, AddonPlace.AFTER)]
    during = {parent: tuple(_added(lines, (parent,), AddonPlace.DURING)) for parent in tops}
    return Arranged(tuple(groups), {parent: found for parent, found in during.items() if found})


def _added(lines: Sequence[VisitLine], parents: Sequence[int], where: AddonPlace) -> Iterator[int]:
    return (
        place
        for place, line in enumerate(lines)
        if line.parent in parents and line.terms.addon_place is where
    )


def order_problems(lines: Sequence[VisitLine]) -> dict[int, str]:
    """Lines that come too late, by place: one with a ``sequence`` may not follow a group with a
    higher one. Within a group, and for lines without one, any order will do."""
    problems: dict[int, str] = {}
    highest = 0
    for group in arranged(lines).groups:
        ranks = {place: lines[place].terms.sequence for place in group}
        known = {place: rank for place, rank in ranks.items() if rank is not None}
        problems |= {place: "wrong_order" for place, rank in known.items() if rank < highest}
        highest = max(highest, *known.values(), 0)
    return problems


def merged(lines: Sequence[VisitLine]) -> tuple[OptionTerms, ...]:
    """The terms of each line in this visit: a finish that several share is done once, and a gap
    that is only sold when something follows takes its lead when nothing does.

    Of lines that follow one another and have a phase with the same ``merge_key``, the last
    keeps it, as long as the longest of them takes. The others go without; they may then end
    with processing, for somebody goes on with the next. One that could not even begin without
    it keeps its own.
    """
    left = [line.terms for line in lines]
    turn = _turns(lines)
    keys = {phase.merge_key: None for terms in left for phase in terms.phases if phase.merge_key}
    for key in keys:
        _merge(left, turn, key)
    return tuple(_watched(left, lines, place, turn) for place in range(len(lines)))


def _turns(lines: Sequence[VisitLine]) -> dict[int, int]:
    """When each line's group comes; add-ons that go into a gap have no turn of their own."""
    groups = arranged(lines).groups
    return {place: turn for turn, group in enumerate(groups) for place in group}


def _merge(left: list[OptionTerms], turn: Mapping[int, int], key: str) -> None:
    having = [place for place in turn if _place_of(key, left[place]) is not None]
    last = max((turn[place] for place in having), default=0)
    longest = 0
    for place in having:
        without = _without(left[place], key)
        if turn[place] < last and _can_do(without):
            longest = max(longest, left[place].phases[_place_of(key, left[place]) or 0].minutes)
            left[place] = without
    for place in having:
        if turn[place] == last:
            left[place] = _lengthened(left[place], key, longest)


def _place_of(key: str, terms: OptionTerms) -> int | None:
    return next((n for n, phase in enumerate(terms.phases) if phase.merge_key == key), None)


def _can_do(terms: OptionTerms) -> bool:
    """Do phases without a finish of their own still make sense, at every level?"""
    as_run = [phases_at(terms.phases, level) for level in terms.levels.values() if level.phases]
    found = [why for phases in [terms.phases, *as_run] for why in phase_problems(phases).values()]
    return set(found) <= {"ends_with_processing"}


def _without(terms: OptionTerms, key: str) -> OptionTerms:
    gone = _place_of(key, terms)
    return replace(
        terms,
        phases=tuple(phase for place, phase in enumerate(terms.phases) if place != gone),
        levels={
            level: replace(found, phases=found.phases and _less(found.phases, gone))
            for level, found in terms.levels.items()
        },
    )


def _less(minutes: Sequence[int], gone: int | None) -> tuple[int, ...]:
    return tuple(count for place, count in enumerate(minutes) if place != gone)


def _lengthened(terms: OptionTerms, key: str, minutes: int) -> OptionTerms:
    return replace(
        terms,
        phases=tuple(
            replace(phase, minutes=max(phase.minutes, minutes)) if phase.merge_key == key else phase
            for phase in terms.phases
        ),
        levels={
            level: _lengthened_at(found, _place_of(key, terms), minutes)
            for level, found in terms.levels.items()
        },
    )


def _lengthened_at(level: LevelTerms, place: int | None, minutes: int) -> LevelTerms:
    """A level with minutes of its own takes the longer finish at its pace; one that leaves the
    phase out goes on doing so."""
    if level.phases is None or place is None or not (minutes and level.phases[place]):
        return level
    own = list(level.phases)
    own[place] = max(own[place], minutes_at(minutes, level.percent))
    return replace(level, phases=tuple(own))


def _watched(
    left: Sequence[OptionTerms], lines: Sequence[VisitLine], place: int, turn: Mapping[int, int]
) -> OptionTerms:
    """With the lead in each gap that would be sold only if more work followed."""
    terms = left[place]
    if not any(phase.gap_only_if_followed for phase in terms.phases):
        return terms
    if _line_follows(left, lines, place, turn):
        return terms
    return replace(
        terms,
        phases=tuple(
            replace(phase, performer=PhasePerformer.LEAD)
            if phase.gap_only_if_followed and not _work_follows(terms, number)
            else phase
            for number, phase in enumerate(terms.phases)
        ),
    )


def _line_follows(
    left: Sequence[OptionTerms], lines: Sequence[VisitLine], place: int, turn: Mapping[int, int]
) -> bool:
    """Another line comes after this one: in a later group, or as an add-on of the same line.
    After an add-on that goes into a gap comes the finish of the line it belongs to."""
    top = _top(lines, place)
    if place not in turn:
        last = max(_gap_places(left[top].phases), default=0)
        return _work_follows(left[top], last) or _line_follows(left, lines, top, turn)
    return any(
        later > turn[place]
        and (
            _top(lines, other) == top
            or lines[_top(lines, other)].parallel_group > lines[top].parallel_group
        )
        for other, later in turn.items()
    )


def _top(lines: Sequence[VisitLine], place: int) -> int:
    parent = lines[place].parent
    return place if parent is None else parent


def _gap_places(phases: Sequence[PhaseTerms]) -> Iterator[int]:
    return (place for place, phase in enumerate(phases) if _is_gap(phase))


def _work_follows(terms: OptionTerms, place: int) -> bool:
    """Whether the client is worked on after this phase, at every level: one that leaves out
    the finish has nothing to come back for."""
    work = [
        number
        for number, phase in enumerate(terms.phases)
        if number > place and phase.kind is PhaseKind.WORK and phase.takes_client
    ]
    return all(
        any(level.phases is None or level.phases[number] for number in work)
        for level in terms.levels.values()
    )


def _is_gap(phase: PhaseTerms) -> bool:
    """The client sits there and nobody works."""
    return phase.kind is PhaseKind.PROCESSING and phase.takes_client and not phase.takes_staff
