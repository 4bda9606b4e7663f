"""Choosing people and units for a visit at one minute: exact, whatever the visit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from tenant_apps.booking.policies.attempt import first_choice
from tenant_apps.booking.policies.cleanup import settled
from tenant_apps.booking.policies.masks import Span
from tenant_apps.booking.policies.search import Doing, Field, Found, Pins
from tenant_apps.booking.policies.visit import Free, Step, Visit, Way


@dataclass(frozen=True, slots=True)
class PlacedStep:
    """A step in its place, and whom and what it takes for just these minutes.

    Cleaning up that a later one does as well is left out; what it asks of one person and of
    units may happen at different times and is then told apart. ``kept``: those of ``units`` that
    were kept for the client while they waited for it, ``waited`` minutes.
    """

    step: Step
    starts: int
    minutes: int
    staff_id: UUID | None
    units: tuple[UUID, ...]
    kept: tuple[UUID, ...] = ()
    waited: int = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """A line put in its place: ``staff_id`` leads it; ``way`` may be that of a whole track."""

    line: int
    staff_id: UUID
    way: Way
    starts: int
    steps: tuple[PlacedStep, ...]


def place_visit(
    visit: Visit,
    free: Free,
    start: int,
    *,
    preference: Mapping[UUID, int],
    total: int | None = None,
    pins: Pins | None = None,
) -> list[Placed] | None:
    """Choose people and units for a visit that begins at minute ``start``; lines in order.

    Of several people the cheapest is taken, then the one with the lowest ``preference``. With
    ``total`` only a choice that costs exactly so much counts. ``pins`` says by line who has to
    do it. ``None``: there is no such choice.
    """
    found = first_choice(Field(visit, free, preference), start, total=total, pins=pins)
    return None if found is None else placed_lines(found)


def placed_lines(found: Found) -> list[Placed]:
    steps = sorted(_placed_steps(found), key=lambda placed: (placed.starts, placed.step.number))
    lines = [
        Placed(
            line=line,
            staff_id=entry.way.staff_id,
            way=entry.way,
            starts=min((p.starts for p in steps if p.step.line == line), default=entry.starts),
            steps=tuple(placed for placed in steps if placed.step.line == line),
        )
        for entry in found.entries
        for line in entry.lines
    ]
    return sorted(lines, key=lambda placed: placed.line)


def people_of(found: Found) -> dict[UUID, list[Span]]:
    """When it takes whom."""
    return _taken(_by_person(found))


def units_of(found: Found) -> dict[UUID, list[Span]]:
    """When it takes which unit."""
    return _taken(_by_unit(found))


def _taken(claims: "Claims") -> dict[UUID, list[Span]]:
    return {
        subject: [*uses, *(where for where, _number in settled(tidies, uses))]
        for subject, (tidies, uses) in claims.items()
    }


def _placed_steps(found: Found) -> Iterator[PlacedStep]:
    waits = {doing.entry: doing for doing in found.doings if doing.is_wait}
    for doing in found.doings:
        step = doing.task.step
        if doing.is_wait:
            continue
        if not step.tidies:
            placed = PlacedStep(
                step, doing.starts, step.minutes, doing.staff_id, _units(doing, found)
            )
            wait = waits.get(doing.entry) if doing.task.at == 0 else None
            if wait:
                kept, minutes = _units(wait, found), wait.task.step.minutes
                placed = replace(placed, kept=kept, waited=minutes)
            yield placed
        elif not step.takes_staff and not step.needs:
            yield PlacedStep(step, doing.starts, step.minutes, None, ())
    yield from _tidied(found)


def _units(doing: Doing, found: Found) -> tuple[UUID, ...]:
    return tuple(unit for need in doing.task.step.needs for unit in found.units[doing.key(need)])


def _tidied(found: Found) -> Iterator[PlacedStep]:
    """Cleaning up, person by person and unit by unit, put together again where it can be."""
    staff = {
        (number, where): staff_id
        for staff_id, (tidies, uses) in _by_person(found).items()
        for where, number in settled(tidies, uses)
    }
    units: dict[tuple[int, Span], list[UUID]] = {}
    for unit, (tidies, uses) in _by_unit(found).items():
        for where, number in settled(tidies, uses):
            units.setdefault((number, where), []).append(unit)
    for number, where in dict.fromkeys([*staff, *units]):
        yield PlacedStep(
            found.doings[number].task.step,
            where[0],
            where[1] - where[0],
            staff.get((number, where)),
            tuple(units.get((number, where), ())),
        )


Claims = dict[UUID, tuple[list[tuple[Span, int]], list[Span]]]
"""By person or unit: cleaning up, with the number of its doing, and other uses."""


def _by_person(found: Found) -> Claims:
    claims: Claims = {}
    for number, doing in enumerate(found.doings):
        if doing.staff_id:
            _claim(claims, doing.staff_id, number, doing)
    return claims


def _by_unit(found: Found) -> Claims:
    claims: Claims = {}
    for number, doing in enumerate(found.doings):
        for need in doing.task.step.needs:
            for unit in found.units[doing.key(need)]:
                _claim(claims, unit, number, doing)
    return claims


def _claim(claims: Claims, subject: UUID, number: int, doing: Doing) -> None:
    tidies, uses = claims.setdefault(subject, ([], []))
    if doing.task.step.tidies:
        tidies.append((doing.span, number))
    else:
        uses.append(doing.span)
