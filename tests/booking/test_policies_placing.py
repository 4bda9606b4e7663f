"""Who and what is chosen, and where exactly it goes: the rules one by one."""

from uuid import UUID

import pytest

from tenant_apps.booking.policies.fitting import fit_visit
from tenant_apps.booking.policies.masks import Mask, bits, span
from tenant_apps.booking.policies.placing import Placed, place_visit
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
CHAIRS = tuple(UUID(int=number) for number in range(11, 14))
CHAIR = UnitNeed(CHAIRS, keep="line")
DAY = span(0, 200)
FREE = Free(dict.fromkeys((ANNA, BEA, CARA), DAY), dict.fromkeys(CHAIRS, DAY), DAY)


def free(
    *,
    staff: dict[UUID, Mask] | None = None,
    units: dict[UUID, Mask] | None = None,
    floating: dict[UUID, list[tuple[Mask, int]]] | None = None,
) -> Free:
    """Everything is, but what is said."""
    return Free(
        {**FREE.staff, **(staff or {})}, {**FREE.units, **(units or {})}, DAY, floating or {}
    )


def work(minutes: int, *, line: int = 0, needs: tuple[UnitNeed, ...] = ()) -> Step:
    return Step(minutes, needs=needs, line=line)


def processing(minutes: int, *, line: int = 0) -> Step:
    return Step(minutes, takes_staff=False, line=line)


def cleanup(minutes: int, *, line: int = 0, needs: tuple[UnitNeed, ...] = ()) -> Step:
    return Step(minutes, takes_client=False, tidies=True, line=line, needs=needs)


def by(staff_id: UUID, *steps: Step, price: int = 0) -> Way:
    return Way(staff_id, steps, price)


def place(visit: Visit, where: Free = FREE, start: int = 0) -> list[Placed]:
    placed = place_visit(visit, where, start, preference={})
    assert placed is not None
    return placed


def cleaning(placed: list[Placed]) -> list[tuple[int, UUID | None, tuple[UUID, ...], int, int]]:
    """Line, person, units, from and until of all cleaning up."""
    return [
        (line.line, step.staff_id, step.units, step.starts, step.starts + step.minutes)
        for line in placed
        for step in line.steps
        if step.step.tidies
    ]


def test_the_next_line_begins_when_the_client_is_free_and_not_when_all_is_clean() -> None:
    visit = in_turn([[by(ANNA, work(30), cleanup(5))], [by(BEA, work(20, line=1))]])

    placed = place(visit)

    assert [line.starts for line in placed] == [0, 30]
    assert cleaning(placed) == [(0, ANNA, (), 30, 35)]


def test_somebody_who_goes_on_cleans_up_once_after_the_last_line_and_as_long_as_the_longest() -> (
    None
):
    visit = in_turn(
        [
            [by(ANNA, work(30), cleanup(10))],
            [by(ANNA, work(20, line=1), cleanup(5, line=1))],
            [by(BEA, work(20, line=2))],
        ]
    )

    assert cleaning(place(visit)) == [(0, ANNA, (), 50, 60)]


def test_a_chair_that_is_used_again_is_cleaned_at_the_end_though_its_stylist_is_done() -> None:
    chair = UnitNeed(CHAIRS[:1], keep="line")
    visit = in_turn(
        [
            [by(ANNA, work(30, needs=(chair,)), cleanup(5, needs=(chair,)))],
            [by(BEA, work(20, line=1, needs=(chair,)))],
        ]
    )

    assert cleaning(place(visit)) == [
        (0, ANNA, (), 30, 35),
        (0, None, CHAIRS[:1], 50, 55),
    ]


def test_cleaning_up_needs_its_time_even_though_the_client_has_left() -> None:
    visit = in_turn([[by(ANNA, work(30), cleanup(5))]])

    assert bits(fit_visit(visit, free(staff={ANNA: span(0, 40)}), DAY).starts) == [0, 1, 2, 3, 4, 5]


def test_the_first_of_two_who_come_together_does_not_clean_in_the_way_of_the_second() -> None:
    """A gap of processing is long enough for the cleaning up of what goes on inside it."""
    inside = Inside((by(ANNA, work(10, line=1), cleanup(5, line=1)),), line=1, parent=0)
    way = by(ANNA, work(20), processing(15), work(20), cleanup(5))
    visit = Visit(((Track((way,), (0,), (inside,)),),))

    placed = place(visit)

    assert [line.starts for line in placed] == [0, 20]
    assert cleaning(placed) == [(0, ANNA, (), 55, 60), (1, ANNA, (), 30, 35)]


def test_what_goes_on_inside_must_fit_wholly_with_its_cleaning_up() -> None:
    inside = Inside((by(BEA, work(11, line=1), cleanup(5, line=1)),), line=1, parent=0)
    way = by(ANNA, work(20), processing(15), work(20))

    visit = Visit(((Track((way,), (0,), (inside,)),),))

    assert place_visit(visit, FREE, 0, preference={}) is None


