"""Who could take over from somebody who is not there: a plan, line by line."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import Invalid
from tenant_apps.booking.errors import NobodyDoesThis, NotOffered, SlotTaken
from tenant_apps.booking.policies.handover import Duty, candidates, hand_over, is_free, without
from tenant_apps.booking.policies.masks import Window
from tenant_apps.booking.policies.visit import Free
from tenant_apps.booking.selectors.absence import (
    AbsentLine,
    calendar_of,
    colleagues,
    duty_of,
    lines_of_absent,
)
from tenant_apps.booking.selectors.calendar import Calendar
from tenant_apps.booking.selectors.setup import Setup

NOBODY_FREE = "nobody_free"


@dataclass(frozen=True, kw_only=True, slots=True)
class Absence:
    """Somebody is not there on these days of the salon, both included.

    ``chosen`` goes before our own proposals: whom to give a line, or ``None`` to leave it.
    """

    staff_id: UUID
    first: date
    last: date
    chosen: Mapping[UUID, UUID | None] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Colleague:
    """Somebody who is free for the line, and what they would charge for it."""

    staff_id: UUID
    name: str
    price: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Handover:
    """What is to become of a line, or became of it.

    ``able``: who could have it, the best first. ``code`` says why it stays: the code of a
    refusal, or ``nobody_free``; it is empty when somebody chose so.
    """

    line: AbsentLine
    able: tuple[Colleague, ...]
    staff_id: UUID | None
    outcome: Literal["proposed", "moved", "stays"]
    code: str = ""


def plan_handover(
    setup: Setup, absence: Absence, zone: ZoneInfo, *, moment: datetime
) -> list[Handover]:
    """Everything of theirs that is still to come, in order of time, with a proposal for each.

    Raises ``Invalid`` and ``NobodyDoesThis``, which name choices by their places, and
    ``SetupChanged``.
    """
    lines = lines_of_absent(absence.staff_id, absence.first, absence.last, zone, moment=moment)
    prices = {line.line_id: colleagues(setup, absence.staff_id, line.option_id) for line in lines}
    _check(absence.chosen, prices)
    if not lines:
        return []
    team = {staff_id for able in prices.values() for staff_id in able}
    spans = [span for line in lines for span in line.spans]
    calendar = calendar_of(setup, team, spans, zone, moment=moment)
    duties = [_duty(line, prices[line.line_id], calendar.window) for line in lines]
    given = _given(duties, calendar, absence.chosen)
    names = {performer.staff_id: performer.name for performer in setup.performers}
    return _whole_visits(
        _handover(
            line,
            [
                Colleague(staff_id=pk, name=names[pk], price=prices[line.line_id][pk])
                for pk in candidates(calendar.free, duty)
            ],
            *given[line.line_id],
        )
        for line, duty in zip(lines, duties, strict=True)
    )


def _duty(line: AbsentLine, prices: Mapping[UUID, int], window: Window) -> Duty:
    differences = {pk: abs(price - line.price.amount) for pk, price in prices.items()}
    return duty_of(line.line_id, line.spans, differences, window)


def _handover(
    line: AbsentLine, able: Iterable[Colleague], staff_id: UUID | None, code: str
) -> Handover:
    outcome: Literal["proposed", "stays"] = "proposed" if staff_id else "stays"
    return Handover(line=line, able=tuple(able), staff_id=staff_id, outcome=outcome, code=code)


def refusal(calendar: Calendar, free: Free, staff_id: UUID, duty: Duty) -> str:
    """The code that says why somebody cannot; empty when they can."""
    if is_free(free, staff_id, duty):
        return ""
    works = is_free(calendar.rostered, staff_id, duty)
    return SlotTaken.code if works else NotOffered.code


def _check(chosen: Mapping[UUID, UUID | None], prices: Mapping[UUID, Mapping[UUID, int]]) -> None:
    for place, (line_id, staff_id) in enumerate(chosen.items()):
        if line_id not in prices:
            unknown = _("This person has no such line to come on these days.")
            raise Invalid(fields={f"choices.{place}.line_id": unknown})
        if staff_id is not None and staff_id not in prices[line_id]:
            raise NobodyDoesThis(fields={f"choices.{place}.staff_id": NobodyDoesThis.message})


def _given(
    duties: Sequence[Duty], calendar: Calendar, chosen: Mapping[UUID, UUID | None]
) -> dict[UUID, tuple[UUID | None, str]]:
    """For each line somebody, or a code that says why nobody: choices first."""
    free, found = calendar.free, dict[UUID, tuple[UUID | None, str]]()
    for duty in duties:
        if duty.line_id in chosen:
            staff_id = chosen[duty.line_id]
            code = refusal(calendar, free, staff_id, duty) if staff_id else ""
            found[duty.line_id] = (None, code) if code else (staff_id, "")
            if staff_id and not code:
                free = without(free, staff_id, duty)
    proposed = hand_over([duty for duty in duties if duty.line_id not in found], free)
    for line_id, staff_id in proposed.items():
        found[line_id] = (staff_id, "" if staff_id else NOBODY_FREE)
    return found


def _whole_visits(planned: Iterable[Handover]) -> list[Handover]:
    """A visit of which one line cannot go stays as a whole."""
    found = list(planned)
    codes = {each.line.appointment_id: each.code for each in found if each.code}
    return [
        replace(each, outcome="stays", code=each.code or codes[each.line.appointment_id])
        if each.line.appointment_id in codes
        else each
        for each in found
    ]
