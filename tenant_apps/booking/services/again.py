"""Asking for the lines of a visit again: at another time, or at its own with other lines, people
or units.

What is over stays as it is. What has begun keeps when it is planned.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.timezone import now

from shared_apps.core.actor import Actor
from shared_apps.core.errors import DomainError, Invalid
from shared_apps.core.wall import Interval
from tenant_apps.booking.enums import State
from tenant_apps.booking.errors import NotOffered, SlotTaken
from tenant_apps.booking.models import Allocation, Line
from tenant_apps.booking.policies.life import WAITING
from tenant_apps.booking.policies.masks import next_minute
from tenant_apps.booking.selectors.own_time import Staying
from tenant_apps.booking.selectors.visits import VisitRows, subject_of
from tenant_apps.booking.services.deciding import check_overrides
from tenant_apps.booking.services.finding import Place, Wish, find_place
from tenant_apps.booking.services.life import phases_of, starts_at, taken_by
from tenant_apps.booking.types import AskedLine, Override

TO_COME = frozenset({*WAITING, State.HELD, State.IN_SERVICE})
Said = Mapping[UUID, AskedLine]
"""What is asked of each line, by its id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Added:
    """A line that comes to a visit, under ``parent`` or behind the others."""

    asked: AskedLine
    parent: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Again:
    """A visit as it is asked for again. ``there``: which line is which, by path; ``added``: where
    those stand that come to it."""

    asked: tuple[AskedLine, ...]
    there: Mapping[str, Line]
    added: tuple[str, ...]

    def path_of(self, line_id: UUID) -> str:
        return next(path for path, line in self.there.items() if line.pk == line_id)


def kept_lines(rows: VisitRows) -> list[Line]:
    """Those that were had and those to come."""
    return [line for line in rows.lines if line.state in {*TO_COME, State.COMPLETED}]


def lines_to_come(rows: VisitRows) -> list[Line]:
    return [line for line in rows.lines if line.state in TO_COME]


def line_again(line: Line, staff_id: UUID | None) -> AskedLine:
    """As it was sold. What came as part of a bundle is a line of its own by now."""
    own = line.own_minutes
    return AskedLine(
        option_id=line.option_id,
        staff_id=staff_id,
        timings=() if own is None else ((line.option_id, tuple(own)),),
        is_done=line.state == State.COMPLETED,
    )


def by_same_people(lines: Iterable[Line]) -> dict[UUID, AskedLine]:
    return {line.pk: line_again(line, line.performer_id) for line in lines}


def asked_again(lines: Sequence[Line], said: Said, added: Sequence[Added] = ()) -> Again:
    """``lines`` in their order, add-ons under theirs; one whose line is gone stands for itself."""
    ids = {line.pk for line in lines}
    asked: list[AskedLine] = []
    there: dict[str, Line] = {}
    paths: list[str] = []
    for top in (line for line in lines if line.parent_line_id not in ids):
        path = f"lines.{len(asked)}"
        addons = [line for line in lines if line.parent_line_id == top.pk]
        new = [each.asked for each in added if each.parent == top.pk]
        paths += [f"{path}.addons.{len(addons) + place}" for place in range(len(new))]
        there[path] = top
        there |= {f"{path}.addons.{place}": addon for place, addon in enumerate(addons)}
        under = (*(said[addon.pk] for addon in addons), *new)
        asked.append(replace(said[top.pk], parallel_group=top.parallel_group, addons=under))
    behind = [each.asked for each in added if each.parent is None]
    paths += [f"lines.{len(asked) + place}" for place in range(len(behind))]
    return Again(asked=(*asked, *behind), there=there, added=tuple(paths))


