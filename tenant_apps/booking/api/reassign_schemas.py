from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from ninja import Field, Schema

from shared_apps.core.days import check_span
from shared_apps.core.errors import Invalid
from tenant_apps.booking.enums import AbsenceReason
from tenant_apps.booking.schemas import Instant, MoneySchema, Strict
from tenant_apps.booking.selectors.handover import Absence, Handover

MOST_CHOICES = 500


class HandoverChoice(Strict):
    """``staff_id`` null: the line stays."""

    line_id: UUID
    staff_id: UUID | None


class ReassignIn(Strict):
    """Either one ``date`` or ``from`` and ``to``, both included, at most 31 days. Lines without
    a choice go to whom ``preview`` proposes."""

    staff_id: UUID
    day: date | None = Field(None, alias="date")
    first: date | None = Field(None, alias="from")
    last: date | None = Field(None, alias="to")
    preview: bool = True
    choices: Annotated[list[HandoverChoice], Field(default_factory=list, max_length=MOST_CHOICES)]
    reason: AbsenceReason = AbsenceReason.OTHER

    def as_absence(self) -> Absence:
        first, last = self._span()
        chosen: dict[UUID, UUID | None] = {}
        for place, choice in enumerate(self.choices):
            if choice.line_id in chosen:
                twice = _("This line is named twice.")
                raise Invalid(fields={f"choices.{place}.line_id": twice})
            chosen[choice.line_id] = choice.staff_id
        return Absence(staff_id=self.staff_id, first=first, last=last, chosen=chosen)

    def _span(self) -> tuple[date, date]:
        first, last = self.day or self.first, self.day or self.last
        if first is None or last is None or (self.day and (self.first or self.last)):
            raise Invalid(fields={"date": _("Name one day, or the first and the last.")})
        check_span(first, last)
        return first, last


class ColleagueOut(Schema):
    """``price``: what they would charge. The client pays what was agreed."""

    staff_id: UUID
    name: str
    price: MoneySchema


class HandoverOut(Schema):
    """One line that the absent person was to do.

    ``starts_at`` and ``ends_at``: from their first minute in it to their last. ``requested``:
    the client had asked for them. ``colleagues``: who is free for exactly these minutes, the
    best first. ``staff_id``: who gets it. ``code``: why it stays.
    """

    appointment_id: UUID
    version: int
    line_id: UUID
    option_id: UUID
    service_name: str
    option_name: str
    client_name: str
    starts_at: Instant
    ends_at: Instant
    price: MoneySchema
    requested: bool
    colleagues: list[ColleagueOut]
    staff_id: UUID | None
    outcome: Literal["proposed", "moved", "stays"]
    code: str


class ReassignOut(Schema):
    """In order of time."""

    timezone: str
    lines: list[HandoverOut]


def handover_out(found: Handover, zone: ZoneInfo) -> dict[str, Any]:
    line = found.line
    currency = line.price.currency
    return {
        "appointment_id": line.appointment_id,
        "version": line.version,
        "line_id": line.line_id,
        "option_id": line.option_id,
        "service_name": line.service_name,
        "option_name": line.option_name,
        "client_name": line.client_name,
        "starts_at": line.starts_at.astimezone(zone),
        "ends_at": line.ends_at.astimezone(zone),
        "price": {"amount": line.price.amount, "currency": currency},
        "requested": line.requested,
        "colleagues": [
            {
                "staff_id": able.staff_id,
                "name": able.name,
                "price": {"amount": able.price, "currency": currency},
            }
            for able in found.able
        ],
        "staff_id": found.staff_id,
        "outcome": found.outcome,
        "code": found.code,
    }
