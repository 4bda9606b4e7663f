"""Add-ons during processing: where they go, by whom, and that they wait for each other."""

from uuid import UUID

import pytest

from tenant_apps.booking.policies.attempt import first_choice
from tenant_apps.booking.policies.fitting import bounds, earliest_start, fit_visit
from tenant_apps.booking.policies.masks import Mask, bits, span
from tenant_apps.booking.policies.placing import place_visit
from tenant_apps.booking.policies.search import Field
from tenant_apps.booking.policies.visit import (
    Free,
    Inside,
    Step,
    Track,
    UnitNeed,
    Visit,
    Way,
)
from tests.booking.plain import in_turn

ANNA, BEA, CARA = (UUID(int=number) for number in range(1, 4))
CHAIRS = tuple(UUID(int=number) for number in range(11, 13))
DAY = span(0, 200)


def free(**staff: Mask) -> Free:
    """By small letters; who is not named is free."""
    return Free(
        {who: staff.get(name, DAY) for name, who in (("a", ANNA), ("b", BEA), ("c", CARA))},
        dict.fromkeys(CHAIRS, DAY),
        DAY,
    )


def addon(line: int, minutes: int, *people: UUID, tidies: int = 0, price: int = 5) -> Inside:
    steps = [Step(minutes, line=line)]
    if tidies:
        steps.append(Step(tidies, takes_client=False, tidies=True, line=line, number=1))
    return Inside(tuple(Way(who, tuple(steps), price) for who in people), line, 0)


def colour(*inside: Inside, gaps: tuple[int, ...] = (30,), price: int = 70) -> Visit:
    """Twenty minutes of work by Anna around each gap."""
    steps = [Step(20)]
    for number, gap in enumerate(gaps):
        steps += [
            Step(gap, takes_staff=False, number=2 * number + 1),
            Step(20, number=2 * number + 2),
        ]
    return Visit(((Track((Way(ANNA, tuple(steps), price),), (0,), inside),),))


def places(visit: Visit, where: Free, **wish: object) -> list[tuple[UUID, int]] | None:
    placed = place_visit(visit, where, 0, preference={}, **wish)  # type: ignore[arg-type]
    return None if placed is None else [(line.staff_id, line.starts) for line in placed[1:]]


def test_two_add_ons_follow_one_another_whoever_does_them() -> None:
    same = colour(addon(1, 15, BEA), addon(2, 15, BEA))
    two = colour(addon(1, 15, BEA), addon(2, 15, CARA))

    assert places(same, free()) == [(BEA, 20), (BEA, 35)]
    assert places(two, free()) == [(BEA, 20), (CARA, 35)]
    assert places(colour(addon(1, 15, BEA), addon(2, 16, CARA)), free()) is None


def test_the_second_may_come_first_when_its_person_is_busy_later() -> None:
    visit = colour(addon(1, 15, BEA), addon(2, 15, CARA))

    assert places(visit, free(c=span(0, 36))) == [(BEA, 35), (CARA, 20)]


@pytest.mark.parametrize(
    ("minutes", "tidies", "fits"), [(30, 0, True), (31, 0, False), (25, 5, True), (26, 5, False)]
)
def test_an_add_on_fits_its_gap_to_the_minute(minutes: int, tidies: int, fits: bool) -> None:
    visit = colour(addon(1, minutes, BEA, tidies=tidies))

    assert (places(visit, free()) is not None) == fits
    assert bool(fit_visit(visit, free(), DAY).starts) == fits
    assert bool(bounds(visit, free())[0].starts) == fits


def test_an_add_on_takes_the_last_minute_that_will_do() -> None:
    visit = colour(addon(1, 10, BEA))

    assert places(visit, free(b=span(40, 60))) == [(BEA, 40)]
    assert places(visit, free(b=span(41, 60))) is None
    assert places(visit, free(b=span(0, 29))) is None
    assert places(visit, free(b=span(0, 30))) == [(BEA, 20)]


def test_a_gap_that_is_too_short_is_passed_over() -> None:
    visit = colour(addon(1, 15, ANNA), gaps=(10, 20))

    assert places(visit, free()) == [(ANNA, 50)]


def test_an_add_on_by_the_same_person_waits_for_no_cleaning_up_but_its_own() -> None:
    visit = colour(addon(1, 10, ANNA, tidies=5), addon(2, 10, ANNA, tidies=5))

    assert places(visit, free()) == [(ANNA, 20), (ANNA, 35)]


