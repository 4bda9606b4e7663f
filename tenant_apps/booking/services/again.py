"""The lines of a visit that is there, as they would be asked for today: for another time, or for
its own with other lines, people or units."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from shared_apps.core.actor import Actor
from shared_apps.core.errors import DomainError
from tenant_apps.booking.enums import State
from tenant_apps.booking.models import Line
from tenant_apps.booking.policies.life import WAITING
from tenant_apps.booking.selectors.asked import lines_of
from tenant_apps.booking.selectors.setup import setup_now
from tenant_apps.booking.selectors.visits import VisitRows
from tenant_apps.booking.services.life import phases_of, taken_by
from tenant_apps.booking.types import AskedLine
from tenant_apps.catalog.types import OptionTerms

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
    those stand that come to it; ``still``: lines to come that stay as they are."""

    asked: tuple[AskedLine, ...]
    there: Mapping[str, Line]
    added: tuple[str, ...]
    still: frozenset[UUID] = frozenset()

    @property
    def placed(self) -> list[Line]:
        """The lines that are placed again."""
        return [
            line
            for line in self.there.values()
            if line.state in TO_COME and line.pk not in self.still
        ]

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


def asked_again(
    lines: Sequence[Line],
    said: Said,
    added: Sequence[Added] = (),
    still: frozenset[UUID] = frozenset(),
) -> Again:
    """``lines`` in their order, add-ons under theirs; one whose line is gone stands for itself."""
    said = {pk: replace(line, is_done=line.is_done or pk in still) for pk, line in said.items()}
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
    return Again(asked=(*asked, *behind), there=there, added=tuple(paths), still=still)


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


def had_as(again: Again, actor: Actor) -> dict[UUID, OptionTerms]:
    """In which phases the lines are had in each other's company. Raises what is wrong with how
    they are asked for."""
    asked, terms = lines_of(again.asked, setup_now().options, actor, is_again=True)
    return {
        again.there[line.path].pk: found
        for line, found in zip(asked, terms, strict=True)
        if line.path in again.there
    }


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
