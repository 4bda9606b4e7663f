"""What tests of a visit's life do and look at."""

from typing import Any
from zoneinfo import ZoneInfo

from shared_apps.accounts.enums import Role
from shared_apps.accounts.services import hash_password, open_account
from shared_apps.core.actor import Channel, system
from shared_apps.core.revisions import renew
from shared_apps.core.scope import salon_scope
from shared_apps.journal.models import JournalEntry
from tenant_apps.booking.management.commands.verify_journal import salon_problems
from tenant_apps.booking.models import Allocation, Phase
from tenant_apps.catalog.enums import Level
from tenant_apps.catalog.models import Option
from tenant_apps.staff.models import RotaPattern
from tenant_apps.staff.permissions import EDIT_TEAM
from tenant_apps.staff.services.team import add_member
from tenants.types import SalonCard
from tests.booking.conftest import Clock
from tests.desk import Desk

CUT, TINT, MENS = "Women’s cut and finish", "Root tint", "Men’s cut"
PASSWORD = "a walrus plays cards"
CONSOLE = system(Channel.COMMAND, permissions=frozenset({EDIT_TEAM}))


def do(desk: Desk, visit: dict[str, Any], step: str, body: Any = None) -> Any:
    return desk.post(f"/booking/appointments/{visit['id']}/{step}", body)


def states(answer: Any) -> tuple[Any, ...]:
    assert answer.status_code == 200, answer.content
    visit = answer.json()
    return (visit["state"], *(line["state"] for line in visit["lines"]))


def taken(salon: SalonCard) -> list[tuple[str, str]]:
    """What is taken, by whom or what, in order of time."""
    with salon_scope(salon):
        found = [
            (
                "staff" if each.staff_id else "unit" if each.unit_id else "client",
                f"{each.during.lower:%H:%M:%S}-{each.during.upper:%H:%M:%S}",
            )
            for each in Allocation.objects.all()
        ]
    return sorted(found, key=lambda each: (each[1], each[0]))


def told(salon: SalonCard) -> list[str]:
    """The visits' events; journal and tables agree."""
    with salon_scope(salon):
        assert list(salon_problems()) == []
        entries = JournalEntry.objects.filter(stream="appointment").order_by("id")
        return [event.removeprefix("booking.") for event in entries.values_list("event", flat=True)]


def utc(clock: Clock, hour: int, minute: int = 0) -> str:
    return f"{clock.at(hour, minute).astimezone(ZoneInfo('UTC')):%H:%M:%S}"


def times(visit: dict[str, Any], salon: SalonCard) -> list[tuple[Any, Any]]:
    with salon_scope(salon):
        phases = Phase.objects.filter(line__appointment_id=visit["id"])
        ordered = phases.order_by("line__position", "position")
        return list(ordered.values_list("actual_start", "actual_end"))


def line_of(visit: dict[str, Any], place: int) -> dict[str, str]:
    return {"line_id": visit["lines"][place]["id"]}


def staff_of(desk: Desk, salon: SalonCard, role: Role) -> Desk:
    email = f"{role}@example.com"
    with salon_scope(salon):
        open_account(
            email=email,
            name=role.value,
            password_hash=hash_password(PASSWORD),
            roles=[role],
            actor=CONSOLE,
        )
    return desk.sign_in(email, PASSWORD)


def hire(salon: SalonCard, name: str, *services: str, level: Level = Level.STYLIST) -> str:
    """Somebody who works as Anna does, and does all or these services."""
    with salon_scope(salon):
        options = Option.objects.filter(service__name__in=services) if services else Option.objects
        member = add_member(
            name=name,
            level=level,
            option_ids=list(options.values_list("id", flat=True)),
            position=9,
            actor=CONSOLE,
        )
        pattern = RotaPattern.objects.get(member__name="Anna Owner")
        RotaPattern.objects.create(
            member=member,
            anchor=pattern.anchor,
            weeks=pattern.weeks,
            valid_from=pattern.valid_from,
        )
        renew()
        return str(member.pk)
