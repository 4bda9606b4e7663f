"""Parties the slow way: every choice for every visit, and then whether they get along."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from uuid import UUID

from tenant_apps.booking.policies.visit import Free, UnitNeed, Visit
from tests.booking.oracle import (
    Job,
    Outcome,
    all_are_sold,
    break_fits,
    client_is_free,
    plans,
    tidied,
)

Jobs = Sequence[Job]


def party_outcomes(
    visits: Sequence[Visit], frees: Sequence[Free], places: Mapping[UUID, int], start: int
) -> set[tuple[Outcome, ...]]:
    """All that a party which comes then can come to."""
    each = [
        [
            (jobs, outcome)
            for jobs, outcome in plans(visit, start)
            if all_are_sold(jobs, free) and client_is_free(jobs, free)
        ]
        for visit, free in zip(visits, frees, strict=True)
    ]
    return {
        tuple(outcome for _jobs, outcome in chosen)
        for chosen in product(*each)
        if people_get_along([jobs for jobs, _outcome in chosen], frees[0])
        and units_get_along([jobs for jobs, _outcome in chosen], frees[0], places)
    }


def people_get_along(visits: Sequence[Jobs], free: Free) -> bool:
    jobs = [(number, job) for number, found in enumerate(visits) for job in found]
    return any(
        these_get_along(
            [(number, job, who) for (number, job), who in zip(jobs, people, strict=True)], free
        )
        for people in product(*(job.people for _number, job in jobs))
    )


def these_get_along(jobs: Sequence[tuple[int, Job, UUID | None]], free: Free) -> bool:
    for person in {who for _number, _job, who in jobs if who}:
        mine = [(number, job) for number, job, who in jobs if who == person]
        worked = [minute for _n, job in mine if not job.step.tidies for minute in job.minutes]
        if len(worked) > len(set(worked)):
            return False
        minutes = Counter(minute for found in taken_by_visit(mine).values() for minute in found)
        mask = free.staff.get(person, 0)
        if any(count > 1 or not mask >> minute & 1 for minute, count in minutes.items()):
            return False
        for window, length in free.floating.get(person, ()):
            can = break_fits(mask & window, length, set())
            if can and not break_fits(mask & window, length, set(minutes)):
                return False
    return True


def taken_by_visit(jobs: Sequence[tuple[int, Job]]) -> dict[int, set[int]]:
    """By visit, the minutes that its jobs take of one person or unit."""
    taken = {}
    for number in {number for number, _job in jobs}:
        mine = [job for visit, job in jobs if visit == number]
        uses = {minute for job in mine if not job.step.tidies for minute in job.minutes}
        taken[number] = uses | tidied(uses, [job for job in mine if job.step.tidies])
    return taken


def units_get_along(visits: Sequence[Jobs], free: Free, places: Mapping[UUID, int]) -> bool:
    calls: dict[tuple[int, object, UnitNeed], list[Job]] = defaultdict(list)
    for number, jobs in enumerate(visits):
        for place, job in enumerate(jobs):
            for need in job.step.needs:
                scope = {
                    "phase": ("phase", place),
                    "line": ("line", job.step.line),
                    "visit": "visit",
                }
                calls[number, scope[need.keep], need].append(job)
    choices = [list(combinations(need.units, need.quantity)) for _n, _scope, need in calls]
    return any(
        all(
            has_room(free.units.get(unit, 0), places.get(unit, 1), jobs)
            for unit, jobs in by_unit(calls, chosen)
        )
        for chosen in product(*choices)
    )


def by_unit(
    calls: Mapping[tuple[int, object, UnitNeed], Sequence[Job]],
    chosen: Sequence[tuple[UUID, ...]],
) -> Iterator[tuple[UUID, list[tuple[int, Job]]]]:
    for unit in {unit for units in chosen for unit in units}:
        yield (
            unit,
            [
                (number, job)
                for ((number, _scope, _need), jobs), units in zip(
                    calls.items(), chosen, strict=True
                )
                if unit in units
                for job in jobs
            ],
        )


def has_room(mask: int, places: int, jobs: Sequence[tuple[int, Job]]) -> bool:
    minutes = Counter(minute for found in taken_by_visit(jobs).values() for minute in found)
    return all(count <= places and mask >> minute & 1 for minute, count in minutes.items())
