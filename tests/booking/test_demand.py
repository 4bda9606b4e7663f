"""From what somebody asks for to lines, ways and prices. No database: all is told."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from shared_apps.core.actor import Channel, system
from shared_apps.core.errors import DomainError, Invalid
from tenant_apps.booking.errors import NobodyDoesThis, WrongOrder
from tenant_apps.booking.permissions import BOOK
from tenant_apps.booking.policies.masks import span
from tenant_apps.booking.policies.placing import place_visit
from tenant_apps.booking.policies.visit import Free
from tenant_apps.booking.selectors.asked import option_ids_of
from tenant_apps.booking.selectors.demand import Demand, demand_from
from tenant_apps.booking.types import AskedLine
from tenant_apps.catalog.enums import AddonPlace, Keep, PhaseKind, PhasePerformer
from tenant_apps.catalog.types import (
    BUNDLE,
    BundlePart,
    LevelTerms,
    Need,
    OptionTerms,
    PhaseTerms,
    UnitTerms,
)
from tenant_apps.staff.types import Performer

DESK = system(Channel.STAFF, permissions=frozenset({BOOK}))
GUEST = system(Channel.WEB)
WORK, PROCESSING, CLEANUP = PhaseKind.WORK, PhaseKind.PROCESSING, PhaseKind.CLEANUP
CHAIR = UnitTerms(unit_id=UUID(int=31), kind="chair", name="1")
CUT, COLOUR, FRINGE, MASK, NAILS, FEET, BOTH = (UUID(int=number) for number in range(1, 8))
NEED = Need(kinds=("chair",), keep=Keep.LINE)


def option(pk: UUID, *phases: PhaseTerms, price: int = 1000, **said: Any) -> OptionTerms:
    usual: dict[str, Any] = {
        "service_id": pk,
        "category_id": UUID(int=99),
        "service_name": "",
        "option_name": "",
        "price_kind": "fixed",
        "currency": "EUR",
        "tax_category": "service",
        "is_online": True,
        "levels": {"stylist": LevelTerms(price=price), "junior": LevelTerms(price=price // 2)},
    }
    return OptionTerms(option_id=pk, phases=phases, **{**usual, **said})


def phase(kind: PhaseKind, minutes: int, **said: Any) -> PhaseTerms:
    return PhaseTerms(kind=kind, minutes=minutes, **said)


def member(number: int, *does: UUID, level: str = "stylist", online: bool = True) -> Performer:
    return Performer(
        staff_id=UUID(int=number),
        name="",
        level=level,
        position=number,
        is_online=online,
        option_ids=frozenset(does),
    )


MENU = [
    option(CUT, phase(WORK, 50, needs=(NEED,)), phase(CLEANUP, 5, needs=(NEED,)), sequence=20),
    option(
        COLOUR,
        phase(WORK, 45),
        phase(PROCESSING, 35),
        phase(WORK, 25, performer=PhasePerformer.ANY_QUALIFIED, merge_key="dry"),
        sequence=10,
        price=7000,
    ),
    option(FRINGE, phase(WORK, 10), addon_place=AddonPlace.AFTER, sold_alone=False, price=800),
    option(MASK, phase(WORK, 20), addon_place=AddonPlace.DURING, addon_of=frozenset({COLOUR})),
    option(NAILS, phase(WORK, 60), price=3000),
    option(FEET, phase(WORK, 50), price=1000),
    option(
        BOTH,
        levels={BUNDLE: LevelTerms(price=3600)},
        parts=(BundlePart(option_id=NAILS), BundlePart(option_id=FEET)),
    ),
]
ALL = [terms.option_id for terms in MENU]
ANNA, BEA = member(11, *ALL), member(12, *ALL, level="junior")
CARA = member(13, *ALL, online=False)


def demand(
    *asked: AskedLine,
    actor: Any = DESK,
    team: Sequence[Performer] = (ANNA, BEA, CARA),
    menu: Sequence[OptionTerms] = MENU,
) -> Demand:
    known = {terms.option_id: terms for terms in menu}
    return demand_from(asked, actor, known=known, performers=team, units=[CHAIR])


def line(pk: UUID, **said: Any) -> AskedLine:
    return AskedLine(option_id=pk, **said)


def refusal(*asked: AskedLine, **said: Any) -> DomainError:
    with pytest.raises(DomainError) as refused:
        demand(*asked, **said)
    return refused.value


def minutes(found: Demand, track: int = 0, way: int = 0) -> list[int]:
    tracks = list(found.visit.tracks)
    return [step.minutes for step in tracks[track].ways[way].steps]


def test_a_level_takes_its_percentage_or_its_own_minutes_and_leaves_out_phases_of_none() -> None:
    levels = {
        "stylist": LevelTerms(price=1, percent=90),
        "junior": LevelTerms(price=1, phases=(60, 0, 7)),
    }
    phases = (phase(WORK, 45), phase(PROCESSING, 35), phase(WORK, 25))

    found = demand(line(CUT), menu=[option(CUT, *phases, levels=levels)])

    assert minutes(found) == [41, 32, 23]
    assert minutes(found, way=1) == [60, 7]
    assert [step.number for step in found.visit.groups[0][0].ways[1].steps] == [0, 2]


def test_people_of_one_level_share_their_steps() -> None:
    ways = demand(line(CUT)).visit.groups[0][0].ways

    assert ways[0].steps is ways[2].steps
    assert ways[0].steps is not ways[1].steps


def test_an_add_on_after_a_line_is_done_by_the_same_person_and_costs_its_own_price() -> None:
    found = demand(line(CUT, addons=(line(FRINGE),)), team=[ANNA, member(14, CUT)])

    (track,) = found.visit.tracks
    assert track.lines == (0, 1)
    assert [way.staff_id for way in track.ways] == [ANNA.staff_id]
    assert [(step.line, step.minutes) for step in track.ways[0].steps] == [(0, 50), (0, 5), (1, 10)]
    assert track.ways[0].price == 1800
    assert [found.price(place, ANNA.staff_id).price.amount for place in (0, 1)] == [1000, 800]


def test_an_add_on_before_a_line_begins_the_visit() -> None:
    wash = option(FRINGE, phase(WORK, 10), addon_place=AddonPlace.BEFORE)

    found = demand(line(CUT, addons=(line(FRINGE),)), menu=[MENU[0], wash])

    assert found.visit.groups[0][0].lines == (1, 0)


def test_an_add_on_during_processing_may_be_had_from_anybody() -> None:
    found = demand(line(COLOUR, staff_id=ANNA.staff_id, addons=(line(MASK),)))

    (track,) = found.visit.tracks
    assert [way.staff_id for way in track.ways] == [ANNA.staff_id]
    assert [(inner.line, inner.parent, len(inner.ways)) for inner in track.inside] == [(1, 0, 3)]


def test_a_finish_by_anybody_may_be_done_by_whoever_does_that_service() -> None:
    found = demand(line(COLOUR), actor=GUEST)

    ways = found.visit.groups[0][0].ways
    assert [way.staff_id for way in ways] == [ANNA.staff_id, BEA.staff_id]
    assert ways[0].steps[2].able == (ANNA.staff_id, BEA.staff_id, CARA.staff_id)


def test_a_bundle_becomes_lines_side_by_side_that_share_its_price() -> None:
    found = demand(line(BOTH, part_staff=(None, BEA.staff_id)))

    assert [len(group) for group in found.visit.groups] == [2]
    assert [known.option_id for known in found.lines] == [NAILS, FEET]
    assert [known.bundle and known.bundle.option_id for known in found.lines] == [BOTH, BOTH]
    assert [found.price(place, BEA.staff_id).price.amount for place in (0, 1)] == [2700, 900]
    assert [len(track.ways) for track in found.visit.tracks] == [3, 1]
    assert found.is_parallel(0)


def test_what_a_bundle_costs_does_not_depend_on_who_does_it() -> None:
    found = demand(line(BOTH))
    free = Free({who.staff_id: span(0, 100) for who in (ANNA, BEA, CARA)}, {}, span(0, 100))

    placed = place_visit(found.visit, free, 0, preference={})

    assert placed is not None
    assert found.total(placed).amount == 3600


def test_lines_with_the_same_number_begin_together_and_others_follow_in_their_order() -> None:
    found = demand(line(COLOUR, parallel_group=7), line(NAILS, parallel_group=7), line(CUT))

    assert [[track.lines for track in group] for group in found.visit.groups] == [
        [(0,), (1,)],
        [(2,)],
    ]
    assert [found.is_parallel(place) for place in range(3)] == [True, True, False]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ([line(NAILS, parallel_group=1)] * 5, "lines.4.option_id"),
        ([line(BOTH, parallel_group=1)] * 6, "lines.5.option_id"),
        ([line(CUT, addons=(line(FRINGE),) * 5)] * 2, "lines.1.addons.3.option_id"),
        ([line(NAILS)] * 11, "lines.10.option_id"),
    ],
)
def test_a_visit_has_ten_lines_and_four_side_by_side_and_no_more(
    asked: list[AskedLine], field: str
) -> None:
    refused = refusal(*asked)

    assert isinstance(refused, Invalid)
    assert list(refused.fields) == [field]


def test_four_lines_side_by_side_may_be_asked_for() -> None:
    assert len(demand(*[line(NAILS, parallel_group=1)] * 4).visit.groups[0]) == 4


def test_colour_comes_before_cut() -> None:
    refused = refusal(line(CUT), line(NAILS), line(COLOUR))

    assert isinstance(refused, WrongOrder)
    assert list(refused.fields) == ["lines.2.option_id"]
    assert demand(line(COLOUR), line(NAILS), line(CUT)).visit.lines == 3


def test_a_finish_that_two_lines_share_is_done_once() -> None:
    cut = option(CUT, phase(WORK, 40), phase(WORK, 30, merge_key="dry"))

    found = demand(line(COLOUR), line(CUT), menu=[MENU[1], cut])

    assert minutes(found) == [45, 35]
    assert minutes(found, track=1) == [40, 30]
    assert minutes(demand(line(COLOUR), line(NAILS))) == [45, 35, 25]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (line(FRINGE), "lines.0.option_id"),
        (line(CUT, addons=(line(MASK),)), "lines.0.addons.0.option_id"),
        (line(CUT, addons=(line(NAILS),)), "lines.0.addons.0.option_id"),
        (line(CUT, addons=(line(UUID(int=77)),)), "lines.0.addons.0.option_id"),
        (line(UUID(int=77)), "lines.0.option_id"),
    ],
)
def test_add_ons_belong_under_what_they_are_added_to(asked: AskedLine, field: str) -> None:
    refused = refusal(asked)

    assert isinstance(refused, Invalid)
    assert list(refused.fields) == [field]


@pytest.mark.parametrize("said", [{"is_online": False}, {"is_archived": True}])
def test_guests_book_only_what_is_sold_online(said: dict[str, bool]) -> None:
    refused = refusal(line(CUT), actor=GUEST, menu=[option(CUT, phase(WORK, 10), **said)])

    assert list(refused.fields) == ["lines.0.option_id"]


def test_not_even_the_desk_books_what_is_sold_no_more() -> None:
    menu = [option(CUT, phase(WORK, 10), is_archived=True)]

    assert list(refusal(line(CUT), menu=menu).fields) == ["lines.0.option_id"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (line(CUT, staff_id=UUID(int=77)), "lines.0.staff_id"),
        (line(CUT, addons=(line(FRINGE, staff_id=UUID(int=77)),)), "lines.0.addons.0.staff_id"),
        (
            line(CUT, staff_id=ANNA.staff_id, addons=(line(FRINGE, staff_id=BEA.staff_id),)),
            "lines.0.addons.0.staff_id",
        ),
        (line(BOTH, staff_id=UUID(int=77)), "lines.0.staff_id"),
    ],
)
def test_a_line_that_the_person_named_cannot_do_is_refused(asked: AskedLine, field: str) -> None:
    refused = refusal(asked)

    assert isinstance(refused, NobodyDoesThis)
    assert list(refused.fields) == [field]


def test_guests_cannot_choose_who_is_not_online() -> None:
    assert isinstance(refusal(line(CUT, staff_id=CARA.staff_id), actor=GUEST), NobodyDoesThis)


def test_everything_that_is_asked_for_is_looked_up() -> None:
    known = {terms.option_id: terms for terms in MENU}

    assert option_ids_of([line(CUT, addons=(line(FRINGE),)), line(BOTH)], known) == {
        *(CUT, FRINGE, BOTH, NAILS, FEET)
    }
