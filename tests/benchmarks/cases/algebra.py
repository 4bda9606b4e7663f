"""The availability algebra alone: no database, no HTTP, everybody and everything half busy."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from time import process_time
from uuid import UUID

from tenant_apps.booking.policies.crumbs import tidy
from tenant_apps.booking.policies.fitting import fit_visit
from tenant_apps.booking.policies.masks import Mask, span
from tenant_apps.booking.policies.placing import place_visit
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
from tests.benchmarks.figures import Figure
from tests.benchmarks.system import System
from tests.booking.plain import in_turn

SEED, DAY = 3, 24 * 60
OPENS, CLOSES = 9 * 60, 20 * 60
CHAIRS = tuple(UUID(int=number) for number in range(1, 9))
BASINS = tuple(UUID(int=number) for number in range(51, 54))
CHAIR, BASIN = UnitNeed(CHAIRS, keep="line"), UnitNeed(BASINS)
PACES = (100, 90, 125)  # of a stylist, a director and a junior


def measure(system: System) -> list[Figure]:
    """``system`` is not asked anything; a tenth of the rounds when it is a quick try."""
    rounds = system.about(50)
    day, month = salon(12, 1), salon(40, 31)
    breaks = salon(40, 31, breaks=True)
    three = in_turn([tint(0, 40), cut(1, 40), beard(2, 40)])
    busy, few = salon(12, 31), in_turn([tint(0, 12), cut(1, 12), beard(2, 12)])
    patient = Visit(few.groups, patience=15)
    one, two = in_turn([tint(0, 12)]), in_turn([tint(0, 12), cut(1, 12)])
    hands = Visit(((Track(cut(0, 40), (0,)), Track(beard(1, 40), (1,))),))
    inside = Visit(((Track(tint(0, 12), (0,), (Inside(beard(1, 12), 1, 0),)),),))
    ten = in_turn([(beard if line % 2 else cut)(line, 40) for line in range(10)])
    return [
        timed("a day of 12 people, one line", rounds, one, day, 1, at_most=0.3),
        timed("a day of 12 people, two lines", rounds, two, day, 1),
        timed("a day of 12 people, an add-on inside", rounds, inside, day, 1),
        best("placing two lines of 12 people", rounds, lambda: place(two, day)),
        timed("a month of 40 people, three lines", 5, three, month, 31, at_most=100),
        timed("a month of 12 people, three lines", 5, few, busy, 31),
        timed("a month of 12 people, three lines, waits of 15 minutes", 5, patient, busy, 31),
        timed("a month of 12 people, three lines, no crumbs", 5, few, tidy(few, busy, 30), 31),
        timed("a month of 40 people, three lines, floating breaks", 3, three, breaks, 31),
        timed("a month of 40 people, two lines side by side", 3, hands, month, 31),
        timed("a month of 40 people, ten lines", 1, ten, month, 31),
    ]


def timed(
    name: str, rounds: int, visit: Visit, free: Free, days: int, *, at_most: float | None = None
) -> Figure:
    grid = sum(1 << day * DAY + at for day in range(days) for at in range(0, DAY, 15))
    return best(name, rounds, lambda: fit_visit(visit, free, grid), at_most=at_most)


def best(
    name: str, rounds: int, do: Callable[[], object], *, at_most: float | None = None
) -> Figure:
    """Of so many rounds, after one that nobody counts."""
    do()
    spent = []
    for _round in range(max(rounds, 1)):
        before = process_time()
        do()
        spent.append(process_time() - before)
    return Figure(f"{name}: CPU", round(1000 * min(spent), 3), "ms", at_most=at_most)


def place(visit: Visit, free: Free) -> object:
    return place_visit(visit, free, OPENS + 60, preference={})


def people(count: int) -> Sequence[UUID]:
    return [UUID(int=1000 + number) for number in range(count)]


def salon(count: int, days: int, *, breaks: bool = False) -> Free:
    """Open six days a week; four of five people work on each of them."""
    dice = random.Random(SEED)
    open_days = [day for day in range(days) if day % 7 != 6]
    opened = union((day * DAY + OPENS, day * DAY + CLOSES) for day in open_days)

    def free(share: float, working: Sequence[int]) -> Mask:
        mask = union((day * DAY + OPENS, day * DAY + CLOSES) for day in working)
        return mask & ~union(_taken(dice, working, share))

    lunch = [(span(day * DAY + 720, day * DAY + 900), 30) for day in open_days]
    return Free(
        staff={
            who: free(0.5, [d for d in open_days if dice.random() < 0.8]) for who in people(count)
        },
        units={unit: opened & free(0.4, open_days) for unit in CHAIRS + BASINS},
        client=span(0, days * DAY + DAY),
        floating=dict.fromkeys(people(count), lunch) if breaks else {},
    )


def _taken(dice: random.Random, days: Sequence[int], share: float) -> list[tuple[int, int]]:
    found = []
    for day in days:
        at = day * DAY + OPENS
        while at < day * DAY + CLOSES:
            length = dice.choice([30, 45, 60, 90])
            if dice.random() < share:
                found.append((at, at + length))
            at += length
    return found


def union(spans: Iterable[tuple[int, int]]) -> Mask:
    mask = 0
    for first, end in spans:
        mask |= span(first, end)
    return mask


def by_everybody(count: int, *steps: Step) -> Ways:
    paced = [tuple(_at_pace(step, percent) for step in steps) for percent in PACES]
    return tuple(
        Way(who, paced[number % len(PACES)], 1000 + 100 * (number % len(PACES)))
        for number, who in enumerate(people(count))
    )


def _at_pace(step: Step, percent: int) -> Step:
    return replace(step, minutes=-(-step.minutes * percent // 100))


def tint(line: int, count: int) -> Ways:
    return by_everybody(
        count,
        Step(35, needs=(CHAIR,), line=line),
        Step(35, takes_staff=False, needs=(CHAIR,), line=line, number=1),
        Step(20, needs=(BASIN,), line=line, number=2),
        Step(5, takes_client=False, tidies=True, needs=(CHAIR,), line=line, number=3),
    )


def cut(line: int, count: int) -> Ways:
    return by_everybody(
        count,
        Step(10, needs=(BASIN,), line=line),
        Step(40, needs=(CHAIR,), line=line, number=1),
        Step(5, takes_client=False, tidies=True, needs=(CHAIR,), line=line, number=2),
    )


def beard(line: int, count: int) -> Ways:
    return by_everybody(count, Step(20, needs=(CHAIR,), line=line))
