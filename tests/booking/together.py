"""People who come together: what tests of parties share."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from shared_apps.core.actor import Channel, system
from tenant_apps.booking.models import Appointment
from tenant_apps.booking.selectors.finder import Search, search
from tenant_apps.booking.selectors.parties import get_party
from tenant_apps.booking.selectors.together import PartySearch, search_together
from tenant_apps.booking.services.parties import PartyMember, PartyRequest, book_party
from tenant_apps.booking.services.party_moves import MovePartyRequest, move_party
from tenant_apps.booking.types import AskedLine, Companion, Override
from tenant_apps.catalog.enums import Keep
from tenant_apps.catalog.services.units import add_unit, add_unit_kind
from tenant_apps.catalog.types import Need
from tenant_apps.clients.services import add_client
from tenant_apps.clients.types import Contact
from tests.booking.conftest import LONDON, Clock
from tests.booking.shapes import (
    CLEANUP,
    OWNER,
    WORK,
    asked,
    sell,
)
from tests.booking.test_visits_of_all_kinds import team_of_two

Couple = tuple[list[UUID], UUID, UUID]
"""Their visits, the double cabin, and what they have there."""

GUEST = system(Channel.WEB)


ON_PURPOSE = Override(codes=frozenset({"slot_taken"}), reason="regular_client")


def card(name: str) -> UUID:
    contact = Contact(name=name, email=f"{name.lower()}@example.com")
    return add_client(contact=contact, confirmed=True, actor=OWNER).pk


def cabins(*places: int) -> list[UUID]:
    """One for each number of places, in this order."""
    add_unit_kind(code="cabin", name="Cabin", actor=OWNER)
    return [
        add_unit(kind="cabin", name=f"For {count}", places=count, actor=OWNER).pk
        for count in places
    ]


def massage() -> UUID:
    return sell(
        "Massage", (WORK, 60), (CLEANUP, 10), needs=(Need(kinds=("cabin",), keep=Keep.LINE),)
    )


def members(*lines: AskedLine) -> tuple[PartyMember, ...]:
    """One for each line; the first has a card, and so have the others."""
    return tuple(
        PartyMember(lines=(line,), client=card(name))
        for line, name in zip(lines, ("Olga", "Pia", "Rita", "Sue"), strict=False)
    )


def together(starts_at: datetime, coming: Sequence[PartyMember], **said: object) -> list[UUID]:
    """A party's visits, in their order."""
    request = PartyRequest(starts_at=starts_at, members=tuple(coming), **said)  # type: ignore[arg-type]
    party_id = book_party(request=request, actor=OWNER)
    return [visit.id for visit in get_party(party_id).visits]


def party_of(visit: UUID) -> UUID:
    found = Appointment.objects.values_list("party_id", flat=True).get(pk=visit)
    assert found is not None
    return found


def move_all(visit: UUID, starts_at: datetime, **said: object) -> None:
    request = MovePartyRequest(starts_at=starts_at, **said)  # type: ignore[arg-type]
    move_party(party_id=party_of(visit), request=request, actor=OWNER)


def offered_together(day: date, *coming: Companion) -> list[datetime]:
    wanted = PartySearch(coming=coming, first=day, last=day)
    found = search_together(wanted, actor=OWNER, zone=LONDON, moment=datetime.now(UTC))
    return [
        start.starts_at.astimezone(UTC) for found_day in found.days for start in found_day.starts
    ]


def offered_alone(visit: UUID, line: AskedLine, day: date) -> list[datetime]:
    """To the one whose visit is being moved."""
    wanted = Search(lines=[line], first=day, last=day, ignoring=visit)
    found = search(wanted, actor=OWNER, zone=LONDON, moment=datetime.now(UTC))
    return [start.start.starts_at.astimezone(UTC) for each in found for start in each.starts]


def a_couple(clock: Clock) -> Couple:
    """Two in the double cabin at ten; the cabin, and the massage."""
    _single, double = cabins(1, 2)
    option = massage()
    team_of_two(option), team_of_two(option)
    return together(clock.at(10), members(asked(option), asked(option))), double, option


def last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)
