"""What a client knows of a visit, and what of it is news. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tenant_apps.booking.enums import State
from tenant_apps.booking.events import AppointmentMoved, LineFact, VisitEvent, VisitFact
from tenant_apps.catalog.enums import PhaseKind
from tenant_apps.notifications.enums import Kind


@dataclass(frozen=True, kw_only=True, slots=True)
class News:
    """What a visit became by one event, and what it was right ``before`` it.

    ``since``: what it was from when its client heard of it last, that first, until the event;
    empty when they never did. In between may lie what was not told because more was to come.
    ``is_latest``: nothing that the client knows of it has changed since the event. ``has_moved``:
    not only the event itself, also what was not told, counts.
    """

    before: VisitFact
    after: VisitFact
    since: tuple[VisitFact, ...]
    is_latest: bool
    has_moved: bool

    @property
    def is_any(self) -> bool:
        """Whether there is anything new to tell. Whoever it is again hears only of what has
        become of it while it was somebody else's."""
        if self.after.state in {State.HELD, State.REQUESTED}:
            return False
        if self.since and self.before.client_id != self.after.client_id:
            return known(self.since[0]) != known(self.after)
        return known(self.before) != known(self.after)

    @property
    def kind(self) -> Kind:
        """Who never heard of the visit, or knows it as cancelled, is told that it is theirs."""
        if not self.since or any(each.state == State.CANCELLED for each in self.since):
            return Kind.BOOKING_CONFIRMED
        if self.has_moved and any(_begin(each) != _begin(self.after) for each in self.since):
            return Kind.BOOKING_MOVED
        return Kind.BOOKING_CHANGED

    @property
    def is_of_people(self) -> bool:
        """Is nothing else new than who does it? Only of a ``BOOKING_CHANGED``."""
        but = _but_for_people(self.after)
        return all(_but_for_people(each) == but for each in self.since)


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


def _but_for_people(visit: VisitFact) -> list[object]:
    return [done for _by, done in known(visit).lines]


def _begin(visit: VisitFact) -> datetime:
    return min(
        phase.starts_at
        for line in visit.lines
        if line.state != State.CANCELLED
        for phase in line.phases
    )


def _times(line: LineFact) -> list[object]:
    return [
        (phase.starts_at, phase.minutes) for phase in line.phases if phase.kind != PhaseKind.CLEANUP
    ]


def news(story: Sequence[VisitEvent], version: int, told: Collection[int]) -> News:
    """That of the event with this ``version``; the ``story`` is all of the visit's, in order, and
    ``told`` are the versions of which a letter was written."""
    place = next(place for place, event in enumerate(story) if event.version == version)
    after = story[place].visit
    heard = [
        earlier
        for earlier, event in enumerate(story[:place])
        if event.version in told and event.visit.client_id == after.client_id
    ]
    since = story[heard[-1] : place] if heard else ()
    return News(
        before=story[max(place - 1, 0)].visit,
        after=after,
        since=tuple(event.visit for event in since),
        is_latest=all(known(later.visit) == known(after) for later in story[place + 1 :]),
        has_moved=any(isinstance(event, AppointmentMoved) for event in (*since[1:], story[place])),
    )
