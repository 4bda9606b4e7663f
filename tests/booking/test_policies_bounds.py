"""What is known without trying. The search makes every answer right; this keeps it rare."""

from uuid import UUID

import pytest

from tenant_apps.booking.policies.fitting import bounds, fit_visit
from tenant_apps.booking.policies.masks import Mask, bits, span
from tenant_apps.booking.policies.visit import (
    Free,
    Inside,
    Step,
    Track,
    UnitNeed,
    Visit,
    Way,
    Ways,
)
from tests.booking.plain import in_turn

PEOPLE = [UUID(int=number) for number in range(1, 5)]
CHAIRS = tuple(UUID(int=number) for number in range(11, 14))
DAY = span(0, 300)
CHAIR = UnitNeed(CHAIRS, keep="line")
LUNCH = (span(100, 200), 30)


def everything(*, chairs: int = 3, people: int = 4, breaks: bool = False, busy: Mask = 0) -> Free:
    """``busy``: when all but the first of the chairs are taken."""
    units = dict.fromkeys(CHAIRS[:chairs], DAY & ~busy) | {CHAIRS[0]: DAY}
    staff = dict.fromkeys(PEOPLE[:people], DAY)
    return Free(staff, units, DAY, {who: [LUNCH] for who in staff} if breaks else {})


def by_all(*steps: Step) -> Ways:
    return tuple(Way(who, steps) for who in PEOPLE)


def work(minutes: int, line: int = 0, need: UnitNeed | None = CHAIR) -> Step:
    return Step(minutes, needs=(need,) if need else (), line=line)


def tidy(minutes: int, line: int = 0, need: UnitNeed | None = CHAIR) -> Step:
    needs = (need,) if need else ()
    return Step(minutes, takes_client=False, needs=needs, tidies=True, line=line, number=9)


def doubts(visit: Visit, free: Free) -> list[int]:
    """The minutes that would have to be tried, for the visit or for anybody in it."""
    maybe, sure = bounds(visit, free)
    assert not sure.starts & ~maybe.starts
    found = maybe.starts & ~sure.starts
    for wide, narrow in zip(maybe.by_staff, sure.by_staff, strict=True):
        for who, mask in wide.items():
            found |= mask & ~narrow.get(who, 0)
    return bits(found)


ONE = in_turn([by_all(work(20), tidy(5))])
ALIKE = in_turn([by_all(work(20, n), tidy(5, n)) for n in range(3)])
SHORTER = in_turn([by_all(work(20), tidy(5)), by_all(work(20, 1), tidy(2, 1))])
UNTIDY = in_turn([by_all(work(20), tidy(5)), by_all(work(20, 1))])


@pytest.mark.parametrize("visit", [ONE, ALIKE])
def test_lines_that_are_cleaned_up_alike_are_known_at_once(visit: Visit) -> None:
    maybe, sure = bounds(visit, everything(busy=span(50, 250)))

    assert maybe is sure
    assert maybe.starts


@pytest.mark.parametrize("visit", [SHORTER, UNTIDY])
def test_with_another_chair_to_spare_nothing_is_in_doubt(visit: Visit) -> None:
    assert doubts(visit, everything()) == []
    assert doubts(visit, everything(chairs=2)) == []


def test_with_one_chair_only_its_last_minutes_are_in_doubt() -> None:
    """A visit of 40 minutes that could end at 300 leaves no five minutes to clean."""
    maybe, sure = bounds(UNTIDY, everything(chairs=1))

    assert bits(maybe.starts)[-1] == 260
    assert bits(sure.starts)[-1] == 255
    assert doubts(UNTIDY, everything(chairs=1)) == [256, 257, 258, 259, 260]


def test_who_goes_on_cleans_up_later_and_that_is_known() -> None:
    lines = [[Way(PEOPLE[0], (work(20, n, None), tidy(10 - n, n, None)))] for n in range(3)]

    maybe, sure = bounds(in_turn(lines), everything())

    assert maybe is sure
    assert bits(maybe.starts)[-1] == 300 - 60 - 10


def test_two_lines_side_by_side_are_known_at_once() -> None:
    beside = Track(by_all(work(30, 1), tidy(5, 1)), (1,))
    visit = Visit(((Track(by_all(work(20), tidy(5)), (0,)), beside),))

    assert doubts(visit, everything()) == []
    assert doubts(visit, everything(people=2)) == []
    assert bounds(visit, everything(people=1))[0].starts == 0


@pytest.mark.parametrize(("count", "people"), [(3, 4), (4, 5)])
def test_more_lines_side_by_side_are_known_when_somebody_is_to_spare(
    count: int, people: int
) -> None:
    team = [UUID(int=100 + number) for number in range(people)]
    tracks = tuple(
        Track(tuple(Way(who, (work(20, n, None), tidy(5, n, None))) for who in team), (n,))
        for n in range(count)
    )
    free = Free(dict.fromkeys(team, DAY), {}, DAY)

    assert doubts(Visit((tracks,)), free) == []


