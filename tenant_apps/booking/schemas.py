from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import (
    AfterValidator,
    AwareDatetime,
    ConfigDict,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
)

from shared_apps.core.money import Money
from tenant_apps.booking.enums import CancelReason, Overridable, State
from tenant_apps.booking.links import ics_url, manage_url
from tenant_apps.booking.services.book import BookingRequest
from tenant_apps.booking.types import NOTHING, AppointmentView, AskedLine, Override
from tenant_apps.catalog.policies.own import LONGEST_PHASE
from tenant_apps.clients.types import Contact
from tenants.selectors import current_salon

MOST_LINES = 10
Instant = Annotated[
    datetime,
    PlainSerializer(datetime.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
"""Always with a numeric offset, ``+00:00`` in London's winter too."""


EARLIEST, LATEST = 2000, 2200


def _within_calendars(moment: datetime) -> datetime:
    if not EARLIEST <= moment.year < LATEST:
        raise ValueError("lies before the year 2000 or after 2199")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_within_calendars)]
"""An instant with its offset, as somebody sends it."""


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class MoneySchema(Schema):
    """Minor units: 4250 EUR is 42.50 euros."""

    amount: int = Field(ge=0, le=10**12)
    currency: str = Field(pattern="^[A-Z]{3}$")

    def as_money(self) -> Money:
        return Money(self.amount, self.currency)


MOST_PEOPLE = 100
MOST_ADDONS = 5
People = Annotated[list[UUID], Field(default_factory=list, max_length=MOST_PEOPLE)]


MOST_PHASES = 20
OwnMinutes = Annotated[
    list[Annotated[int, Field(ge=0, le=LONGEST_PHASE)]], Field(max_length=MOST_PHASES)
]
Units = Annotated[list[UUID], Field(default_factory=list, max_length=MOST_PHASES)]


class AddonIn(Strict):
    """A line under a line. ``staff_id`` null: anyone, or whoever does that line. The rest as of a
    line."""

    option_id: UUID
    staff_id: UUID | None = None
    own_minutes: OwnMinutes | None = None
    unit_ids: Units

    def as_asked(self) -> AskedLine:
        return AskedLine(
            option_id=self.option_id,
            staff_id=self.staff_id,
            own_minutes=as_minutes(self.own_minutes),
            unit_ids=frozenset(self.unit_ids),
        )


def as_minutes(minutes: list[int] | None) -> tuple[int, ...] | None:
    return None if minutes is None else tuple(minutes)


class LineIn(Strict):
    """``staff_id`` null: anyone, or anyone of ``staff_ids``. Lines with the same
    ``parallel_group`` begin together, with different people. ``part_staff``: of a bundle, who
    does its parts, in their order.

    For staff to say: ``own_minutes``, how long each phase of the option takes, 0 leaves it out,
    null is as usual with this client or by the price list; ``unit_ids``, the chair or room to
    have it on, none is any that is free."""

    option_id: UUID
    staff_id: UUID | None = None
    staff_ids: People
    part_staff: Annotated[list[UUID | None], Field(default_factory=list, max_length=MOST_LINES)]
    addons: Annotated[list[AddonIn], Field(default_factory=list, max_length=MOST_ADDONS)]
    parallel_group: int | None = Field(None, ge=0, le=MOST_LINES)
    own_minutes: OwnMinutes | None = None
    unit_ids: Units

    def as_asked(self) -> AskedLine:
        return AskedLine(
            option_id=self.option_id,
            staff_id=self.staff_id,
            among=frozenset(self.staff_ids),
            part_staff=tuple(self.part_staff),
            addons=tuple(addon.as_asked() for addon in self.addons),
            parallel_group=self.parallel_group,
            own_minutes=as_minutes(self.own_minutes),
            unit_ids=frozenset(self.unit_ids),
        )


class ClientById(Strict):
    id: UUID


class ClientByContact(Strict):
    """``proof`` from ``proveContact``: the booking joins the card that the person has."""

    name: str = Field(min_length=1, max_length=120)
    email: str = Field("", max_length=254)
    phone: str = Field("", max_length=32)
    proof: str | None = Field(None, max_length=500)

    def as_contact(self, *, language: str) -> Contact:
        return Contact(name=self.name, email=self.email, phone=self.phone, language=language)


def _by_id_or_contact(sent: Any) -> ClientById | ClientByContact:
    """An id decides which is meant, so that a refusal names the fields of that one alone."""
    meant = ClientById if isinstance(sent, dict) and "id" in sent else ClientByContact
    return meant.model_validate(sent)


