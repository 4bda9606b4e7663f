"""Why a start is not on offer: each rule, shift, break, appointment or phase in its way.

The layers laid over one another are exactly what booking decides by, so the reasons are
complete: without them the start would be on offer for those people.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shared_apps.core.actor import Actor
from shared_apps.core.db import rows
from shared_apps.core.wall import DAY
from tenant_apps.booking.enums import State
from tenant_apps.booking.permissions import BOOK_OFF_RULES
from tenant_apps.booking.policies.crumbs import CRUMBS
from tenant_apps.booking.policies.explain import (
    Explainer,
    Layer,
    Reason,
    are_too_many,
    candidates,
)
from tenant_apps.booking.policies.grid import grid_on
from tenant_apps.booking.policies.masks import MINUTE, Mask, Window
from tenant_apps.booking.selectors.availability import leaves_crumbs
from tenant_apps.booking.selectors.calendar import local_days, read_calendar, window_of
from tenant_apps.booking.selectors.demand import demand_of
from tenant_apps.booking.selectors.limits import bounds_for, sold_on
from tenant_apps.booking.selectors.setup import Setup, with_setup
from tenant_apps.booking.selectors.timings import timed
from tenant_apps.booking.types import AskedLine
from tenant_apps.staff.selectors import rota_view
from tenant_apps.staff.types import WorkingDay
from tenants.selectors import current_salon

MOST_CANDIDATES = 200
SOLD = "not_sold_then"
ROTA = ("salon_closed", "time_off", "break")
TAKEN = """
SELECT taken.subject_id, lower(during), upper(during), taken.expires_at, taken.block_id,
       taken.phase_id, line.appointment_id, visit.state,
       taken.unit_id IS NOT NULL AND taken.shared_by = own.party_id
FROM booking_allocation AS taken
LEFT JOIN booking_phase AS phase ON phase.id = taken.phase_id
LEFT JOIN booking_line AS line ON line.id = phase.line_id
LEFT JOIN booking_appointment AS visit ON visit.id = line.appointment_id
LEFT JOIN booking_appointment AS own ON own.id = %s
WHERE taken.subject_id = ANY(%s) AND during && tstzrange(%s, %s)
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """As ``Wish`` puts it to booking."""

    starts_at: datetime
    lines: Sequence[AskedLine]
    client_id: UUID | None = None
    ignoring: UUID | None = None
    is_moving: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """A row that takes time of ``subject_id``. ``names`` says which, as the API calls it."""

    code: str
    subject_id: UUID
    start: datetime
    end: datetime
    names: Mapping[str, UUID | None]


@dataclass(slots=True)
class _Causes:
    """All causes over a window, as rows to name and as masks by code and subject."""

    window: Window
    found: list[Cause] = field(default_factory=list)
    masks: dict[str, dict[UUID, Mask]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(int))
    )

    def add(self, cause: Cause, *, among: Mask = ~0) -> None:
        """``among``: the minutes at which it is in the way at all."""
        self.found.append(cause)
        mask = self.window.covered(cause.start, cause.end) & among
        self.masks[cause.code][cause.subject_id] |= mask

    def named(self, code: str, subject_id: UUID | None, start: datetime, end: datetime) -> Any:
        return [
            cause
            for cause in self.found
            if (cause.code, cause.subject_id) == (code, subject_id)
            and cause.start < end
            and start < cause.end
        ]


def explained(question: Question, *, actor: Actor, moment: datetime) -> dict[str, Any]:
    """As ``ExplainOut`` in the API. Raises what ``demand_of`` raises."""
    zone = current_salon().zone
    return with_setup(lambda setup: _Explanation(setup, question, actor, moment, zone).out())