def test_an_add_on_goes_on_by_anybody_who_is_free_at_some_minute_of_the_processing() -> None:
    ways = (by(ANNA, work(10, line=1)), by(BEA, work(10, line=1)))
    way = by(ANNA, work(20), processing(25), work(20))
    visit = Visit(((Track((way,), (0,), (Inside(ways, line=1, parent=0),)),),))
    busy = free(staff={ANNA: DAY & ~span(22, 40), BEA: span(33, 200)})

    placed = place(visit, busy)

    assert (placed[1].staff_id, placed[1].starts) == (BEA, 33)


def test_lines_side_by_side_begin_together_and_have_different_people() -> None:
    nails = tuple(by(who, work(60), cleanup(5)) for who in (ANNA, BEA))
    feet = tuple(by(who, work(50, line=1)) for who in (ANNA, BEA))
    after = tuple(by(who, work(10, line=2)) for who in (ANNA, CARA))
    visit = Visit(
        ((Track(nails, (0,)), Track(feet, (1,))), (Track(after, (2,)),)),
    )

    placed = place(visit)
    fit = fit_visit(visit, free(staff={BEA: 0}), DAY)

    assert [(line.staff_id, line.starts) for line in placed] == [(ANNA, 0), (BEA, 0), (ANNA, 60)]
    assert fit.starts == 0


def test_parallel_lines_of_one_client_may_share_a_unit() -> None:
    chair = UnitNeed(CHAIRS[:1])
    visit = Visit(
        (
            (
                Track((by(ANNA, work(30, needs=(chair,))),), (0,)),
                Track((by(BEA, work(20, line=1, needs=(chair,))),), (1,)),
            ),
        )
    )

    assert [line.steps[0].units for line in place(visit)] == [CHAIRS[:1], CHAIRS[:1]]


def test_a_step_by_anybody_is_done_by_the_lead_and_by_another_when_the_lead_is_busy() -> None:
    finish = Step(20, able=(BEA, ANNA))
    visit = in_turn([[by(ANNA, work(30), finish)]])

    assert place(visit)[0].steps[1].staff_id == ANNA
    assert place(visit, free(staff={ANNA: span(0, 40)}))[0].steps[1].staff_id == BEA


def test_a_unit_kept_for_the_visit_is_the_same_one_in_every_line() -> None:
    chair = UnitNeed(CHAIRS, keep="visit")
    visit = in_turn(
        [[by(ANNA, work(30, needs=(chair,)))], [by(BEA, work(20, line=1, needs=(chair,)))]]
    )
    where = free(units={CHAIRS[0]: span(0, 40), CHAIRS[1]: span(20, 200)})

    placed = place(visit, where)

    assert [line.steps[0].units for line in placed] == [(CHAIRS[2],), (CHAIRS[2],)]


def test_a_unit_kept_for_a_line_is_free_between_its_uses() -> None:
    visit = in_turn([[by(ANNA, work(5, needs=(CHAIR,)), processing(5), work(5, needs=(CHAIR,)))]])
    where = free(units={CHAIRS[0]: span(0, 5), CHAIRS[1]: DAY & ~span(5, 10), CHAIRS[2]: 0})

    assert [step.units for step in place(visit, where)[0].steps] == [
        (CHAIRS[1],),
        (),
        (CHAIRS[1],),
    ]


def test_a_floating_break_keeps_its_room() -> None:
    """Half an hour between 40 and 100: a visit of 40 minutes may begin at its edges only."""
    visit = in_turn([[by(ANNA, work(40))]])
    where = free(floating={ANNA: [(span(40, 100), 30)]})

    found = bits(fit_visit(visit, where, DAY).starts)

    assert found == [*range(31), *range(70, 161)]


def test_a_floating_break_may_be_taken_while_the_colour_develops() -> None:
    way = by(ANNA, work(20), processing(30), work(20))
    where = free(floating={ANNA: [(span(50, 80), 30)]})

    assert place_visit(in_turn([[way]]), where, 30, preference={}) is not None
    assert place_visit(in_turn([[way]]), where, 31, preference={}) is None


def test_a_floating_break_that_is_lost_already_asks_for_nothing() -> None:
    visit = in_turn([[by(ANNA, work(30))]])
    where = free(staff={ANNA: DAY & ~span(60, 80)}, floating={ANNA: [(span(40, 100), 30)]})

    assert place_visit(visit, where, 30, preference={}) is not None


def test_of_several_people_the_cheapest_is_chosen_and_then_the_preferred() -> None:
    ways = [by(ANNA, work(5), price=50), by(BEA, work(5), price=30), by(CARA, work(5), price=30)]
    preference = {ANNA: -2, BEA: 1, CARA: 0}

    placed = place_visit(in_turn([ways]), FREE, 0, preference=preference)

    assert placed is not None
    assert placed[0].staff_id == CARA


