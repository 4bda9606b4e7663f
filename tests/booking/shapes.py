"""Visits of every shape: selling, booking and moving them, and what they take."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from config.roles import ROLES
from shared_apps.accounts.enums import Role
from shared_apps.core.actor import Channel, system
from tenant_apps.booking.enums import BlockKind
from tenant_apps.booking.models import Allocation
from tenant_apps.booking.selectors.availability import availability
from tenant_apps.booking.services.block_time import BlockRequest
from tenant_apps.booking.services.blocks import create_block
from tenant_apps.booking.services.book import BookingRequest, book_appointment
from tenant_apps.booking.services.move import MoveRequest, move_appointment
from tenant_apps.booking.types import AskedLine
from tenant_apps.catalog.enums import PhaseKind
from tenant_apps.catalog.models import Category, Option
from tenant_apps.catalog.services.price_list import add_service
from tenant_apps.catalog.services.units import add_unit, add_unit_kind
from tenant_apps.catalog.types import (
    BUNDLE,
    BundlePart,
    LevelTerms,
    Need,
    NewOption,
    PhaseTerms,
    ServiceFields,
)
from tenant_apps.clients.types import Contact
from tests.booking.conftest import LONDON

OWNER = system(Channel.STAFF, permissions=ROLES[Role.OWNER])
WORK, PROCESSING, CLEANUP = PhaseKind.WORK, PhaseKind.PROCESSING, PhaseKind.CLEANUP
OLGA = Contact(name="Olga", email="olga@example.com")


def sell(
    name: str,
    *phases: tuple[PhaseKind, int],
    needs: tuple[Need, ...] = (),
    parts: tuple[UUID, ...] = (),
    **said: object,
) -> UUID:
    """A new service, every phase of which has these needs; answers its option."""
    fields = ServiceFields(**said)  # type: ignore[typeddict-item]
    option = NewOption(
        levels={BUNDLE if parts else "stylist": LevelTerms(price=3000)},
        phases=tuple(PhaseTerms(kind=kind, minutes=min_, needs=needs) for kind, min_ in phases),
        parts=tuple(BundlePart(option_id=part) for part in parts),
    )
    category = Category.objects.all()[0]
    service = add_service(
        category_id=category.pk, name=name, options=[option], actor=OWNER, **fields
    )
    return Option.objects.get(service=service).pk


def cabin() -> UUID:
    """The only one there is, for two."""
    add_unit_kind(code="cabin", name="Cabin", actor=OWNER)
    return add_unit(kind="cabin", name="Double cabin", actor=OWNER).pk


def book(starts_at: datetime, *lines: AskedLine, client: Contact | UUID = OLGA) -> UUID:
    request = BookingRequest(starts_at=starts_at, lines=lines, client=client)
    return book_appointment(request=request, actor=OWNER)


def move(visit: UUID, starts_at: datetime) -> None:
    move_appointment(appointment_id=visit, request=MoveRequest(starts_at=starts_at), actor=OWNER)


def out_of_service(unit: UUID, starts_at: datetime, ends_at: datetime) -> None:
    request = BlockRequest(
        kind=BlockKind.OUT_OF_SERVICE, starts_at=starts_at, ends_at=ends_at, unit_id=unit
    )
    create_block(request=request, actor=OWNER)


def asked(option: UUID, staff: UUID | None = None, **said: object) -> AskedLine:
    return AskedLine(option_id=option, staff_id=staff, **said)  # type: ignore[arg-type]


def taken(visit: UUID, whose: str) -> list[tuple[int, str]]:
    """By line, the salon's wall times in which ``staff``, ``unit`` or ``client`` is taken."""
    found = Allocation.objects.filter(
        phase__line__appointment=visit, **{f"{whose}__isnull": False}
    ).select_related("phase__line")
    return sorted(
        (
            row.phase.line.position,
            "-".join(
                f"{moment.astimezone(LONDON):%H:%M}"
                for moment in (row.during.lower, row.during.upper)
            ),
        )
        for row in found
        if row.phase
    )


def subjects(visit: UUID, whose: str) -> set[UUID]:
    found = Allocation.objects.filter(phase__line__appointment=visit)
    return set(found.exclude(**{whose: None}).values_list("subject_id", flat=True))


def shared(visit: UUID, whose: str) -> set[UUID]:
    found = Allocation.objects.filter(phase__line__appointment=visit)
    return set(found.exclude(**{whose: None}).values_list("shared_by", flat=True))


def instants(visit: UUID) -> list[tuple[datetime, int]]:
    """When the performer is at work, and for how many minutes."""
    found = Allocation.objects.filter(phase__line__appointment=visit, staff__isnull=False)
    return [
        (row.during.lower, (row.during.upper - row.during.lower) // timedelta(minutes=1))
        for row in found.order_by("during")
    ]


def is_offered(start: datetime, *lines: AskedLine) -> bool:
    return start.astimezone(UTC) in offered(start.astimezone(LONDON).date(), *lines)


def offered(day: date, *lines: AskedLine) -> list[datetime]:
    moment = datetime.now(UTC)
    found = availability(first=day, last=day, lines=lines, actor=OWNER, zone=LONDON, moment=moment)
    return [start.starts_at.astimezone(UTC) for offer in found for start in offer.starts]
