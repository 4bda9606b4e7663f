"""Whatever becomes of people who come together: nobody is anywhere twice, no unit holds more of
them than it has places, and the journal tells it all."""

from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import time_machine
from django.db import transaction
from django.utils.timezone import localdate, now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared_apps.core.db import rows
from shared_apps.core.errors import DomainError
from tenant_apps.booking.management.commands.verify_journal import salon_problems
from tenant_apps.booking.models import Appointment
from tenant_apps.booking.services.parties import (
    PartyMember,
    PartyRequest,
    book_party,
    cancel_party,
)
from tenant_apps.booking.services.party_moves import MovePartyRequest, move_party
from tenant_apps.booking.types import NOTHING, Override
from tenant_apps.catalog.enums import Keep
from tenant_apps.catalog.services.units import add_unit, add_unit_kind
from tenant_apps.catalog.types import Need
from tenants.types import SalonCard
from tests.booking.shapes import CLEANUP, OWNER, WORK, asked, sell
from tests.booking.test_history import LIFE, a_weekday
from tests.booking.test_visits_of_all_kinds import team_of_two

ON_PURPOSE = Override(codes=frozenset({"slot_taken"}), reason="wedding")
# One visit in two places of a unit counts once; a cluster that was overbooked shares as it likes.
TOO_MANY = """
SELECT unit.id FROM catalog_unit AS unit
JOIN booking_allocation AS edge ON edge.unit_id = unit.id
JOIN booking_party AS party ON party.id = edge.shared_by
JOIN booking_allocation AS taken
    ON taken.unit_id = unit.id AND taken.during @> lower(edge.during)
JOIN booking_phase AS phase ON phase.id = taken.phase_id
JOIN booking_line AS line ON line.id = phase.line_id
GROUP BY unit.id, unit.places, edge.id HAVING count(DISTINCT line.appointment_id) > unit.places
"""
STEPS = sorted({*LIFE} - {"another option", "set a price"})
DOINGS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["party", "overbooked"]), st.integers(0, 8), st.integers(2, 3)),
        st.tuples(
            st.sampled_from(["move all", "cancel all"]), st.integers(0, 9), st.integers(0, 8)
        ),
        st.tuples(st.sampled_from(STEPS), st.integers(0, 9), st.integers(0, 2)),
        st.tuples(
            st.sampled_from(["move", "undo", "cancel"]), st.integers(0, 9), st.integers(0, 4)
        ),
    ),
    min_size=4,
    max_size=16,
)


@given(doings=DOINGS)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_becomes_of_a_party_its_places_are_kept_and_the_journal_tells_it(
    in_salon: SalonCard, doings: list[tuple[str, int, Any]]
) -> None:
    opens = datetime.combine(localdate() + timedelta(days=a_weekday()), time(9, 50), tzinfo=UTC)
    with transaction.atomic(), time_machine.travel(opens, tick=False):
        option = massage()
        book(option, ahead=10, people=2)
        for doing, number, more in doings:
            with suppress(DomainError), transaction.atomic():
                do(doing, number, more, option)
            assert list(salon_problems()) == []
            assert rows(TOO_MANY) == []
        transaction.set_rollback(True)


def massage() -> UUID:
    """Four who give it, in a cabin for one and another for two."""
    add_unit_kind(code="cabin", name="Cabin", actor=OWNER)
    add_unit(kind="cabin", name="Single", actor=OWNER)
    add_unit(kind="cabin", name="Double", places=2, actor=OWNER)
    need = Need(kinds=("cabin",), keep=Keep.LINE)
    option = sell("Massage", (WORK, 60), (CLEANUP, 10), needs=(need,))
    team_of_two(option), team_of_two(option)
    return option


def book(option: UUID, *, ahead: int, people: int, override: Override = NOTHING) -> UUID:
    request = PartyRequest(
        starts_at=now() + timedelta(minutes=ahead),
        members=(PartyMember(lines=(asked(option),)),) * people,
        override=override,
    )
    return book_party(request=request, actor=OWNER)


def do(doing: str, number: int, more: int, option: UUID) -> None:
    visits = list(Appointment.objects.order_by("id"))
    visit = visits[number % len(visits)]
    assert visit.party_id
    if doing in {"party", "overbooked"}:
        override = ON_PURPOSE if doing == "overbooked" else NOTHING
        book(option, ahead=15 * number, people=more, override=override)
    elif doing == "move all":
        later = MovePartyRequest(starts_at=now() + timedelta(minutes=15 * more))
        move_party(party_id=visit.party_id, request=later, actor=OWNER)
    elif doing == "cancel all":
        cancel_party(party_id=visit.party_id, actor=OWNER)
    else:
        LIFE[doing](visit.pk, more)