@pytest.mark.parametrize(("total", "staff"), [(30, ANNA), (50, BEA)])
def test_with_an_expected_total_the_person_who_costs_that_is_chosen(
    total: int, staff: UUID
) -> None:
    visit = in_turn([[by(ANNA, work(5), price=30), by(BEA, work(5), price=50)]])

    placed = place_visit(visit, FREE, 0, preference={}, total=total)

    assert placed is not None
    assert placed[0].staff_id == staff
    assert place_visit(visit, FREE, 0, preference={}, total=40) is None


def test_a_visit_without_lines_has_no_place() -> None:
    assert fit_visit(Visit(()), FREE, DAY).starts == 0


TEN = [UUID(int=100 + number) for number in range(10)]
EVERYBODY = Free(dict.fromkeys(TEN, span(0, 48)), {}, span(0, 48))


def test_a_total_that_nobody_can_meet_is_refused_in_no_time() -> None:
    """Ten lines, nine people, and prices whose sums are all different."""
    lines = [
        [by(who, work(4, line=line), price=7 ** (n % 5) + line) for n, who in enumerate(TEN[1:])]
        for line in range(10)
    ]

    for total in (1, 5_000, 9_999, 10**9):
        assert place_visit(in_turn(lines), EVERYBODY, 0, preference={}, total=total) is None


def test_ten_lines_side_by_side_are_matched_even_if_only_one_matching_exists() -> None:
    """Line n can be done by the first n + 1 people: whoever chooses badly has to start again."""
    tracks = tuple(
        Track(tuple(by(who, work(4, line=n)) for who in TEN[: n + 1]), (n,)) for n in range(10)
    )
    too_few = tuple(Track(track.ways[: max(1, n)], (n,)) for n, track in enumerate(tracks))

    placed = place_visit(Visit((tracks[::-1],)), EVERYBODY, 0, preference={})

    assert placed is not None
    assert [line.staff_id for line in placed] == TEN
    assert place_visit(Visit((too_few,)), EVERYBODY, 0, preference={}) is None


def test_helpers_by_the_dozen_are_not_tried_for_ever() -> None:
    """Each of ten lines may be finished by any of ten; the last has no chair to be had in."""
    finish = [Step(2, able=tuple(TEN), line=line, number=1) for line in range(10)]
    chair = UnitNeed(CHAIRS[:1], keep="visit")
    lines = [
        [by(who, work(2, line=line, needs=(chair,)), finish[line]) for who in TEN]
        for line in range(10)
    ]
    where = Free(EVERYBODY.staff, {CHAIRS[0]: span(0, 37) | span(39, 48)}, EVERYBODY.client)

    assert place_visit(in_turn(lines), EVERYBODY, 0, preference={}) is None
    assert place_visit(in_turn(lines), where, 0, preference={}) is None
    assert place_visit(in_turn(lines[:9]), where, 0, preference={}) is not None


def test_whoever_only_cleans_up_is_not_forgotten_when_others_are_tried() -> None:
    """Anna is busy a minute after the colour; Bea, who does the next line, cleans up behind it."""
    tidied = Step(2, takes_client=False, tidies=True, able=(ANNA, BEA), number=1)
    visit = in_turn([[by(CARA, work(17), tidied)], [by(BEA, work(5, line=1))]])

    placed = place(visit, free(staff={ANNA: DAY & ~span(18, 20)}))

    assert cleaning(placed) == [(0, BEA, (), 22, 24)]


AT_EASE = [{}, {ANNA: -1}, {BEA: -1}]


@pytest.mark.parametrize("preference", AT_EASE)
def test_whoever_cannot_clean_up_while_the_client_waits_stands_in_nobodys_way(
    preference: dict[UUID, int],
) -> None:
    """Cara comes after twenty minutes of waiting. Anna is busy five minutes after the first line,
    with ten minutes to clean; Bea is free."""
    first = [by(who, work(40), cleanup(10)) for who in (ANNA, BEA)]
    visit = Visit(in_turn([first, [by(CARA, work(35, line=1))]]).groups, patience=30)
    where = free(staff={ANNA: span(0, 45), CARA: DAY & ~span(40, 60)})

    placed = place_visit(visit, where, 0, preference=preference)

    assert placed is not None
    assert [(line.staff_id, line.starts) for line in placed] == [(BEA, 0), (CARA, 60)]


@pytest.mark.parametrize("preference", AT_EASE)
def test_whoever_would_lose_a_break_by_cleaning_up_stands_in_nobodys_way(
    preference: dict[UUID, int],
) -> None:
    """Anna has to be off for half an hour between 20 and 70, and would clean until 50."""
    first = [by(who, work(40), cleanup(10)) for who in (ANNA, BEA)]
    rest = [[by(CARA, work(35, line=1))], [by(CARA, work(20, line=2))]]
    where = free(floating={ANNA: [(span(20, 70), 30)]})

    placed = place_visit(in_turn([first, *rest]), where, 0, preference=preference)

    assert placed is not None
    assert [line.staff_id for line in placed] == [BEA, CARA, CARA]
