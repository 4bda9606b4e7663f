"""What a demo salon sells shows in its diary: add-ons, bundles, one blow-dry for two."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from django.utils.timezone import now

from shared_apps.core.actor import Channel, system
from shared_apps.core.scope import salon_scope
from shared_apps.journal.models import JournalEntry
from tenant_apps.booking.models import Allocation, Block, Line, Phase
from tenant_apps.booking.permissions import BOOK, BOOK_OFF_RULES
from tenant_apps.booking.selectors.availability import availability
from tenant_apps.booking.services.book import BookingRequest, book_appointment
from tenant_apps.booking.types import AskedLine, Start
from tenant_apps.catalog.enums import AddonPlace, NewClients, PhaseKind
from tenant_apps.catalog.selectors import all_option_terms
from tenant_apps.catalog.types import OptionTerms
from tenant_apps.demo.menu import SEQUENCES, Craft
from tenant_apps.demo.menu_list import BY_NUMBER, MENU, side_by_side, sold_with
from tenant_apps.demo.menu_texts import DESCRIPTIONS, PHASE_NAMES, SERVICE_NAMES, UNIT_NAMES
from tenant_apps.demo.salons import OLA, OTTILIE, SALONS
from tenants.types import SalonCard
from tests.demo.conftest import AUTUMN

ZONE = ZoneInfo("Europe/Berlin")
TODAY = datetime(2026, 10, 22, tzinfo=ZONE)
DESK = system(Channel.STAFF, permissions=frozenset({BOOK, BOOK_OFF_RULES}))
NAMES = SERVICE_NAMES["de"]


@dataclass
class Had:
    """A line that was not cancelled, with its plan."""

    line: Line
    terms: OptionTerms
    phases: list[Phase]

    @property
    def starts_at(self) -> datetime:
        return self.phases[0].starts_at

    @property
    def ends_at(self) -> datetime:
        """When the client may go on."""
        return max(ends(phase) for phase in self.phases if phase.with_client)


def ends(phase: Phase) -> datetime:
    return phase.starts_at + timedelta(minutes=phase.minutes)


@pytest.fixture
def had(ottilie: SalonCard) -> Iterator[list[Had]]:
    with salon_scope(ottilie):
        terms = all_option_terms()
        lines = Line.objects.exclude(state="cancelled").order_by("appointment", "position")
        yield [
            Had(line, terms[line.option_id], list(line.phases.order_by("position")))
            for line in lines.prefetch_related("phases")
        ]


def of_service(had: list[Had], number: int) -> list[Had]:
    return [each for each in had if each.terms.service_name == NAMES[number]]


def visits_of(had: list[Had]) -> list[list[Had]]:
    found: dict[Any, list[Had]] = {}
    for each in had:
        found.setdefault(each.line.appointment_id, []).append(each)
    return list(found.values())


def test_add_ons_lie_before_after_or_within_what_they_are_added_to(had: list[Had]) -> None:
    by_line = {each.line.pk: each for each in had}
    added = [each for each in had if each.line.parent_line_id]
    assert {each.terms.addon_place for each in added} == set(AddonPlace)
    for each in added:
        assert each.line.parent_line_id
        parent = by_line[each.line.parent_line_id]
        assert parent.terms.service_id in each.terms.addon_of
        if each.terms.addon_place is AddonPlace.DURING:
            assert any(
                gap.starts_at <= each.starts_at and ends(each.phases[-1]) <= ends(gap)
                for gap in parent.phases
                if gap.kind == PhaseKind.PROCESSING
            )
            continue
        assert each.line.performer_id == parent.line.performer_id or was_handed_over(each)
        if each.terms.addon_place is AddonPlace.BEFORE:
            assert each.ends_at <= parent.starts_at
        else:
            assert each.starts_at >= parent.ends_at


def was_handed_over(each: Had) -> bool:
    stories = JournalEntry.objects.filter(stream_id=each.line.appointment_id)
    return stories.filter(event="booking.line_reassigned").exists()


@pytest.mark.parametrize(
    ("number", "kinds", "price"),
    [(27, ["desk", "spa_chair"], 7500), (41, ["double_cabin", "double_cabin"], 13200)],
    ids=["hands and feet", "massage for two"],
)
def test_bundles_are_had_from_two_people_at_once_at_one_price(
    had: list[Had], number: int, kinds: list[str], price: int
) -> None:
    asked = (AskedLine(option_id=option_of(number).option_id),)

    with time_machine.travel(TODAY, tick=False), transaction.atomic():
        starts = free_for(asked)
        assert len(starts) > 20
        request = BookingRequest(starts_at=starts[0].starts_at, lines=asked, client=None)
        visit = book_appointment(request=request, actor=DESK)
        one, other = Line.objects.filter(appointment=visit).order_by("position")
        taken = Allocation.objects.filter(phase__line__appointment=visit, unit__isnull=False)
        units = sorted(set(taken.values_list("unit__kind", "unit")))
        begins = Phase.objects.filter(line__appointment=visit, position=0).values("starts_at")
        transaction.set_rollback(True)

    assert one.performer_id != other.performer_id
    assert begins.distinct().count() <= 1
    assert one.price + other.price == price
    assert [kind for kind, _unit in units] == sorted(set(kinds))


def option_of(number: int) -> OptionTerms:
    return next(t for t in all_option_terms().values() if t.service_name == NAMES[number])


def free_for(asked: tuple[AskedLine, ...]) -> list[Start]:
    """In the fortnight after the demo's days, as the desk sees it."""
    offers = availability(
        first=AUTUMN.days[-1] + timedelta(days=1),
        last=AUTUMN.days[-1] + timedelta(days=14),
        lines=asked,
        actor=DESK,
        zone=ZONE,
        moment=now(),
    )
    return [start for offer in offers for start in offer.starts]


