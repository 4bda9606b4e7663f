from datetime import date, time
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema

from tenant_apps.booking import schemas
from tenant_apps.booking.api.search_schemas import Lines
from tenant_apps.booking.services.parties import PartyMember, PartyRequest
from tenant_apps.booking.services.party_moves import MovePartyRequest
from tenant_apps.booking.types import NOTHING, Companion, PartyDay, PartyDays, PartyView

FEWEST, MOST = 2, 6


class PartyMemberIn(schemas.Strict):
    """``client``: left out for somebody who comes along without a card. Whoever is not staff
    books for themselves first, and may name the others by the ids of cards that are theirs to
    book for."""

    lines: Lines
    client: schemas.SomeClient | None = None

    def as_member(self, *, language: str) -> PartyMember:
        client, proof = schemas.as_client(self.client, language=language)
        return PartyMember(
            lines=tuple(line.as_asked() for line in self.lines), client=client, proof=proof
        )


class PartyIn(schemas.Strict):
    """All begin at ``starts_at``, each with their own lines, 12 for all of them together at most.
    ``organiser_id``: the card of whoever arranges it; left out, that of the first.
    ``expected_total``: of all together."""

    starts_at: schemas.Moment
    members: Annotated[list[PartyMemberIn], Field(min_length=FEWEST, max_length=MOST)]
    organiser_id: UUID | None = None
    expected_total: schemas.MoneySchema | None = None
    override: schemas.OverrideIn | None = None

    def as_request(self, *, language: str) -> PartyRequest:
        return PartyRequest(
            starts_at=self.starts_at,
            members=tuple(member.as_member(language=language) for member in self.members),
            organiser=self.organiser_id,
            expected_total=self.expected_total.as_money() if self.expected_total else None,
            language=language,
            override=self.override.as_override() if self.override else NOTHING,
        )


class MovePartyIn(schemas.Strict):
    """``version`` of the party as last seen; left out: whatever it is now."""

    starts_at: schemas.Moment
    version: int | None = None
    override: schemas.OverrideIn | None = None

    def as_request(self) -> MovePartyRequest:
        return MovePartyRequest(
            starts_at=self.starts_at,
            expected_version=self.version,
            override=self.override.as_override() if self.override else NOTHING,
        )


class OrganiserOut(Schema):
    id: UUID
    name: str


class PartyOut(Schema):
    """``appointments``: everybody's visit, in the order of ``members`` when it was booked,
    whatever has become of it."""

    id: UUID
    version: int
    organiser: OrganiserOut | None
    appointments: list[schemas.AppointmentOut]


class CompanionIn(schemas.Strict):
    """``client_id``: a card whose own time must be free."""

    lines: Lines
    client_id: UUID | None = None

    def as_companion(self) -> Companion:
        return Companion(
            lines=tuple(line.as_asked() for line in self.lines), client_id=self.client_id
        )


class PartySearchIn(schemas.Strict):
    """As ``searchAvailability``, for several who begin together; 31 days at most.

    ``moving``: the id of a party that is to be had at another time: those who are still to come,
    for what they booked, as ``moveParty`` would have them; what they take counts as free.
    ``members`` may be left out then and are not looked at.
    """

    members: Annotated[
        list[CompanionIn], Field(default_factory=list, min_length=FEWEST, max_length=MOST)
    ]
    first_day: date
    last_day: date
    weekdays: Annotated[
        list[Annotated[int, Field(ge=0, le=6)]], Field(default_factory=list, max_length=7)
    ]
    from_time: time | None = None
    until_time: time | None = None
    moving: UUID | None = None
    first_only: bool = False


class TheirLinesOut(Schema):
    """``staff_ids``: who would do each of the lines."""

    staff_ids: list[UUID]


class PartyStartOut(Schema):
    """One way in which all of them can come at ``starts_at``, in the order of ``members``."""

    starts_at: schemas.Instant
    members: list[TheirLinesOut]


class PartyDayOut(Schema):
    """``complete``: these are all starts of that day. Otherwise too much was in doubt, and there
    may be more of them."""

    date: date
    starts: list[PartyStartOut]
    complete: bool


class PartySearchOut(Schema):
    """``next_day``: ask again from there, for the days before it were enough for one answer;
    null: these are all."""

    timezone: str
    days: list[PartyDayOut]
    next_day: date | None


def party_out(view: PartyView, *, with_links: bool) -> dict[str, Any]:
    return {
        "id": view.id,
        "version": view.version,
        "organiser": view.organiser and {"id": view.organiser[0], "name": view.organiser[1]},
        "appointments": [
            schemas.appointment_out(visit, with_link=with_links) for visit in view.visits
        ],
    }


def search_out(found: PartyDays, timezone: str) -> dict[str, Any]:
    return {
        "timezone": timezone,
        "days": [
            {"date": day.date, "starts": _starts_out(day), "complete": day.is_whole}
            for day in found.days
        ],
        "next_day": found.next_day,
    }


def _starts_out(day: PartyDay) -> list[dict[str, Any]]:
    return [
        {
            "starts_at": start.starts_at,
            "members": [{"staff_ids": ids} for ids in start.staff_ids],
        }
        for start in day.starts
    ]