def test_what_goes_on_inside_has_its_price() -> None:
    inner = Inside((Way(BEA, (Step(10, line=1),), 5), Way(CARA, (Step(10, line=1),), 9)), 1, 0)

    assert places(colour(inner), free(), total=75) == [(BEA, 20)]
    assert places(colour(inner), free(), total=79) == [(CARA, 20)]
    assert places(colour(inner), free(), total=77) is None
    assert places(colour(inner, addon(2, 10, BEA)), free(), total=84) == [(CARA, 20), (BEA, 30)]


def test_who_is_wished_for_inside_does_it() -> None:
    visit = colour(addon(1, 10, BEA, CARA))

    assert places(visit, free(), pins={1: CARA}) == [(CARA, 20)]
    assert places(visit, free(c=0), pins={1: CARA}) is None
    assert places(visit, free(), pins={0: ANNA, 1: BEA}) == [(BEA, 20)]


def test_everybody_who_could_do_the_add_on_is_offered() -> None:
    visit = colour(addon(1, 10, ANNA, BEA, CARA))

    found = fit_visit(visit, free(b=span(0, 45), c=span(0, 25)), 1 | 1 << 20)

    assert bits(found.starts) == [0, 20]
    assert {who: bits(mask) for who, mask in found.by_staff[1].items() if mask} == {
        ANNA: [0, 20],
        BEA: [0],
    }


def test_a_line_beside_the_colour_is_by_somebody_else_than_the_add_on_at_that_time() -> None:
    nails = Track((Way(BEA, (Step(60, line=2),)),), (2,))
    (track,) = colour(addon(1, 10, BEA, CARA)).groups[0]
    visit = Visit(((track, nails),))

    placed = place_visit(visit, free(), 0, preference={})

    assert placed is not None
    assert [line.staff_id for line in placed] == [ANNA, CARA, BEA]
    assert place_visit(visit, free(c=0), 0, preference={}) is None
    assert {
        who: bits(mask) for who, mask in fit_visit(visit, free(), 1).by_staff[1].items() if mask
    } == {CARA: [0]}


def test_the_earliest_start_skips_what_only_might_do() -> None:
    """With one chair that is taken after the second line, the first leaves no time to clean."""
    chair = UnitNeed(CHAIRS[:1], keep="line")
    cut = Way(
        ANNA, (Step(20, needs=(chair,)), Step(5, takes_client=False, tidies=True, needs=(chair,)))
    )
    dry = Way(BEA, (Step(10, needs=(chair,), line=1),))
    visit = in_turn([[cut], [dry]])
    where = Free({ANNA: DAY, BEA: DAY}, {CHAIRS[0]: span(0, 32) | span(60, 200)}, DAY)

    assert [
        mask >> 0 & 1 for mask in (bounds(visit, where)[0].starts, bounds(visit, where)[1].starts)
    ] == [1, 0]
    assert earliest_start(visit, where, DAY) == 60
    assert earliest_start(visit, where, span(70, 80)) == 70
    assert earliest_start(visit, where, span(0, 60)) is None
    assert fit_visit(visit, where, span(0, 80)).starts == span(60, 80)


def test_a_search_counts_its_steps() -> None:
    field = Field(colour(addon(1, 10, BEA)), free(), {})

    assert first_choice(field, 0) is not None
    assert field.steps == 2
    assert first_choice(field, -1) is None


def test_cleaning_up_before_a_gap_waits_for_what_the_same_person_does_inside() -> None:
    """Anna would clean from 20 to 25, but does the add-on then; at 30 she is busy elsewhere."""
    steps = (Step(20), Step(5, takes_client=False, tidies=True, number=1))
    way = Way(ANNA, (*steps, Step(10, takes_staff=False, number=2)))
    inside = Inside((Way(ANNA, (Step(8, line=1),)), Way(BEA, (Step(8, line=1),))), 1, 0)
    visit = Visit(((Track((way,), (0,), (inside,)),),))

    found = fit_visit(visit, free(a=span(0, 30)), 1)

    assert {who: bits(mask) for who, mask in found.by_staff[1].items() if mask} == {BEA: [0]}


def test_minutes_that_another_add_on_fills_are_not_tried() -> None:
    """Steps are the colour, the first add-on, and the second in the only place left."""
    field = Field(colour(addon(1, 20, BEA), addon(2, 10, BEA)), free(), {})

    assert first_choice(field, 0) is not None
    assert field.steps == 3