def with_what_it_has(
    rows: VisitRows, said: Said, *, let_go: Collection[UUID] = ()
) -> dict[UUID, AskedLine]:
    """On the chairs and with the helpers that the lines have now, but for those of ``let_go``
    and where something else is said."""
    had = dict(said)
    for line in lines_to_come(rows):
        if line.pk in had and line.pk not in let_go:
            units = {taken.unit_id for taken in taken_by(rows, [line]) if taken.unit_id}
            helpers = {phase.staff_id for phase in phases_of(rows, [line]) if phase.staff_id}
            asked = had[line.pk]
            had[line.pk] = replace(
                asked, unit_ids=asked.unit_ids or frozenset(units), helper_ids=frozenset(helpers)
            )
    return had


def claimed_client(rows: VisitRows) -> UUID | None:
    """The client, if their own time is taken with the visit's."""
    return next((taken.client_id for taken in rows.allocations if taken.client_id), None)


def place_again(
    rows: VisitRows,
    said: Said,
    added: Sequence[Added] = (),
    *,
    override: Override,
    actor: Actor,
    let_go: Collection[UUID] = (),
) -> tuple[Again, Place]:
    """A place for the visit as it is asked for now, when it is planned already: with what it
    has if that is free, otherwise with other units. ``said`` is of all lines to be kept.

    The visit and its days are held. Raises what booking raises for a time that cannot be had.
    """
    lines = [line for line in rows.lines if line.pk in said]
    again = asked_again(lines, said, added)
    check_overrides(override.codes, actor)
    had = asked_again(lines, with_what_it_has(rows, said, let_go=let_go), added)
    wish = stay_wish(rows, again, override, let_go)
    usual = replace(wish, lines=had.asked, overrides=frozenset())
    return again, first_place([usual, wish], actor)


def stay_wish(
    rows: VisitRows, again: Again, override: Override, let_go: Collection[UUID] = ()
) -> Wish:
    to_come = [line for line in again.there.values() if line.state in TO_COME]
    return Wish(
        starts_at=starts_at(rows, to_come),
        lines=again.asked,
        client_id=claimed_client(rows),
        ignoring=rows.appointment.pk,
        overrides=override.codes,
        is_again=True,
        staying=staying(rows, again, let_go),
    )


def staying(rows: VisitRows, again: Again, let_go: Collection[UUID] = ()) -> Staying:
    """What a line has that is about to be left out is not kept, nor the chairs of ``let_go``."""
    to_come = [line for line in again.there.values() if line.state in TO_COME]
    given_up = {phase.pk for phase in rows.phases if phase.line_id in let_go}
    over = [line for line in rows.lines if line.state not in TO_COME]
    return Staying(
        own=_spans(
            taken
            for taken in taken_by(rows, to_come)
            if not (taken.unit_id and taken.phase_id in given_up)
        ),
        done=_spans(taken for taken in taken_by(rows, over) if taken.staff_id),
        begun={
            path: starts_at(rows, [line])
            for path, line in again.there.items()
            if line.state == State.IN_SERVICE
        },
        moment=next_minute(now()),
    )


def _spans(allocations: Iterable[Allocation]) -> dict[UUID, list[Interval]]:
    found = defaultdict[UUID, list[Interval]](list)
    for taken in allocations:
        found[subject_of(taken)].append((taken.during.lower, taken.during.upper))
    return found


def first_place(wishes: Sequence[Wish], actor: Actor) -> Place:
    """Of ``wishes``, the best first, the first that can be had. Raises why not the last."""
    *better, last = wishes
    for place, wish in enumerate(better):
        if wish not in wishes[place + 1 :]:
            with suppress(SlotTaken, NotOffered, Invalid):
                return find_place(wish, actor)
    return find_place(last, actor)


@contextmanager
def called(names: Mapping[str, str]) -> Iterator[None]:
    """Refusals name lines as the caller does: what begins with a key begins with its value."""
    try:
        yield
    except DomainError as refusal:
        refusal.fields = {_renamed(path, names): why for path, why in refusal.fields.items()}
        raise


def _renamed(path: str, names: Mapping[str, str]) -> str:
    fitting = [known for known in names if path == known or path.startswith(f"{known}.")]
    if not fitting:
        return path
    longest = max(fitting, key=len)
    return f"{names[longest]}{path[len(longest) :]}".removeprefix(".")
