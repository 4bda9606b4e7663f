"""One service more for a visit."""

from dataclasses import dataclass, replace
from uuid import UUID

from shared_apps.core.actor import Actor
from shared_apps.core.db import retried_once
from shared_apps.core.errors import Invalid
from shared_apps.core.idempotency import Attempt, once
from tenant_apps.booking.permissions import CHANGE_ANY
from tenant_apps.booking.selectors.setup import setup_now
from tenant_apps.booking.selectors.timings import timed
from tenant_apps.booking.selectors.visits import VisitRows
from tenant_apps.booking.services.again import (
    TO_COME,
    Added,
    asked_again,
    by_same_people,
    called,
    kept_lines,
)
from tenant_apps.booking.services.changing import (
    check_changeable,
    check_line_changeable,
    check_not_over,
    tell_change,
    with_alternatives,
)
from tenant_apps.booking.services.finding import Wish
from tenant_apps.booking.services.life import check_version
from tenant_apps.booking.services.place_again import place_again, stay_wish
from tenant_apps.booking.services.replacing import put
from tenant_apps.booking.services.visits import hold_visit
from tenant_apps.booking.types import NOTHING, AskedLine, Override
from tenant_apps.catalog.errors import PROBLEMS
from tenants.selectors import current_salon


@dataclass(frozen=True, kw_only=True, slots=True)
class MoreRequest:
    """``line`` comes behind the others, or as an add-on under the line ``parent_line_id``."""

    line: AskedLine
    parent_line_id: UUID | None = None
    expected_version: int | None = None
    override: Override = NOTHING


def add_line(
    *, appointment_id: UUID, request: MoreRequest, actor: Actor, attempt: Attempt | None = None
) -> UUID:
    """Take the time for one service more, or change nothing. Answers the new line, the first of
    a bundle's.

    What is to come of the visit is placed again at its own time with the same people, so that
    what the lines share comes out right. The price is that of today, the others' stay.

    Raises ``NoSuchAppointment``, ``Stale``, ``WrongState``, and what booking raises for a time
    that cannot be had; ``InThePast`` when nobody came and all of it is over.
    """
    return with_alternatives(
        lambda: _add_once(appointment_id, request, actor, attempt),
        appointment_id,
        lambda rows: _wish(rows, request),
        actor,
    )


@retried_once
def _add_once(
    appointment_id: UUID, request: MoreRequest, actor: Actor, attempt: Attempt | None
) -> UUID:
    return once(attempt, lambda _planned: _add(appointment_id, request, actor))


def _add(appointment_id: UUID, request: MoreRequest, actor: Actor) -> UUID:
    actor.require(CHANGE_ANY)
    rows, override = hold_visit(appointment_id), request.override
    check_version(rows, request.expected_version)
    check_changeable(rows)
    _check_parent(rows, request)
    check_not_over(rows, override)
    before = rows.days(current_salon().zone)
    said, added = by_same_people(kept_lines(rows)), [_added(rows, request)]
    with called(dict.fromkeys(asked_again(kept_lines(rows), said, added).added, "line")):
        again, place = place_again(rows, said, added, override=override, actor=actor)
    new = put(rows, again, place, override=override, actor=actor)
    tell_change(rows, actor=actor, override=override, also=before)
    return new[0].pk


def _wish(rows: VisitRows, request: MoreRequest) -> Wish:
    lines = kept_lines(rows)
    again = asked_again(lines, by_same_people(lines), [_added(rows, request)])
    return replace(stay_wish(rows, again, NOTHING), staying=None)


def _added(rows: VisitRows, request: MoreRequest) -> Added:
    (line,) = timed([request.line], setup_now().options, client_id=rows.appointment.client_id)
    return Added(asked=_new(line), parent=request.parent_line_id)


def _new(line: AskedLine) -> AskedLine:
    return replace(
        line, is_new=True, parallel_group=None, addons=tuple(_new(each) for each in line.addons)
    )


def _check_parent(rows: VisitRows, request: MoreRequest) -> None:
    """An add-on hangs under a line that is to come, and has none of its own."""
    if request.parent_line_id is None:
        return
    parent = next((line for line in rows.lines if line.pk == request.parent_line_id), None)
    if parent is None or parent.parent_line_id is not None:
        raise Invalid(fields={"parent_line_id": PROBLEMS["no_such_line"]})
    if request.line.addons:
        raise Invalid(fields={"line.addons": PROBLEMS["no_such_line"]})
    check_line_changeable(rows, parent, TO_COME)
