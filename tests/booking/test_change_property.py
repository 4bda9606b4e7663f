"""Whatever becomes of visits and their lines, what they take is what they are planned to be."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared_apps.core.errors import DomainError
from tenant_apps.booking.enums import State
from tenant_apps.booking.models import Allocation, Appointment, Line, Phase
from tenant_apps.booking.selectors.visits import planned_end
from tenant_apps.booking.services.again import TO_COME
from tenant_apps.booking.services.lines import cancel_line
from tenant_apps.booking.services.move import MoveRequest, move_appointment
from tenant_apps.booking.services.progress import complete_appointment, start_appointment
from tenant_apps.booking.services.set_client import set_client
from tenant_apps.booking.services.undo import undo_status
from tenant_apps.booking.types import NOTHING, AskedLine, Override
from tenant_apps.catalog.enums import AddonPlace, Keep
from tenant_apps.catalog.models import Unit
from tenant_apps.catalog.types import Need, PhaseTerms
from tenants.types import SalonCard
from tests.booking.changes import (
    CLEANUP,
    OLGA,
    ON_PURPOSE,
    OWNER,
    PROCESSING,
    WORK,
    add,
    agree,
    asked,
    book,
    change,
    finish,
    sell,
    whole,
)
from tests.booking.conftest import next_tuesday
from tests.booking.test_visits_of_all_kinds import team_of_two

SEAT = (Need(kinds=("chair",), keep=Keep.LINE),)
STAYS = (Need(kinds=("chair",), keep=Keep.VISIT),)


@dataclass
class Salon:
    options: list[UUID]
    addons: list[UUID]
    team: tuple[UUID, UUID]
    chairs: list[UUID]
    hands: time_machine.Traveller
    visits: list[UUID]

    def visit(self, number: int) -> UUID:
        return self.visits[number % len(self.visits)]

    def line(self, number: int) -> Line:
        lines = Line.objects.filter(appointment_id=self.visit(number)).order_by("position")
        return lines[number // 3 % len(lines)]

    def asked(self, number: int) -> AskedLine:
        staff = [None, *self.team][number % 3]
        return asked(self.options[number % len(self.options)], staff_id=staff)


def furnish(hands: time_machine.Traveller) -> Salon:
    cut = sell("Cut", PhaseTerms(kind=WORK, minutes=40, needs=SEAT), finish(20), (CLEANUP, 5))
    colour = sell("Colour", (WORK, 30), (PROCESSING, 30), finish(30), (CLEANUP, 5))
    tint = sell("Tint", (WORK, 20), (PROCESSING, 40), PhaseTerms(kind=WORK, minutes=15))
    dry = sell("Dry", PhaseTerms(kind=WORK, minutes=25, needs=STAYS), (CLEANUP, 10))
    hands_, feet = sell("Hands", (WORK, 30)), sell("Feet", (WORK, 20), (CLEANUP, 5))
    both = sell("Both", price=3600, parts=(hands_, feet))
    addons = [
        sell("Brows", (WORK, 15), addon_place=AddonPlace.DURING),
        sell("Prep", (WORK, 10), addon_place=AddonPlace.BEFORE),
        sell("Care", (WORK, 10), (CLEANUP, 5), addon_place=AddonPlace.AFTER),
    ]
    options = [cut, colour, tint, dry, hands_, feet, *addons]
    team = team_of_two(*options)
    chairs = [unit.pk for unit in Unit.objects.filter(kind="chair")]
    return Salon([*options[:6], both], addons, team, chairs, hands, [])


def booked(salon: Salon, number: int, override: Override) -> None:
    lines = [salon.asked(number // place) for place in range(1, number % 3 + 2)]
    begins = datetime.now(UTC).replace(second=0) + timedelta(minutes=5 * (number % 40))
    client = OLGA if number % 2 else None
    salon.visits.append(book(begins, *lines, client=client, override=override))


def added_under(salon: Salon, number: int, override: Override) -> None:
    line, staff = salon.line(number), [None, *salon.team][number % 3]
    more = asked(salon.addons[number % len(salon.addons)], staff_id=staff)
    add(line.appointment_id, more, parent_line_id=line.pk, override=override)


def lengthened(salon: Salon, number: int, override: Override) -> None:
    line = salon.line(number)
    phases = Phase.objects.filter(line=line).order_by("position")
    own = tuple(phase.minutes + number % 25 for phase in phases)
    change(line.appointment_id, line, override, own_minutes=own)


def placed_on(salon: Salon, number: int, override: Override) -> None:
    line = salon.line(number)
    chair = frozenset({salon.chairs[number % len(salon.chairs)]} if number % 5 else ())
    change(line.appointment_id, line, override, unit_ids=chair)


def given_to(salon: Salon, number: int, override: Override) -> None:
    line = salon.line(number)
    staff = [None, *salon.team][number % 3]
    change(line.appointment_id, line, override, staff_id=staff)


def another(salon: Salon, number: int, override: Override) -> None:
    line = salon.line(number)
    option = salon.options[number % len(salon.options)]
    change(line.appointment_id, line, override, option_id=option)


def left_out_and_back(salon: Salon, number: int, override: Override) -> None:
    """What is undone at once is as if it had not been."""
    line = salon.line(number)
    before = whole(line.appointment_id)
    version = Appointment.objects.get(pk=line.appointment_id).version
    cancel_line(appointment_id=line.appointment_id, line_id=line.pk, actor=OWNER)
    if number % 2 and Appointment.objects.get(pk=line.appointment_id).version > version:
        agree()
        undo_status(appointment_id=line.appointment_id, actor=OWNER)
        assert whole(line.appointment_id) == before


def moved(salon: Salon, number: int, override: Override) -> None:
    line = salon.line(number)
    phases = Phase.objects.filter(line__appointment_id=line.appointment_id)
    begins = min(
        (phase.starts_at for phase in phases.filter(line__state__in=TO_COME)),
        default=phases[0].starts_at,
    )
    request = MoveRequest(
        starts_at=begins + timedelta(minutes=5 * (number % 4)),
        units={line.pk: {salon.chairs[number % len(salon.chairs)]}} if number % 3 else {},
        override=override,
    )
    move_appointment(appointment_id=line.appointment_id, request=request, actor=OWNER)


def waited(salon: Salon, number: int, override: Override) -> None:
    salon.hands.shift(timedelta(minutes=number % 30))


DOINGS: dict[str, Callable[[Salon, int, Override], Any]] = {
    "book": booked,
    "add": lambda salon, number, override: add(
        salon.visit(number), salon.asked(number // 2), override=override
    ),
    "add under": added_under,
    "lengthen": lengthened,
    "another chair": placed_on,
    "somebody else": given_to,
    "another option": another,
    "leave out": left_out_and_back,
    "move": moved,
    "wait": waited,
    "start": lambda salon, number, _: start_appointment(
        appointment_id=salon.visit(number), line_id=salon.line(number).pk, actor=OWNER
    ),
    "complete": lambda salon, number, _: complete_appointment(
        appointment_id=salon.visit(number), line_id=salon.line(number).pk, actor=OWNER
    ),
    "undo": lambda salon, number, _: undo_status(appointment_id=salon.visit(number), actor=OWNER),
    "name": lambda salon, number, override: set_client(
        appointment_id=salon.visit(number),
        client=OLGA if number % 3 else None,
        actor=OWNER,
        override=override,
    ),
}
A_DAY = st.lists(
    st.tuples(st.sampled_from(sorted(DOINGS)), st.integers(0, 200), st.integers(0, 5)),
    min_size=6,
    max_size=24,
)


@given(doings=A_DAY)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_visits_take_is_what_they_are_planned_to_be(
    in_salon: SalonCard, doings: list[tuple[str, int, int]]
) -> None:
    opens = datetime.combine(next_tuesday(), time(9, 30), tzinfo=UTC)
    with transaction.atomic(), time_machine.travel(opens, tick=False) as hands:
        salon = furnish(hands)
        booked(salon, 1, NOTHING)
        for doing, number, luck in doings:
            override = ON_PURPOSE if luck == 0 else NOTHING
            begun = begins_of_begun()
            with suppress(DomainError), transaction.atomic():
                DOINGS[doing](salon, number, override)
            check_takings()
            check_the_client_is_had_once()
            left = begins_of_begun()
            assert all(begun[pk] == left[pk] for pk in begun.keys() & left.keys())
        agree()
        transaction.set_rollback(True)


def begins_of_begun() -> dict[UUID, datetime]:
    phases = Phase.objects.filter(line__state=State.IN_SERVICE).order_by("-position")
    return {phase.line_id: phase.starts_at for phase in phases}


def check_takings() -> None:
    """Whoever is to do something has the time for it, and the client who is known as well."""
    for phase in Phase.objects.filter(line__state__in=TO_COME).select_related("line__appointment"):
        spans = {
            taken.staff_id or taken.client_id: (taken.during.lower, taken.during.upper)
            for taken in Allocation.objects.filter(phase=phase, unit=None)
        }
        wanted = {phase.staff_id} - {None}
        visit = phase.line.appointment
        claimed = Allocation.objects.filter(
            phase__line__appointment=visit, phase__line__state__in=TO_COME, client__isnull=False
        )
        if phase.with_client and claimed.exists():
            wanted.add(visit.client_id)
        assert spans == dict.fromkeys(wanted, (phase.starts_at, planned_end(phase)))


def check_the_client_is_had_once() -> None:
    """By one at a time, but side by side on purpose, or in a gap."""
    phases = list(
        Phase.objects.filter(line__state__in=TO_COME, with_client=True).select_related("line")
    )
    for one, other in combinations(phases, 2):
        if one.line.appointment_id != other.line.appointment_id:
            continue
        if one.starts_at < planned_end(other) and other.starts_at < planned_end(one):
            assert belong_together(one.line, other.line), (one, other)


def belong_together(one: Line, other: Line) -> bool:
    groups = {
        line.parallel_group if line.parent_line is None else line.parent_line.parallel_group
        for line in (one, other)
    }
    is_within = one.parent_line_id == other.pk or other.parent_line_id == one.pk
    return (
        is_within
        or (len(groups) == 1 and groups != {None})
        or (one.parent_line_id == other.parent_line_id is not None)
    )
