"""Finding a place for a visit that keeps its time, though not as it is.

What is over stays. What has begun stays when it is planned. What the visit has already, nobody is
asked for again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.utils.timezone import now

from shared_apps.core.actor import Actor
from shared_apps.core.errors import Invalid
from shared_apps.core.wall import Interval
from tenant_apps.booking.enums import State
from tenant_apps.booking.errors import NotOffered, SlotTaken
from tenant_apps.booking.models import Allocation, Line
from tenant_apps.booking.policies.masks import MINUTE, next_minute
from tenant_apps.booking.selectors.own_time import Staying
from tenant_apps.booking.selectors.visits import VisitRows, planned_end, subject_of
from tenant_apps.booking.services.again import (
    TO_COME,
    Added,
    Again,
    Said,
    asked_again,
    by_same_people,
    claimed_client,
    had_as,
    kept_lines,
    with_what_it_has,
)
from tenant_apps.booking.services.deciding import check_overrides
from tenant_apps.booking.services.finding import Place, Wish, find_place
from tenant_apps.booking.services.life import phases_of, starts_at, taken_by
from tenant_apps.booking.types import Override

NONE: frozenset[Any] = frozenset()
LONGEST_WAIT = timedelta(hours=2)
"""Longer is no wait, but a client who goes away and comes back."""


def place_again(
    rows: VisitRows,
    said: Said,
    added: Sequence[Added] = (),
    *,
    touched: Collection[UUID] = (),
    override: Override,
    actor: Actor,
    let_go: Collection[UUID] = (),
) -> tuple[Again, Place]:
    """A place for the visit as it is asked for now, when it is planned already. ``said`` is of
    all lines to be kept, and ``touched`` those that change of themselves.

    Where the client goes away in between, only what hangs together with the change is placed
    again if that will do. Lines keep what they have if it is free, otherwise get other units.
    The visit and its days are held. Raises what booking raises for a time that cannot be had.
    """
    check_overrides(override.codes, actor)
    lines = [line for line in rows.lines if line.pk in said]
    had = with_what_it_has(rows, said, let_go=let_go)
    still = _untouched(rows, asked_again(lines, said, added), added, touched, actor)
    tries: list[tuple[Again, Wish]] = []
    for stays in dict.fromkeys([still, NONE]):
        again = asked_again(lines, said, added, stays)
        wish = stay_wish(rows, again, override, let_go)
        usual = asked_again(lines, had, added, stays).asked
        wishes = [replace(wish, lines=usual, overrides=NONE), wish]
        tries += [(again, each) for each in as_it_stands_first(rows, again, wishes)]
    tries.sort(key=lambda each: bool(each[1].overrides))  # the least irregular first
    number, place = first_place([wish for _again, wish in tries], actor)
    return tries[number][0], place


def _untouched(
    rows: VisitRows,
    again: Again,
    added: Sequence[Added],
    touched: Collection[UUID],
    actor: Actor,
) -> frozenset[UUID]:
    """The lines to come that have nothing to do with a change: there is time between them and
    what it concerns, and nothing that they share with it."""
    runs = runs_of(rows, again.placed)
    concerned = {*touched, *(each.parent for each in added if each.parent)}
    if runs and any(each.parent is None for each in added):
        concerned |= runs[-1]
    before = had_as(asked_again(kept_lines(rows), by_same_people(kept_lines(rows))), actor)
    after = had_as(again, actor)
    concerned |= {line_id for line_id, terms in after.items() if before.get(line_id) != terms}
    meant = [run for run in runs if run & concerned]
    return NONE.union(*runs) - meant[0] if len(meant) == 1 else NONE


def runs_of(rows: VisitRows, lines: Sequence[Line]) -> list[frozenset[UUID]]:
    """Lines that follow one another without any time in between, in order of time."""
    runs: list[frozenset[UUID]] = []
    ends_at: datetime | None = None
    for family in _families(rows, lines):
        run = frozenset(line.pk for line in family)
        if ends_at is not None and starts_at(rows, family) <= ends_at:
            run |= runs.pop()
        runs.append(run)
        ends = [planned_end(phase) for phase in phases_of(rows, family)]
        ends_at = max(ends) if ends_at is None else max(ends_at, *ends)
    return runs


def _families(rows: VisitRows, lines: Sequence[Line]) -> list[list[Line]]:
    """Lines with what is added to them, in order of time."""
    ids = {line.pk for line in lines}
    families = [
        [top, *(line for line in lines if line.parent_line_id == top.pk)]
        for top in lines
        if top.parent_line_id not in ids
    ]
    return sorted(families, key=lambda each: starts_at(rows, each))


def waited(rows: VisitRows, lines: Sequence[Line]) -> int:
    """For how many minutes the client waits between two of ``lines`` at most."""
    longest, ends_at = timedelta(), None
    for family in _families(rows, lines):
        if ends_at is not None:
            longest = max(longest, starts_at(rows, family) - ends_at)
        ends = [planned_end(phase) for phase in phases_of(rows, family) if phase.with_client]
        ends_at = max(ends) if ends_at is None else max(ends_at, *ends)
    return min(longest, LONGEST_WAIT) // MINUTE


def as_it_stands_first(rows: VisitRows, again: Again, wishes: Sequence[Wish]) -> list[Wish]:
    """``wishes``, and where the client waits, before them the same with every line at its time:
    or it would begin as soon as it could."""
    return [
        *(
            replace(wish, staying=_as_it_stands(rows, again, wish.staying))
            for wish in wishes
            if wish.staying and wish.waited
        ),
        *wishes,
    ]


def _as_it_stands(rows: VisitRows, again: Again, staying: Staying) -> Staying:
    """A line may come to be shorter than it was, and the wait after it longer."""
    begun = {
        path: starts_at(rows, [line]) for path, line in again.there.items() if line in again.placed
    }
    longest = max(after - before for before, after in pairwise(sorted(begun.values())))
    return replace(staying, begun=begun, waited=min(longest, LONGEST_WAIT) // MINUTE)


def stay_wish(
    rows: VisitRows, again: Again, override: Override, let_go: Collection[UUID] = ()
) -> Wish:
    return Wish(
        starts_at=starts_at(rows, again.placed),
        lines=again.asked,
        client_id=claimed_client(rows),
        ignoring=rows.appointment.pk,
        overrides=override.codes,
        is_again=True,
        staying=staying(rows, again, let_go),
    )


def staying(rows: VisitRows, again: Again, let_go: Collection[UUID] = ()) -> Staying:
    """What a line has that is about to be left out is not kept, nor the chairs of ``let_go``.
    Of what is over, people alone did not do anything else meanwhile."""
    given_up = {phase.pk for phase in rows.phases if phase.line_id in let_go}
    over = [line for line in rows.lines if line.state not in TO_COME]
    still = [line for line in rows.lines if line.pk in again.still]
    return Staying(
        own=_spans(
            taken
            for taken in taken_by(rows, again.placed)
            if not (taken.unit_id and taken.phase_id in given_up)
        ),
        kept=_spans(
            [
                *(taken for taken in taken_by(rows, over) if taken.staff_id),
                *taken_by(rows, still),
            ]
        ),
        served=[
            (phase.starts_at, planned_end(phase))
            for phase in phases_of(rows, still)
            if phase.with_client
        ],
        begun={
            path: starts_at(rows, [line])
            for path, line in again.there.items()
            if line.state == State.IN_SERVICE
        },
        moment=next_minute(now()),
        waited=waited(rows, again.placed),
    )


def _spans(allocations: Iterable[Allocation]) -> dict[UUID, list[Interval]]:
    found = defaultdict[UUID, list[Interval]](list)
    for taken in allocations:
        found[subject_of(taken)].append((taken.during.lower, taken.during.upper))
    return found


def first_place(wishes: Sequence[Wish], actor: Actor) -> tuple[int, Place]:
    """Of ``wishes``, the best first, the first that can be had. Raises why not the last."""
    *better, last = wishes
    for number, wish in enumerate(better):
        if wish not in wishes[number + 1 :]:
            with suppress(SlotTaken, NotOffered, Invalid):
                return number, find_place(wish, actor)
    return len(better), find_place(last, actor)
