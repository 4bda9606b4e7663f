"""What tests of changing a visit share: a price list, two stylists, and the plan that came out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from config.roles import ROLES
from shared_apps.accounts.enums import Role
from shared_apps.core.actor import Channel, system
from tenant_apps.booking.management.commands.verify_journal import salon_problems
from tenant_apps.booking.models import Allocation, Appointment, Line, Phase
from tenant_apps.booking.services.add_line import MoreRequest, add_line
from tenant_apps.booking.services.book import BookingRequest, book_appointment
from tenant_apps.booking.services.change_line import LineChange, change_line
from tenant_apps.booking.types import NOTHING, AskedLine, Override
from tenant_apps.catalog.enums import PhaseKind, PriceKind
from tenant_apps.catalog.models import Category, Option
from tenant_apps.catalog.services.price_list import add_service
from tenant_apps.catalog.types import BUNDLE, BundlePart, LevelTerms, NewOption, PhaseTerms
from tenant_apps.clients.types import Contact
from tests.booking.conftest import LONDON

OWNER = system(Channel.STAFF, permissions=ROLES[Role.OWNER])
WORK, PROCESSING, CLEANUP = PhaseKind.WORK, PhaseKind.PROCESSING, PhaseKind.CLEANUP
OLGA = Contact(name="Olga", email="olga@example.com")
ON_PURPOSE = Override(codes=frozenset({"slot_taken"}), reason="regular_client")


def finish(minutes: int) -> PhaseTerms:
    """A blow-dry that colour and cut share."""
    return PhaseTerms(kind=WORK, minutes=minutes, merge_key="finish")


def sell(
    name: str,
    *phases: tuple[PhaseKind, int] | PhaseTerms,
    price: int = 3000,
    price_kind: PriceKind = PriceKind.FIXED,
    parts: tuple[UUID, ...] = (),
    **said: Any,
) -> UUID:
    """A new service; answers its option."""
    option = NewOption(
        levels={BUNDLE if parts else "stylist": LevelTerms(price=price)},
        phases=tuple(
            each if isinstance(each, PhaseTerms) else PhaseTerms(kind=each[0], minutes=each[1])
            for each in phases
        ),
        price_kind=price_kind,
        parts=tuple(BundlePart(option_id=part) for part in parts),
    )
    category = Category.objects.all()[0]
    service = add_service(category_id=category.pk, name=name, options=[option], actor=OWNER, **said)
    return Option.objects.get(service=service).pk


def asked(option_id: UUID, **said: Any) -> AskedLine:
    return AskedLine(option_id=option_id, **said)


def book(
    starts_at: datetime,
    *lines: AskedLine,
    client: Contact | UUID | None = OLGA,
    override: Override = NOTHING,
) -> UUID:
    request = BookingRequest(starts_at=starts_at, lines=lines, client=client, override=override)
    return book_appointment(request=request, actor=OWNER)


def add(visit: UUID, line: AskedLine, **said: Any) -> Line:
    request = MoreRequest(line=line, **said)
    return Line.objects.get(pk=add_line(appointment_id=visit, request=request, actor=OWNER))


def change(visit: UUID, line: Line | int, override: Override = NOTHING, **said: Any) -> Line:
    found = nth(visit, line) if isinstance(line, int) else line
    change_line(
        appointment_id=visit,
        line_id=found.pk,
        change=LineChange(**said),  # type: ignore[typeddict-item]
        actor=OWNER,
        override=override,
    )
    return Line.objects.get(pk=found.pk)


def nth(visit: UUID, place: int) -> Line:
    return Line.objects.get(appointment_id=visit, position=place)


def plan(visit: UUID) -> list[tuple[int, str, str]]:
    """Line, kind, local time and minutes of every phase."""
    phases = Phase.objects.filter(line__appointment_id=visit).select_related("line")
    return [
        (
            phase.line.position,
            phase.kind,
            f"{at(phase.starts_at)}+{phase.minutes}",
        )
        for phase in phases.order_by("line__position", "position")
    ]


def takes(visit: UUID) -> set[tuple[str, str]]:
    """Whose time is taken, and from when to when."""
    found = Allocation.objects.filter(phase__line__appointment_id=visit)
    return {
        (str(each.subject_id), f"{at(each.during.lower)}-{at(each.during.upper)}") for each in found
    }


def at(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%H:%M}"


def whole(visit: UUID) -> tuple[Any, ...]:
    """Everything that is recorded of a visit but when it was written, and how often."""
    return (
        Appointment.objects.values_list("state", "client_id", "moves_count").get(pk=visit),
        *(
            list(rows.order_by("id").values_list(*fields))
            for rows, fields in (
                (
                    Line.objects.filter(appointment_id=visit),
                    [f.attname for f in Line._meta.fields if f.name not in STAMPS],
                ),
                (
                    Phase.objects.filter(line__appointment_id=visit),
                    [f.attname for f in Phase._meta.fields],
                ),
                (
                    Allocation.objects.filter(phase__line__appointment_id=visit),
                    [f.attname for f in Allocation._meta.fields],
                ),
            )
        ),
    )


STAMPS = {"created_at", "updated_at"}


def agree() -> None:
    assert list(salon_problems()) == []