def test_colour_comes_before_cut_and_the_hair_is_dried_once(had: list[Had]) -> None:
    ranks = {NAMES[number]: rank for number, rank in SEQUENCES.items()}
    both = 0
    for visit in visits_of(had):
        lines = sorted(visit, key=lambda each: each.starts_at)
        known = [ranks[e.terms.service_name] for e in lines if e.terms.service_name in ranks]
        assert known == sorted(known)
        drying = [each for each in lines if any(phase.merge_key for phase in each.terms.phases)]
        for each in drying[:-1]:
            both += 1
            work = [phase for phase in each.phases if phase.kind == PhaseKind.WORK]
            template = [phase for phase in each.terms.phases if phase.kind is PhaseKind.WORK]
            assert len(work) == len(template) - 1
    assert both > 3


def test_some_visits_are_put_beside_others_and_some_go_to_a_colleague(had: list[Had]) -> None:
    told = JournalEntry.objects.filter(stream="appointment")
    beside = told.filter(event="booking.appointment_overbooked").count()
    assert 0.002 < 2 * beside / len(visits_of(had)) < 0.04
    new = told.filter(event="booking.appointment_booked", data__reason="regular_client")
    assert new.count() == beside
    given = told.filter(event="booking.line_reassigned").values_list("stream_id", flat=True)
    lines = Line.objects.filter(appointment__in=given)
    assert lines
    assert all(line.requested_staff_id != line.performer_id for line in lines)


def test_there_are_trainings_and_a_unit_that_is_broken(had: list[Had]) -> None:
    kinds = set(Block.objects.values_list("kind", flat=True))
    assert kinds == {"training", "out_of_service"}
    for block in Block.objects.filter(kind="training"):
        taken = Allocation.objects.filter(
            staff=block.staff, during__overlap=(block.starts_at, block.ends_at)
        )
        assert [found.block_id for found in taken] == [block.pk]


def test_limits_are_kept(had: list[Had]) -> None:
    children = of_service(had, 6)
    assert children
    assert all(each.starts_at.weekday() < 5 for each in children)
    assert option_of(32).new_clients is NewClients.ONLY_KNOWN


def test_bundles_are_in_turn_where_there_is_nobody_else() -> None:
    assert side_by_side(BY_NUMBER[27], OTTILIE.heads)
    assert not side_by_side(BY_NUMBER[27], OLA.heads)
    assert 27 in {item.number for item in sold_with(OLA.kinds, OLA.heads)}
    assert 41 in {item.number for item in sold_with(OTTILIE.kinds, OTTILIE.heads)}
    alone = {**OTTILIE.heads, Craft.BEAUTY: 1}
    assert 41 not in {item.number for item in sold_with(OTTILIE.kinds, alone)}


def test_every_country_has_words_for_everything() -> None:
    numbers = {item.number for item in MENU}
    assert all(set(SERVICE_NAMES[language]) == numbers for language in ("en", "de", "pl"))
    for words in (UNIT_NAMES, PHASE_NAMES, DESCRIPTIONS):
        assert len({frozenset(found) for found in words.values()}) == 1
    assert {kind for salon in SALONS for kind in salon.kinds} <= set(UNIT_NAMES["en"])
