"""A month's starts for people who come together: no database, no HTTP, one answer each."""

import random
from collections.abc import Sequence
from time import process_time
from uuid import UUID

from tenant_apps.booking.policies.masks import Mask, span
from tenant_apps.booking.policies.party import Party
from tenant_apps.booking.policies.party_fitting import MOST_OF_A_DAY, MOST_STEPS, PartyFitting
from tenant_apps.booking.policies.visit import Free, Step, UnitNeed, Way
from tests.benchmarks.figures import Figure
from tests.benchmarks.system import System
from tests.booking.plain import in_turn

SEED, DAY, DAYS = 3, 24 * 60, 31
OPENS, CLOSES = 9 * 60, 17 * 60
STYLISTS = tuple(UUID(int=number) for number in range(1, 10))
DOUBLES = tuple(UUID(int=number) for number in range(51, 55))
CABIN = (UnitNeed(DOUBLES, keep="line"),)
MASSAGE = (Step(40, needs=CABIN), Step(10, takes_client=False, tidies=True, needs=CABIN, number=1))
FACIAL = (
    Step(25, needs=CABIN, line=1),
    Step(20, takes_staff=False, needs=CABIN, line=1, number=1),
    Step(15, needs=CABIN, line=1, number=2),
)
PARTIES = ((2, 1), (2, 2), (3, 2), (4, 2), (6, 1), (6, 2))
LIMIT_MS = 300


def measure(system: System) -> list[Figure]:
    """``system`` is not asked anything. A stranger may have only so much worked out."""
    return [
        figure
        for share, name in ((0.0, "an empty salon"), (0.25, "a quarter taken"), (0.5, "half taken"))
        for free in [salon(share)]
        for people, lines in PARTIES
        for figure in month(f"{people} people, {lines} lines, {name}", people, lines, free)
    ]


def month(name: str, people: int, lines: int, free: Free) -> list[Figure]:
    visit = in_turn([[Way(who, steps) for who in STYLISTS] for steps in (MASSAGE, FACIAL)[:lines]])
    party = Party((visit,) * people, (free,) * people, dict.fromkeys(DOUBLES, 2))
    before = process_time()
    days, starts = answer(PartyFitting(party))
    spent = round(1000 * (process_time() - before), 1)
    return [
        Figure(f"{name}: CPU", spent, "ms", at_most=LIMIT_MS),
        Figure(f"{name}: days of {DAYS} in one answer", days),
        Figure(f"{name}: starts", starts),
    ]


def answer(fitting: PartyFitting) -> tuple[int, int]:
    """How many days fit into one, and with how many starts."""
    steps = starts = 0
    for day in range(DAYS):
        grid = sum(1 << day * DAY + minute for minute in range(OPENS, CLOSES, 15))
        left = min(MOST_OF_A_DAY, MOST_STEPS - steps) if day else MOST_OF_A_DAY
        fit = fitting.fit(grid, left)
        steps += fit.steps
        if not fit.is_whole:
            return day, starts
        starts += len(fit.starts)
    return DAYS, starts


def salon(share: float) -> Free:
    """So much of everybody's and every cabin's day is taken, a visit at a time."""
    dice = random.Random(SEED)
    always = span(0, (DAYS + 1) * DAY)
    return Free(
        staff={who: _free(dice, share) for who in STYLISTS},
        units={unit: always & ~(_opened() & ~_free(dice, share)) for unit in DOUBLES},
        client=always,
    )


def _opened() -> Mask:
    return sum(span(day * DAY + OPENS, day * DAY + CLOSES) for day in range(DAYS))


def _free(dice: random.Random, share: float) -> Mask:
    mask = _opened()
    for first, end in _slots(dice):
        if dice.random() < share:
            mask &= ~span(first, end)
    return mask


def _slots(dice: random.Random) -> Sequence[tuple[int, int]]:
    found = []
    for day in range(DAYS):
        at = day * DAY + OPENS
        while at < day * DAY + CLOSES:
            length = dice.choice([30, 45, 60, 90])
            found.append((at, at + length))
            at += length
    return found