def test_a_line_after_two_side_by_side_begins_when_the_longer_ends() -> None:
    tracks = (Track(by_all(work(20)), (0,)), Track(by_all(work(30, 1)), (1,)))
    visit = Visit((tracks, (Track(by_all(work(40, 2)), (2,)),)))

    maybe, sure = bounds(visit, everything())

    assert bits(maybe.starts) == bits(sure.starts) == list(range(300 - 70 + 1))


def test_an_add_on_inside_is_known_at_once() -> None:
    processing = Step(30, takes_staff=False, line=0, number=1)
    finish = Step(20, line=0, number=2)
    inside = Inside(by_all(work(10, 1, None), tidy(5, 1, None)), 1, 0)
    colour = by_all(work(20), processing, finish, tidy(5))

    assert doubts(Visit(((Track(colour, (0,), (inside,)),),)), everything()) == []


def test_a_chair_kept_over_the_visit_is_known_at_once() -> None:
    kept = UnitNeed(CHAIRS, keep="visit")
    visit = in_turn([by_all(work(20, n, kept), tidy(5, n, kept)) for n in range(2)])

    assert doubts(visit, everything(busy=span(50, 250))) == []
    assert bits(bounds(visit, everything(chairs=1))[1].starts)[-1] == 255


def test_floating_breaks_of_one_line_or_two_are_known_at_once() -> None:
    for count in (1, 2):
        visit = in_turn([by_all(work(45, n, None), tidy(5, n, None)) for n in range(count)])
        assert doubts(visit, everything(breaks=True)) == []


def test_floating_breaks_of_three_lines_are_nearly_always_known() -> None:
    """Somebody who comes back may lose a break; with four people somebody else can come."""
    visit = in_turn([by_all(work(25, n, None)) for n in range(3)])

    assert doubts(visit, everything(breaks=True)) == []


def test_a_helper_may_be_the_lead_and_only_where_that_costs_the_break_is_doubt() -> None:
    """An hour from 111 to 129 leaves one person no half hour from 100 to 200."""
    finish = Step(20, able=tuple(PEOPLE), line=0, number=2)
    visit = in_turn([by_all(work(40, 0, None), finish)])

    assert doubts(visit, everything(breaks=True)) == list(range(111, 130))
    assert doubts(visit, everything()) == []


def test_whoever_may_be_needed_while_cleaning_up_is_left_to_the_search() -> None:
    """Twenty minutes of cleaning reach into the next line's finish, which anybody may do."""
    finish = Step(10, able=tuple(PEOPLE), line=1, number=1)
    long, short = by_all(work(20), tidy(20)), by_all(work(10, 1), finish)
    two = Free(dict.fromkeys(PEOPLE[:2], DAY), dict.fromkeys(CHAIRS, DAY), DAY)

    maybe, sure = bounds(in_turn([long, short]), two)

    assert maybe is not sure
    assert bits(maybe.starts)[0] == bits(sure.starts)[0] == 0


def test_a_calendar_is_cut_with_all_that_is_in_it() -> None:
    who, chair = PEOPLE[0], CHAIRS[0]
    free = Free(
        {who: span(10, 40)},
        {chair: span(0, 25)},
        span(18, 100),
        {who: [(span(30, 60), 20), (span(0, 15), 5)]},
        {2: span(21, 23)},
    )

    assert free.cut(20, 15) == Free(
        {who: span(0, 15)},
        {chair: span(0, 5)},
        span(0, 15),
        {who: [(span(10, 15), 20)]},
        {2: span(1, 3)},
    )


@pytest.mark.parametrize("day", [0, 1, 2, 5])
def test_what_is_in_doubt_is_tried_on_any_day(day: int) -> None:
    """The one chair is taken twice a day; the second line is sold from the hour on."""
    at = day * 1440 + 600
    chair = span(at, at + 42) | span(at + 100, at + 145)
    free = Free(
        dict.fromkeys(PEOPLE, span(0, 9000)),
        {CHAIRS[0]: chair},
        span(0, 9000),
        sold={1: span(at + 20, at + 126)},
    )

    found = fit_visit(UNTIDY, free, span(0, 9000))

    assert bits(found.starts) == [at + 100]
    assert {who: bits(mask) for who, mask in found.by_staff[1].items()} == {
        who: [at + 100] for who in PEOPLE
    }


def test_cleaning_up_that_waits_within_its_line_may_cost_a_break_all_the_same() -> None:
    """Bea comes back for the third line, cleans up in the middle of it when that has ended, and
    has then no two minutes left of her window."""
    bea, cara = PEOPLE[1], PEOPLE[2]
    first = Way(bea, (Step(6),))
    between = Way(cara, (Step(2, line=1),))
    last = Way(bea, (Step(5, line=2), tidy(4, 2, None), Step(4, line=2, number=1)))
    visit = in_turn([[first], [between], [last]])
    free = Free({bea: DAY, cara: DAY}, {}, DAY, {bea: [(span(25, 37), 2)]})

    maybe, sure = bounds(visit, free)

    assert not maybe.starts >> 15 & 1
    assert not sure.starts & ~maybe.starts
    assert fit_visit(visit, free, 1 << 15).starts == 0
