"""A month of starts for people who come together: what is known from one day is not searched for
on the next, and is offered only where it can be had."""

import random
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

import pytest

from tenant_apps.booking.policies.masks import Mask, span
from tenant_apps.booking.policies.party import MOST_OF_ONE_START, Party, place_party
from tenant_apps.booking.policies.party_fitting import PartyFitting
from tenant_apps.booking.policies.visit import Free, Step, UnitNeed, Visit, Way
from tests.booking.plain import in_turn

MONTH, SALON_DAY = 31, 24 * 60
STYLISTS = [UUID(int=300 + number) for number in range(9)]
DOUBLES = [UUID(int=400 + number) for number in range(4)]
OPEN = [
    sum(1 << minute for minute in range(day * SALON_DAY + 540, day * SALON_DAY + 1020, 15))
    for day in range(MONTH)
]


def of_two_lines(slower: int = 0, patience: int = 0) -> Visit:
    """``slower``: by how many minutes every other one of them works."""
    cabin = (UnitNeed(tuple(DOUBLES), keep="line"),)
    massage = (Step(40, needs=cabin), Step(10, takes_client=False, tidies=True, needs=cabin))
    facial = (
        Step(25, needs=cabin, line=1),
        Step(20, takes_staff=False, needs=cabin, line=1, number=1),
        Step(15, needs=cabin, line=1, number=2),
    )

    def by_slow_ones(steps: tuple[Step, ...]) -> tuple[Step, ...]:
        return (replace(steps[0], minutes=steps[0].minutes + slower), *steps[1:])

    ways = [
        [Way(who, slow if number % 2 and slower else steps) for number, who in enumerate(STYLISTS)]
        for steps in (massage, facial)
        for slow in [by_slow_ones(steps)]
    ]
    return replace(in_turn(ways), patience=patience, memo={})


def month_of_work(absent: Mapping[int, int]) -> Free:
    """``absent``: on which days how many of them are not there."""
    staff = dict.fromkeys(STYLISTS, 0)
    for day in range(MONTH):
        for who in STYLISTS[absent.get(day, 0) :]:
            staff[who] |= span(day * SALON_DAY + 540, day * SALON_DAY + 1020)
    always = span(0, (MONTH + 1) * SALON_DAY)
    return Free(staff, dict.fromkeys(DOUBLES, always), always)


@pytest.mark.parametrize("people", [2, 3, 4, 6])
def test_a_month_in_an_empty_salon_is_found_out_at_one_start(people: int) -> None:
    free = month_of_work({})
    places = dict.fromkeys(DOUBLES, 2)
    fitting = PartyFitting(Party((of_two_lines(),) * people, (free,) * people, places))

    fits = [fitting.fit(day) for day in OPEN]

    assert {len(fit.starts) for fit in fits} == {26}
    assert all(fit.is_whole for fit in fits)
    assert sum(fit.steps for fit in fits) <= MOST_OF_ONE_START


def test_what_was_found_on_one_day_is_offered_on_others_only_where_it_can_be_had() -> None:
    """Three are away on the second day, so that others do it, and four on the third."""
    free = month_of_work({1: 3, 2: 4})
    places = dict.fromkeys(DOUBLES, 2)
    party = Party((of_two_lines(),) * 6, (free,) * 6, places)
    fitting = PartyFitting(party)

    fits = [fitting.fit(day) for day in OPEN[:4]]

    assert [len(fit.starts) for fit in fits] == [26, 26, 0, 26]
    (minute, leads), *_rest = fits[1].starts
    assert not {who for visit in leads for who in visit} & set(STYLISTS[:3])
    assert place_party(party, minute, preference={})


def some_of(dice: random.Random, share: float) -> Mask:
    """Three days of work, of which something is taken."""
    mask = 0
    for day in range(3):
        mask |= span(day * SALON_DAY + 540, day * SALON_DAY + 1020)
        for at in range(540, 1020, 20):
            if dice.random() < share:
                first = day * SALON_DAY + at
                mask &= ~span(first, first + dice.choice([5, 15, 25]))
    return mask


def busy_days(dice: random.Random) -> Free:
    team, share = STYLISTS[: dice.choice([3, 4])], dice.choice([0.05, 0.15, 0.25])
    lunch = [(span(day * SALON_DAY + 600, day * SALON_DAY + 690), 30) for day in range(3)]
    return Free(
        staff={who: some_of(dice, share) for who in team},
        units={cabin: some_of(dice, share) for cabin in DOUBLES},
        client=some_of(dice, 0.05),
        floating=dict.fromkeys(team[:2], lunch) if dice.random() < 0.5 else {},
        sold={1: some_of(dice, 0.05)} if dice.random() < 0.5 else {},
    )


@pytest.mark.parametrize("seed", range(40))
def test_what_is_known_from_other_starts_is_what_is_found_at_each(seed: int) -> None:
    """Whoever books has nothing but that start to go by."""
    dice = random.Random(seed)
    free = busy_days(dice)
    slower, patience = dice.choice([0, 0, 10]), dice.choice([0, 30])
    visits = [of_two_lines(slower, patience) for _person in range(2)]
    others = replace(free, client=some_of(dice, 0.05))
    party = Party(tuple(visits), (free, others), dict.fromkeys(DOUBLES[:2], 2))
    fitting = PartyFitting(party)

    for day in range(3):
        first = day * SALON_DAY + 540
        minutes = range(first, first + 480, 10)
        fit = fitting.fit(sum(1 << minute for minute in minutes))
        possible = [at for at in minutes if place_party(party, at, preference={})]
        assert [minute for minute, _leads in fit.starts] == possible


def test_those_who_may_wait_are_not_refused_for_want_of_people_at_once() -> None:
    """Whoever does the second line of both has time ten minutes after the first one ends."""
    first, second = STYLISTS[:2], STYLISTS[2:4]
    massage, facial = (Step(40),), (Step(20, line=1),)
    visit = in_turn([[Way(who, massage) for who in first], [Way(who, facial) for who in second]])
    later = dict.fromkeys(second, span(50, 200))
    free = Free(dict.fromkeys(first, span(0, 200)) | later, {}, span(0, 200))

    def starts(patience: int) -> list[int]:
        patient = replace(visit, patience=patience, memo={})
        fit = PartyFitting(Party((patient, patient), (free, free), {})).fit(span(0, 6))
        return [minute for minute, _leads in fit.starts]

    assert starts(0) == []
    assert starts(10) == [0, 1, 2, 3, 4, 5]
