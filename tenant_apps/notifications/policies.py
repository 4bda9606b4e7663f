"""What a client knows of a visit, and what of it is news. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tenant_apps.booking.enums import State
from tenant_apps.booking.events import LineFact, VisitEvent, VisitFact
from tenant_apps.catalog.enums import PhaseKind


@dataclass(frozen=True, kw_only=True, slots=True)
class News:
    """What a visit became by one event, and what it was ``before`` it.

    ``is_latest``: nothing that the client knows of it has changed since.
    """

    before: VisitFact
    after: VisitFact
    is_latest: bool

    @property
    def is_any(self) -> bool:
        return known(self.before) != known(self.after)

    @property
    def is_of_people(self) -> bool:
        """Is nothing else new than who does it?"""
        before, after = known(self.before), known(self.after)
        return self.is_any and _but_for_people(before) == _but_for_people(after)

    @property
    def is_for_somebody_new(self) -> bool:
        return self.before.client_id != self.after.client_id

    @property
    def is_brought_back(self) -> bool:
        return self.before.state == State.CANCELLED != self.after.state


@dataclass(frozen=True, slots=True)
class Known:
    """Whose visit it is, and by whom is done what, for how much and when."""

    client_id: UUID | None
    lines: tuple[tuple[UUID, object], ...]


def known(visit: VisitFact) -> Known:
    """Of cleaning up, of the rooms and of who helps a client hears nothing."""
    return Known(
        visit.client_id,
        tuple(
            (line.performer_id, (line.option_id, line.price, _times(line)))
            for line in visit.lines
            if line.state != State.CANCELLED
        ),
    )


def _but_for_people(what: Known) -> tuple[UUID | None, list[object]]:
    return what.client_id, [done for _by, done in what.lines]


def _times(line: LineFact) -> list[object]:
    return [
        (phase.starts_at, phase.minutes) for phase in line.phases if phase.kind != PhaseKind.CLEANUP
    ]


def news(story: Sequence[VisitEvent], version: int) -> News:
    """That of the event with this ``version``; the ``story`` is all of the visit's, in order."""
    place = next(place for place, event in enumerate(story) if event.version == version)
    after = story[place].visit
    return News(
        before=story[max(place - 1, 0)].visit,
        after=after,
        is_latest=all(known(later.visit) == known(after) for later in story[place + 1 :]),
    )