class _Explanation:
    def __init__(
        self, setup: Setup, question: Question, actor: Actor, moment: datetime, zone: ZoneInfo
    ) -> None:
        self.question, self.actor, self.moment, self.zone = question, actor, moment, zone
        self.rules = setup.rules
        lines = timed(
            question.lines,
            setup.options,
            client_id=question.client_id,
            moving=question.ignoring if question.is_moving else None,
        )
        self.demand = demand_of(setup, lines, actor)
        days = local_days(question.starts_at, self.demand.longest, zone)
        self.window = window_of(days[0], days[-1], zone, beyond=self.demand.longest)
        self.sold = sold_on(self.demand, actor, self.window, zone)
        self.calendar = read_calendar(
            setup,
            self.demand,
            self.window,
            zone,
            moment=moment,
            client_id=question.client_id,
            ignoring=question.ignoring,
            sold=self.sold,
        )
        self.causes = _Causes(self.window)
        self._add_rota(days)
        self._add_taken()

    def out(self) -> dict[str, Any]:
        general = [{"code": code} for code in self._against_the_start()]
        explainer = Explainer(
            self.demand.visit,
            list(self._layers()),
            self.window.all,
            self.calendar.rostered.floating,
        )
        found = list(self._candidates(explainer))
        if not found:
            general.append({"code": self._against_everybody(explainer)})
        elif self._leaves_crumbs():
            general.append({"code": CRUMBS})
        return {
            "is_offered": not general and any(not one["reasons"] for one in found),
            "reasons": general,
            "candidates": found,
        }

    def _against_the_start(self) -> Iterator[str]:
        starts_at, window = self.question.starts_at, self.window
        bounds = bounds_for(self.demand, self.actor, self.rules, self.moment, self.zone)
        if starts_at < self.moment:
            yield "in_the_past"
        elif starts_at < bounds.earliest:
            yield "too_soon"
        if starts_at >= bounds.before:
            yield "too_far"
        start, rest = divmod(starts_at - window.start, MINUTE)
        day = starts_at.astimezone(self.zone).date()
        grid = grid_on(day, self.rules.grid_minutes, window, self.zone)
        if rest or not (self.actor.may(BOOK_OFF_RULES) or grid >> start & 1):
            yield "off_grid"

    def _leaves_crumbs(self) -> bool:
        bounds = bounds_for(self.demand, self.actor, self.rules, self.moment, self.zone)
        starts_at = self.question.starts_at
        return leaves_crumbs(self.demand, self.calendar, self.rules, bounds, starts_at, self.zone)

    def _against_everybody(self, explainer: Explainer) -> str:
        """Why not even people with nothing else to do could have the visit between them."""
        if are_too_many(explainer.tries):
            return "too_many_choices"
        has_addons = any(track.inside for track in self.demand.visit.tracks)
        return "addons_do_not_fit" if has_addons else "too_few_people"

    def _candidates(self, explainer: Explainer) -> Iterator[dict[str, Any]]:
        start = self.window.minute_of(self.question.starts_at)
        possible = candidates(self.demand.visit, explainer.tries)
        for people in islice(possible, MOST_CANDIDATES):
            reasons = explainer.reasons(start, people)
            yield {
                "staff_ids": list(people),
                "reasons": [out for reason in reasons for out in self._reason_out(reason)],
            }

    def _layers(self) -> Iterator[Layer]:
        staff, units = self.demand.performers.keys(), self.demand.unit_ids
        client_id = self.question.client_id
        working = self.calendar.rostered.staff
        for code, masks in self.causes.masks.items():
            rota = code in ROTA
            yield Layer(
                code,
                staff={
                    pk: mask & ~working[pk] if rota else mask
                    for pk, mask in masks.items()
                    if pk in staff
                },
                units={pk: mask for pk, mask in masks.items() if pk in units},
                client=masks.get(client_id, 0) if client_id else 0,
            )
        # What no row explains: nobody planned this person, or this hour, at all.
        yield Layer("outside_rota", staff=self._unexplained("staff"))
        yield Layer("salon_closed", units=self._unexplained("units"))
        everything = self.window.all
        yield Layer(SOLD, sold={line: everything & ~mask for line, mask in self.sold.items()})

    def _unexplained(self, kind: str) -> dict[UUID, Mask]:
        rostered: Mapping[UUID, Mask] = getattr(self.calendar.rostered, kind)
        return {pk: self.window.all & ~mask & ~self._caused(pk) for pk, mask in rostered.items()}

    def _caused(self, subject_id: UUID) -> Mask:
        caused = 0
        for code in ROTA:
            caused |= self.causes.masks.get(code, {}).get(subject_id, 0)
        return caused

    def _add_rota(self, days: Sequence[date]) -> None:
        view = rota_view(
            days[0] - DAY, days[-1] + DAY, self.zone, staff_ids=list(self.demand.performers)
        )
        for member in view.members:
            for day in member.days:
                self._add_day(member.staff_id, day)

    def _add_day(self, staff_id: UUID, day: WorkingDay) -> None:
        for off in day.off:
            names = {"time_off_id": off.row_id}
            self.causes.add(Cause("time_off", staff_id, off.start, off.end, names))
        for pause in day.breaks:
            names = {"shift_id": pause.row_id}
            self.causes.add(Cause("break", staff_id, pause.start, pause.end, names))
        if day.open_anyway:
            return
        for shift in day.rostered:
            for start, end in _gaps(shift.start, shift.end, day):
                names = {"closure_id": day.closure_id, "shift_id": shift.row_id}
                self.causes.add(Cause("salon_closed", staff_id, start, end, names))

    def _add_taken(self) -> None:
        question = self.question
        subjects = [*self.demand.performers, *self.demand.unit_ids]
        subjects += [question.client_id] if question.client_id else []
        own = question.ignoring
        for row in rows(TAKEN, own, subjects, self.window.start, self.window.end):
            subject_id, start, end, expires_at, block_id, phase_id, visit_id, state = row[:-1]
            if visit_id is not None and visit_id == question.ignoring:
                continue
            if expires_at is not None and expires_at <= self.moment:
                continue
            code = "block" if block_id else "hold" if state == State.HELD else "appointment"
            names = {"block_id": block_id, "phase_id": phase_id, "appointment_id": visit_id}
            # Of its own party others are in the way only where there is no place left.
            among = self.calendar.full.get(subject_id, 0) if row[-1] else ~0
            self.causes.add(Cause(code, subject_id, start, end, names), among=among)

    def _reason_out(self, reason: Reason) -> Iterator[dict[str, Any]]:
        start, end = self.window.at(reason.first), self.window.at(reason.end)
        out: dict[str, Any] = {
            "code": reason.code,
            "line": reason.line,
            "phase": reason.number,
            "starts_at": start.astimezone(self.zone),
            "ends_at": end.astimezone(self.zone),
        }
        if reason.subject_id in self.demand.unit_ids:
            out["unit_id"] = reason.subject_id
        elif reason.subject_id:
            out["staff_id"] = reason.subject_id
        subject_id = reason.subject_id or self.question.client_id
        named = self.causes.named(reason.code, subject_id, start, end)
        for cause in named:
            yield {**out, **cause.names}
        if not named:
            yield out


def _gaps(start: datetime, end: datetime, day: WorkingDay) -> Iterator[tuple[datetime, datetime]]:
    """The parts of a shift in which the salon is closed."""
    left = start
    for opened in sorted(day.opened):
        if left < opened.start and left < end:
            yield left, min(opened.start, end)
        left = max(left, opened.end)
    if left < end:
        yield left, end
