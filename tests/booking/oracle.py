"""Placing a visit the slow, obviously right way: minute by minute, choice by choice."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from uuid import UUID

from tenant_apps.booking.policies.masks import Mask
from tenant_apps.booking.policies.visit import Free, Step, Track, UnitNeed, Visit, Way

WAITING = -1
"""In the place of a line."""


def is_free(mask: Mask, start: int, minutes: int) -> bool:
    return all(mask >> minute & 1 for minute in range(start, start + minutes))


@dataclass(frozen=True)
class Job:
    """A step at a minute. ``way`` is a number that tells the chosen ways apart."""

    step: Step
    start: int
    lead: UUID
    way: int

    @property
    def minutes(self) -> list[int]:
        return list(range(self.start, self.start + self.step.minutes))

    @property
    def people(self) -> Sequence[UUID | None]:
        if not self.step.takes_staff:
            return [None]
        return self.step.able or [self.lead]


@dataclass(frozen=True)
class Outcome:
    """``staff``: who leads each line."""

    staff: tuple[UUID, ...]
    total: int


def outcomes(visit: Visit, free: Free, start: int) -> set[Outcome]:
    """All that a visit which begins then can come to."""
    return {
        outcome
        for jobs, outcome in plans(visit, start)
        if all_are_sold(jobs, free)
        and client_is_free(jobs, free)
        and people_are_free(jobs, free)
        and units_are_free(jobs, free)
        and no_crumbs_are_left(jobs, free)
    }


def offered(visit: Visit, free: Free, start: int) -> set[Outcome]:
    """What somebody can choose from then: the client waits only when there is nothing without."""
    return outcomes(Visit(visit.groups), free, start) or (
        outcomes(visit, free, start) if visit.patience else set()
    )


def plans(visit: Visit, start: int) -> Iterator[tuple[list[Job], Outcome]]:
    """Every choice of leads, and of minutes for what goes on inside a line."""
    for ways in product(*(track.ways for track in visit.tracks)):
        by_track = dict(zip(map(id, visit.tracks), ways, strict=True))
        if any(
            len({by_track[id(track)].staff_id for track in group}) < len(group)
            for group in visit.groups
        ):
            continue
        for waits in waits_of(visit):
            yield from plans_with(visit, by_track, start, waits)


def waits_of(visit: Visit) -> Iterator[tuple[int, ...]]:
    """Every choice of how long the client waits before each group; never before the first."""
    some = list(range(0, visit.patience + 1, 5))
    yield from product([0], *([some] * (len(visit.groups) - 1)))


def plans_with(
    visit: Visit, by_track: Mapping[int, Way], start: int, waits: Sequence[int]
) -> Iterator[tuple[list[Job], Outcome]]:
    jobs: list[list[Job]] = []
    waiting: list[Job] = []
    at = start
    for group, wait in zip(visit.groups, waits, strict=True):
        before = [job for found in jobs for job in found]
        begun = [
            jobs_of(by_track[id(track)], at + wait, len(jobs) + n) for n, track in enumerate(group)
        ]
        waiting += [job for found in begun for job in waits_for(found[0], before, at, wait)]
        jobs += begun
        ends = [
            job.start + job.step.minutes
            for found in begun
            for job in found
            if job.step.takes_client
        ]
        at = max([at + wait, *ends])
    ways = [by_track[id(track)] for track in visit.tracks]
    leads = {line: by_track[id(track)].staff_id for track in visit.tracks for line in track.lines}
    price = sum(way.price for way in ways)
    insides = [list(inside(track, found)) for track, found in zip(visit.tracks, jobs, strict=True)]
    for chosen in product(*insides):
        more = [job for _staff, _price, found in chosen for job in found]
        staff = leads | {k: v for found, _price, _jobs in chosen for k, v in found.items()}
        yield (
            waiting + [job for found in jobs for job in found] + more,
            Outcome(
                tuple(staff[line] for line in range(visit.lines)),
                price + sum(extra for _staff, extra, _jobs in chosen),
            ),
        )


def waits_for(first: Job, before: Sequence[Job], at: int, wait: int) -> Iterator[Job]:
    """The client is there, and what is kept for them and needed next is not given away."""
    if wait:
        used = {need for job in before for need in job.step.needs}
        kept = tuple(n for n in first.step.needs if n.keep == "visit" and n in used)
        step = Step(wait, takes_staff=False, needs=kept, line=WAITING)
        yield Job(step, at, first.lead, first.way)


def jobs_of(way: Way, start: int, number: int) -> list[Job]:
    jobs, at, tidied = [], start, start
    for step in way.steps:
        jobs.append(Job(step, tidied if step.tidies else at, way.staff_id, number))
        if step.tidies:
            tidied += step.minutes
        else:
            at = tidied = at + step.minutes
    return jobs


def inside(track: Track, jobs: Sequence[Job]) -> Iterator[tuple[dict[int, UUID], int, list[Job]]]:
    """Every choice of a way and a place for what is inside the track."""
    choices = []
    for number, inner in enumerate(track.inside):
        choices.append(
            [
                (inner.line, way, placed)
                for way in inner.ways
                for host in jobs
                if host.step.line == inner.parent
                and host.step.takes_client
                and not host.step.takes_staff
                for at in host.minutes
                for placed in [jobs_of(way, at, 1000 + id(track) % 1000 * 100 + number)]
                if all(set(job.minutes) <= set(host.minutes) for job in placed)
            ]
        )
    for chosen in product(*choices):
        taken = [
            {minute for job in found for minute in job.minutes} for _line, _way, found in chosen
        ]
        if all(one.isdisjoint(other) for one, other in combinations(taken, 2)):
            yield (
                {line: way.staff_id for line, way, _jobs in chosen},
                sum(way.price for _line, way, _jobs in chosen),
                [job for _line, _way, found in chosen for job in found],
            )


def all_are_sold(jobs: Iterable[Job], free: Free) -> bool:
    begins: dict[int, int] = {}
    for job in jobs:
        begins[job.step.line] = min(job.start, begins.get(job.step.line, job.start))
    return all(free.sold.get(line, ~0) >> minute & 1 for line, minute in begins.items())


def client_is_free(jobs: Iterable[Job], free: Free) -> bool:
    return all(
        is_free(free.client, job.start, job.step.minutes) for job in jobs if job.step.takes_client
    )


def people_are_free(jobs: Sequence[Job], free: Free) -> bool:
    return any(
        these_are_free(zip(jobs, people, strict=True), free)
        for people in product(*(job.people for job in jobs))
    )


def these_are_free(chosen: Iterable[tuple[Job, UUID | None]], free: Free) -> bool:
    uses: dict[UUID, list[int]] = defaultdict(list)
    tidies: dict[UUID, list[Job]] = defaultdict(list)
    for job, person in chosen:
        if person and job.step.tidies:
            tidies[person].append(job)
        elif person:
            uses[person] += job.minutes
    if any(len(minutes) > len(set(minutes)) for minutes in uses.values()):
        return False
    return all(
        person_is_free(person, set(uses[person]), tidies[person], free)
        for person in {*uses, *tidies}
    )


def person_is_free(person: UUID, uses: set[int], tidies: Sequence[Job], free: Free) -> bool:
    mask = free.staff.get(person, 0)
    taken = uses | tidied(uses, tidies)
    if not all(mask >> minute & 1 for minute in taken):
        return False
    return all(
        break_fits(mask & window, minutes, taken) or not break_fits(mask & window, minutes, set())
        for window, minutes in free.floating.get(person, ())
    )


def tidied(uses: set[int], tidies: Iterable[Job]) -> set[int]:
    """Cleaning up waits, minute by minute, until nothing is in its way."""
    found: set[int] = set()
    for job in tidies:
        minutes = set(job.minutes)
        while minutes & uses:
            minutes = {minute + 1 for minute in minutes}
        found |= minutes
    return found


def break_fits(mask: Mask, minutes: int, taken: set[int]) -> bool:
    left = {minute for minute in range(mask.bit_length()) if mask >> minute & 1} - taken
    return any(set(range(first, first + minutes)) <= left for first in left)


def units_are_free(jobs: Sequence[Job], free: Free) -> bool:
    calls: dict[tuple[object, UnitNeed], list[Job]] = defaultdict(list)
    for number, job in enumerate(jobs):
        for need in job.step.needs:
            scope = {"phase": ("phase", number), "line": ("line", job.step.line), "visit": "visit"}
            calls[scope[need.keep], need].append(job)
    choices = [combinations(need.units, need.quantity) for _scope, need in calls]
    return any(
        all(
            unit_is_free(
                free.units.get(unit, 0),
                [
                    job
                    for found, units in zip(calls.values(), chosen, strict=True)
                    if unit in units
                    for job in found
                ],
            )
            for unit in {unit for units in chosen for unit in units}
        )
        for chosen in product(*map(list, choices))
    )


def unit_is_free(mask: Mask, jobs: Sequence[Job]) -> bool:
    uses = {minute for job in jobs if not job.step.tidies for minute in job.minutes}
    taken = uses | tidied(uses, [job for job in jobs if job.step.tidies])
    return all(mask >> minute & 1 for minute in taken)


def no_crumbs_are_left(jobs: Sequence[Job], free: Free) -> bool:
    """Of a plain sequence: what each does in a row leaves enough, or nothing, beside it."""
    if not free.least_gap:
        return True
    uses: dict[UUID, set[int]] = defaultdict(set)
    for job in jobs:
        if job.step.takes_staff and not job.step.tidies:
            uses[job.lead] |= set(job.minutes)
    return all(
        is_no_crumb(free.staff[who], free.least_gap, min(row), max(row), free)
        for who, row in in_a_row(jobs, uses)
        if row
    )


def in_a_row(jobs: Sequence[Job], uses: Mapping[UUID, set[int]]) -> Iterator[tuple[UUID, set[int]]]:
    row: set[int] = set()
    who: UUID | None = None
    ends = -1
    for way in sorted({job.way for job in jobs if job.step.line != WAITING}):
        own = [job for job in jobs if job.way == way and job.step.line != WAITING]
        begins = min(job.start for job in own)
        if who and (own[0].lead, begins) != (who, ends):
            yield who, row
            row = set()
        who = own[0].lead
        ends = max(job.start + job.step.minutes for job in own if job.step.takes_client)
        for job in own:
            if job.step.takes_staff:
                row |= tidied(uses[who], [job]) if job.step.tidies else set(job.minutes)
    if who:
        yield who, row


def is_no_crumb(mask: Mask, least: int, first: int, last: int, free: Free) -> bool:
    end = max(free.client.bit_length(), mask.bit_length())
    before = after = 0
    while first - before > 0 and mask >> (first - before - 1) & 1:
        before += 1
    while last + after + 1 < end and mask >> (last + after + 1) & 1:
        after += 1
    return (not 0 < before < least or before == first) and (
        not 0 < after < least or last + after + 1 == end
    )