SomeClient = Annotated[
    ClientById | ClientByContact,
    PlainValidator(_by_id_or_contact, json_schema_input_type=ClientById | ClientByContact),
]


def as_client(sent: SomeClient | None, *, language: str) -> tuple[UUID | Contact | None, str]:
    """A card's id or a contact, and the proof that the contact is theirs."""
    if isinstance(sent, ClientByContact):
        return sent.as_contact(language=language), sent.proof or ""
    return (sent.id if sent else None), ""


class OverrideIn(Strict):
    """``codes`` of refusals to set aside, for those who may; ``reason`` is a code of the salon's
    own, such as ``regular_client``."""

    codes: Annotated[list[Overridable], Field(min_length=1)]
    reason: str = Field(min_length=1, max_length=40, pattern="^[a-z][a-z0-9_]*$")

    def as_override(self) -> Override:
        return Override(codes=frozenset(self.codes), reason=self.reason)


class BookIn(Strict):
    """``client`` may be left out by staff: somebody whose name nobody asked. ``expected_total``:
    refuse the booking when it would cost anything else."""

    starts_at: Moment
    lines: Annotated[list[LineIn], Field(min_length=1, max_length=MOST_LINES)]
    client: SomeClient | None = None
    expected_total: MoneySchema | None = None
    override: OverrideIn | None = None

    def as_request(self, *, language: str) -> BookingRequest:
        client, proof = as_client(self.client, language=language)
        return BookingRequest(
            starts_at=self.starts_at,
            lines=tuple(line.as_asked() for line in self.lines),
            client=client,
            proof=proof,
            expected_total=self.expected_total.as_money() if self.expected_total else None,
            language=language,
            override=self.override.as_override() if self.override else NOTHING,
        )


SaidReason = Literal[CancelReason.CLIENT, CancelReason.SALON, CancelReason.MISTAKE]


class CancelIn(Strict):
    """``version`` as last seen; left out: whatever it is now. ``reason`` is for staff to say."""

    version: int | None = None
    reason: SaidReason | None = None


class LineOut(Schema):
    """``requested_staff_id``: whom the client asked for by name. ``own_minutes``: how long the
    option's phases take, where that is not by the price list. ``unit_ids``: the chairs and rooms
    that it takes."""

    id: UUID
    option_id: UUID
    service_name: str
    option_name: str
    staff_id: UUID
    staff_name: str
    starts_at: Instant
    ends_at: Instant
    state: State
    price: MoneySchema
    requested_staff_id: UUID | None
    parent_line_id: UUID | None
    own_minutes: list[int] | None
    unit_ids: list[UUID]


class ClientOut(Schema):
    id: UUID | None
    name: str


class AppointmentOut(Schema):
    """``ends_at``: when the client leaves. Instants carry the salon's offset. The links are null
    for whoever may see the visit but not change it. ``party_id``: whom they come with."""

    id: UUID
    state: State
    version: int
    starts_at: Instant
    ends_at: Instant
    timezone: str
    lines: list[LineOut]
    client: ClientOut
    total: MoneySchema
    manage_url: str | None
    ics_url: str | None
    party_id: UUID | None


class StaffChoice(Schema):
    staff_ids: list[UUID]


class StartOut(Schema):
    """``lines[i].staff_ids``: who could do line i if the visit began then."""

    starts_at: Instant
    lines: list[StaffChoice]


def _money(money: Money) -> dict[str, Any]:
    return {"amount": money.amount, "currency": money.currency}


def appointment_out(view: AppointmentView, *, with_link: bool = True) -> dict[str, Any]:
    salon = current_salon()
    zone = salon.zone
    return {
        "id": view.id,
        "state": view.state,
        "version": view.version,
        "starts_at": view.starts_at.astimezone(zone),
        "ends_at": view.ends_at.astimezone(zone),
        "timezone": salon.timezone,
        "lines": [
            {
                "id": line.id,
                "option_id": line.option_id,
                "service_name": line.service_name,
                "option_name": line.option_name,
                "staff_id": line.staff_id,
                "staff_name": line.staff_name,
                "starts_at": line.starts_at.astimezone(zone),
                "ends_at": line.ends_at.astimezone(zone),
                "state": line.state,
                "price": _money(line.price),
                "requested_staff_id": line.requested_staff_id,
                "parent_line_id": line.parent_line_id,
                "own_minutes": line.own_minutes,
                "unit_ids": line.unit_ids,
            }
            for line in view.lines
        ],
        "client": {"id": view.client_id, "name": view.client_name},
        "total": _money(view.total),
        "manage_url": manage_url(view) if with_link else None,
        "ics_url": ics_url(view) if with_link else None,
        "party_id": view.party_id,
    }
