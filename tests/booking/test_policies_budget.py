"""What a stranger may have worked out: one answer costs only so many steps, whatever is asked."""

import random
from collections.abc import Mapping
from uuid import UUID

import pytest

from tenant_apps.booking.policies import fitting
from tenant_apps.booking.policies.fitting import MOST_STEPS, fit_visit
from tenant_apps.booking.policies.masks import Mask, bits, span
from tenant_apps.booking.policies.placing import place_visit
from tenant_apps.booking.policies.search import Field
from tenant_apps.booking.policies.visit import Free, Inside, Step, Track, UnitNeed, Visit, Way
from tests.booking.plain import in_turn

DAY, DAYS, OF_ONE_START = 24 * 60, 14, 2_000
TEAM = [UUID(int=100 + number) for number in range(12)]
GRID = sum(1 << minute for minute in range(0, DAYS * DAY, 15))


def by_everybody(line: int, *steps: Step) -> tuple[Way, ...]:
    return tuple(Way(who, steps) for who in TEAM)


def tidy(minutes: int, line: int) -> Step:
    return Step(minutes, takes_client=False, tidies=True, line=line, number=1)


def beside_one_another(lines: int) -> Visit:
    lengths = [(30, 10), (20, 15), (25, 5), (40, 10)]
    return Visit(
        (
            tuple(
                Track(by_everybody(n, Step(work, line=n), tidy(rest, n)), (n,))
                for n, (work, rest) in ((n, lengths[n % 4]) for n in range(lines))
            ),
        )
    )


def with_add_ons(count: int, minutes: int) -> Visit:
    colour = (Step(30), Step(30, takes_staff=False, number=1), Step(20, number=2))
    inside = tuple(
        Inside(by_everybody(line, Step(minutes - 1, line=line), tidy(1, line)), line, 0)
        for line in range(1, count + 1)
    )
    return Visit(((Track(by_everybody(0, *colour), (0,), inside),),))


def busy_team() -> Free:
    dice = random.Random(1)
    staff = dict.fromkeys(TEAM, 0)
    for who in TEAM:
        for day in range(DAYS):
            staff[who] |= span(day * DAY + 540, day * DAY + 1080)
            for hour in (9, 11, 13, 15, 17):
                first = day * DAY + hour * 60 + dice.choice([0, 10, 25, 40])
                staff[who] &= ~span(first, first + dice.choice([10, 25, 40]))
    return Free(staff, {}, span(0, (DAYS + 1) * DAY))


@pytest.fixture
def fields(monkeypatch: pytest.MonkeyPatch) -> list[Field]:
    """All that were searched for an answer."""
    found: list[Field] = []

    def field(visit: Visit, free: Free, preference: Mapping[UUID, int]) -> Field:
        found.append(Field(visit, free, preference))
        return found[-1]

    monkeypatch.setattr(fitting, "Field", field)
    return found


@pytest.mark.parametrize(
    "visit", [beside_one_another(10), beside_one_another(4), with_add_ons(3, 10)]
)
def test_an_answer_costs_so_many_steps_and_what_it_offers_can_be_placed(
    visit: Visit, fields: list[Field]
) -> None:
    free = busy_team()

    offered = bits(fit_visit(visit, free, GRID).starts)

    assert sum(field.steps for field in fields) <= MOST_STEPS + OF_ONE_START
    assert offered
    for start in offered[:: len(offered) // 10 + 1]:
        assert place_visit(visit, free, start, preference={})


def test_no_later_day_goes_short_because_of_an_earlier_one() -> None:
    """Two weeks of the same day: lines on one chair that is kept while the client waits, which
    is more to try than may be tried."""
    chairs = UnitNeed((UUID(int=1), UUID(int=2)), keep="visit")
    lines = [
        by_everybody(n, Step(work, needs=(chairs,), line=n), tidy(rest, n))
        for n, (work, rest) in enumerate([(30, 10), (20, 15), (25, 5)])
    ]
    team = {who: daily(mask) for who, mask in busy_team().staff.items()}
    one = daily(span(540, 640) | span(660, 815) | span(845, 1000) | span(1010, 1080))
    other = daily(span(540, 600) | span(630, 780) | span(800, 1080))
    free = Free(team, dict(zip(chairs.units, (one, other), strict=True)), span(0, DAYS * DAY * 2))

    fit = fit_visit(Visit(in_turn(lines).groups, patience=30), free, GRID)

    offered = [(fit.starts >> at * DAY & span(0, DAY)).bit_count() for at in range(DAYS)]
    assert offered[0]
    assert offered == sorted(offered), "what a day leaves untried goes to those after it"


def test_what_could_not_be_worked_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    visit, free = with_add_ons(3, 10), busy_team()
    whole = fit_visit(visit, free, GRID)
    monkeypatch.setattr(fitting, "MOST_OF_A_DAY", 0)

    some = fit_visit(visit, free, GRID)

    assert some.undecided
    assert not some.undecided & some.starts
    assert not whole.starts & ~(some.starts | some.undecided)
    assert not whole.undecided & whole.starts


def daily(mask: Mask) -> Mask:
    """What is so on the first day, on all of them."""
    return sum((mask & span(0, DAY)) << at * DAY for at in range(DAYS))


def test_add_ons_that_do_not_all_fit_are_not_even_tried(fields: list[Field]) -> None:
    assert not fit_visit(with_add_ons(5, 10), busy_team(), GRID).starts
    assert not fields
