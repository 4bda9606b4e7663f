"""Bundles, add-ons and cleaning up, from the price list to the rows of a booking."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from shared_apps.core.actor import Channel, system
from tenant_apps.booking.errors import SlotTaken
from tenant_apps.booking.management.commands.verify_journal import salon_problems
from tenant_apps.booking.models import Allocation, Line, Phase
from tenant_apps.booking.permissions import BOOK, BOOK_OFF_RULES, CANCEL_ANY, OVERBOOK, OVERRIDE
from tenant_apps.booking.selectors.appointments import get_appointment
from tenant_apps.booking.selectors.availability import availability
from tenant_apps.booking.services.book import BookingRequest, book_and_show
from tenant_apps.booking.services.lines import cancel_line
from tenant_apps.booking.types import NOTHING, AskedLine, Override
from tenant_apps.catalog.enums import AddonPlace, Level, PhaseKind
from tenant_apps.catalog.models import Category, Option
from tenant_apps.catalog.permissions import EDIT_CATALOG
from tenant_apps.catalog.services.price_list import add_service
from tenant_apps.catalog.types import BUNDLE, BundlePart, LevelTerms, NewOption, PhaseTerms
from tenant_apps.clients.types import Contact
from tenant_apps.staff.models import RotaPattern
from tenant_apps.staff.permissions import EDIT_TEAM
from tenant_apps.staff.services.team import add_member
from tests.booking.conftest import Clock

pytestmark = pytest.mark.usefixtures("in_salon")
MAY = {BOOK, BOOK_OFF_RULES, CANCEL_ANY, EDIT_CATALOG, EDIT_TEAM, OVERBOOK, OVERRIDE}
DESK = system(Channel.STAFF, permissions=frozenset(MAY))
ON_PURPOSE = Override(codes=frozenset({"slot_taken"}), reason="regular_client")
WORK, PROCESSING, CLEANUP = PhaseKind.WORK, PhaseKind.PROCESSING, PhaseKind.CLEANUP
LONDON = ZoneInfo("Europe/London")


def sell(
    name: str, *phases: tuple[PhaseKind, int] | PhaseTerms, price: int = 3000, **said: Any
) -> UUID:
    """A new service; answers its option. ``parts`` make it a bundle."""
    parts = said.pop("parts", ())
    option = NewOption(
        levels={BUNDLE if parts else "stylist": LevelTerms(price=price)},
        phases=tuple(
            each if isinstance(each, PhaseTerms) else PhaseTerms(kind=each[0], minutes=each[1])
            for each in phases
        ),
        parts=parts,
    )
    category = Category.objects.first()
    assert category is not None
    service = add_service(category_id=category.pk, name=name, options=[option], actor=DESK, **said)
    return Option.objects.get(service=service).pk


def team_of_two(*options: UUID) -> tuple[UUID, UUID]:
    """Two stylists who do all of these and work like the one who is there."""
    rota = RotaPattern.objects.all()[0]
    found = []
    for place, name in enumerate(("Bea", "Cara")):
        who = add_member(
            name=name, level=Level.STYLIST, option_ids=options, position=10 + place, actor=DESK
        )
        found.append(who.pk)
        rota.pk, rota.member_id = None, found[-1]
        rota._state.adding = True
        rota.save(force_insert=True)
    return found[0], found[1]


def book(starts_at: datetime, *lines: AskedLine, override: Override = NOTHING) -> UUID:
    contact = Contact(name="Olga", email="olga@example.com")
    request = BookingRequest(starts_at=starts_at, lines=lines, client=contact, override=override)
    shown = book_and_show(request=request, actor=DESK)
    assert shown == get_appointment(shown.id), "what a booking answers is what one sees after it"
    return shown.id


def plan() -> list[tuple[int, str, str, UUID | None]]:
    """Line, kind, local time and person of every phase."""
    return [
        (
            phase.line.position,
            phase.kind,
            f"{phase.starts_at.astimezone(LONDON):%H:%M}+{phase.minutes}",
            phase.staff_id,
        )
        for phase in Phase.objects.select_related("line").order_by("line__position", "position")
    ]


def test_a_bundle_is_booked_side_by_side_with_two_people_at_its_own_price(clock: Clock) -> None:
    hands, feet = sell("Hands", (WORK, 60)), sell("Feet", (WORK, 50), price=1000)
    both = sell("Both", price=3600, parts=(BundlePart(option_id=hands), BundlePart(option_id=feet)))
    team = team_of_two(hands, feet)

    book(clock.at(10), AskedLine(option_id=both))

    lines = Line.objects.order_by("position")
    assert [(line.price, line.parallel_group, line.bundle_option_id) for line in lines] == [
        (2700, 0, both),
        (900, 0, both),
    ]
    assert {line.performer_id for line in lines} == set(team)
    assert [row[:3] for row in plan()] == [(0, "work", "10:00+60"), (1, "work", "10:00+50")]
    with pytest.raises(SlotTaken):
        book(clock.at(10), AskedLine(option_id=both))
    assert list(salon_problems()) == []


def test_an_add_on_goes_on_while_the_colour_develops(clock: Clock) -> None:
    tint = sell("Tint", (WORK, 30), (PROCESSING, 30), (WORK, 20))
    brows = sell("Brows", (WORK, 15), (CLEANUP, 5), addon_place=AddonPlace.DURING)
    bea, _cara = team_of_two(tint, brows)
    asked = AskedLine(option_id=tint, staff_id=bea, addons=(AskedLine(option_id=brows),))

    book(clock.at(10), asked)

    parent, addon = Line.objects.order_by("position")
    assert (addon.parent_line_id, parent.parent_line_id) == (parent.pk, None)
    assert [row[:3] for row in plan()] == [
        (0, "work", "10:00+30"),
        (0, "processing", "10:30+30"),
        (0, "work", "11:00+20"),
        (1, "work", "10:30+15"),
        (1, "cleanup", "10:45+5"),
    ]
    assert list(salon_problems()) == []


def test_somebody_who_does_two_lines_cleans_up_once_and_is_free_then(clock: Clock) -> None:
    cut = sell("Cut", (WORK, 30), (CLEANUP, 10))
    dry = sell("Dry", (WORK, 20), (CLEANUP, 5))
    bea, _cara = team_of_two(cut, dry)
    asked = [AskedLine(option_id=option, staff_id=bea) for option in (cut, dry)]

    book(clock.at(10), *asked)

    assert [row for row in plan() if row[1] == "cleanup"] == [(0, "cleanup", "10:50+10", bea)]
    assert Allocation.objects.filter(staff_id=bea).count() == 3
    offers = availability(
        first=clock.day,
        last=clock.day,
        lines=asked[:1],
        actor=DESK,
        zone=LONDON,
        moment=clock.at(9),
    )
    starts = [start.starts_at for offer in offers for start in offer.starts]
    assert clock.at(11) in starts
    assert clock.at(10, 45) not in starts
    assert list(salon_problems()) == []


def test_a_line_can_be_left_out_though_somebody_was_put_beside_its_cleaning_up(
    clock: Clock,
) -> None:
    """What is cleaned up instead shares the time with them, as what was left out did."""
    cut, dry = sell("Cut", (WORK, 30), (CLEANUP, 10)), sell("Dry", (WORK, 20), (CLEANUP, 15))
    wash = sell("Wash", (WORK, 30))
    bea, _cara = team_of_two(cut, dry, wash)
    visit = book(clock.at(10), *(AskedLine(option_id=each, staff_id=bea) for each in (cut, dry)))
    beside = book(clock.at(10, 30), AskedLine(option_id=wash, staff_id=bea), override=ON_PURPOSE)
    last = Line.objects.get(appointment_id=visit, option_id=dry)

    cancel_line(appointment_id=visit, line_id=last.pk, actor=DESK)

    tidied = Allocation.objects.get(phase__line__appointment_id=visit, phase__kind="cleanup")
    other = Allocation.objects.get(staff_id=bea, phase__line__appointment_id=beside)
    assert (tidied.staff_id, tidied.during.lower, tidied.during.upper) == (
        bea,
        clock.at(10, 30),
        clock.at(10, 40),
    )
    assert tidied.shared_by == other.shared_by
    assert list(salon_problems()) == []


def test_nobody_cleans_up_beside_two_who_do_not_share_with_each_other(clock: Clock) -> None:
    cut, dry = sell("Cut", (WORK, 30), (CLEANUP, 20)), sell("Dry", (WORK, 10), (CLEANUP, 20))
    wash = sell("Wash", (WORK, 5))
    bea, _cara = team_of_two(cut, dry, wash)
    visit = book(clock.at(10), *(AskedLine(option_id=each, staff_id=bea) for each in (cut, dry)))
    for minute in (30, 45):
        asked = AskedLine(option_id=wash, staff_id=bea)
        book(clock.at(10, minute), asked, override=ON_PURPOSE)
    last = Line.objects.get(appointment_id=visit, option_id=dry)

    cancel_line(appointment_id=visit, line_id=last.pk, actor=DESK)

    assert {row[1] for row in plan() if row[0] == 0} == {"work"}
    last.refresh_from_db()
    assert last.state == "cancelled"
    assert list(salon_problems()) == []
