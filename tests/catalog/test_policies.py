"""Phases, levels and paces of a service."""

from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.catalog.enums import Keep, PhaseKind, PhasePerformer
from tenant_apps.catalog.errors import PROBLEMS as PROBLEMS_IN_WORDS
from tenant_apps.catalog.policies.phases import (
    client_minutes,
    level_problems,
    minutes_at,
    minutes_of,
    option_problems,
    phase_problems,
    phases_at,
)
from tenant_apps.catalog.types import BUNDLE, BundlePart, LevelTerms, Need, NewOption, PhaseTerms

WORK, PROCESSING, CLEANUP = PhaseKind.WORK, PhaseKind.PROCESSING, PhaseKind.CLEANUP


def phase(kind: PhaseKind = WORK, minutes: int = 30, *needs: Need) -> PhaseTerms:
    return PhaseTerms(kind=kind, minutes=minutes, needs=needs)


CHAIR = Need(kinds=("chair",))
KEPT = Need(kinds=("chair", "desk"), keep=Keep.LINE)
KEPT_LONGER = Need(kinds=("desk", "chair"), keep=Keep.VISIT)
ANYBODY, NOBODY = PhasePerformer.ANY_QUALIFIED, PhasePerformer.NONE


def by(performer: PhasePerformer, **facts: Any) -> PhaseTerms:
    return PhaseTerms(**{"kind": WORK, "minutes": 30, "performer": performer, **facts})


PROBLEMS: dict[str, tuple[tuple[PhaseTerms, ...], dict[str, str]]] = {
    "one phase of work": ((phase(),), {}),
    "colour, with a gap": ((phase(), phase(PROCESSING), phase(), phase(CLEANUP)), {}),
    "nothing": ((), {"phases": "at_least_one"}),
    "begins with a gap": ((phase(PROCESSING), phase()), {"phases.0.kind": "begins_with_work"}),
    "begins with cleanup": ((phase(CLEANUP),), {"phases.0.kind": "begins_with_work"}),
    "ends with a gap": ((phase(), phase(PROCESSING)), {"phases.1.kind": "ends_with_processing"}),
    "a whole day": ((phase(minutes=1440),), {}),
    "more than a day": ((phase(minutes=1440), phase()), {"phases": "longer_than_a_day"}),
    "no time": ((phase(minutes=0),), {"phases.0.minutes": "whole_minutes"}),
    "the same kind twice": (
        (phase(WORK, 30, CHAIR, Need(kinds=("desk", "chair"))),),
        {"phases.0.needs": "needs_overlap"},
    ),
    "no kind": ((phase(WORK, 30, Need(kinds=())),), {"phases.0.needs": "needs_nothing"}),
    "no quantity": (
        (phase(WORK, 30, Need(kinds=("chair",), quantity=0)),),
        {"phases.0.needs": "needs_nothing"},
    ),
    "a colleague washes first": ((by(ANYBODY), phase()), {}),
    "everybody but the lead": ((by(ANYBODY), by(ANYBODY)), {"phases": "somebody_leads"}),
    "work by nobody": ((phase(), by(NOBODY)), {"phases.1.performer": "work_needs_somebody"}),
    "begins without the client": (
        (PhaseTerms(kind=WORK, minutes=5, client=False), phase()),
        {"phases.0.client": "begins_with_the_client"},
    ),
    "preparing behind the scenes": (
        (phase(), PhaseTerms(kind=WORK, minutes=5, client=False), phase()),
        {},
    ),
    "cleanup around the client": (
        (phase(), PhaseTerms(kind=CLEANUP, minutes=5, client=True)),
        {"phases.1.client": "cleanup_without_client"},
    ),
    "airing the cabin": ((phase(), by(NOBODY, kind=CLEANUP, needs=(CHAIR,))), {}),
    "airing nothing": (
        (phase(), by(NOBODY, kind=CLEANUP)),
        {"phases.1.performer": "takes_nothing"},
    ),
    "working in a gap": (
        (phase(), by(ANYBODY, kind=PROCESSING, gap_only_if_followed=True), phase()),
        {"phases.1.gap_only_if_followed": "only_for_gaps"},
    ),
    "a gap that is work": (
        (phase(), by(ANYBODY, gap_only_if_followed=True)),
        {"phases.1.gap_only_if_followed": "only_for_gaps"},
    ),
    "a gap when something follows": (
        (phase(), by(NOBODY, kind=PROCESSING, gap_only_if_followed=True), phase()),
        {},
    ),
    "one finish twice": (
        (phase(), by(ANYBODY, merge_key="dry"), phase(), by(ANYBODY, merge_key="dry")),
        {"phases.3.merge_key": "merge_key_twice"},
    ),
    "two finishes": ((phase(), by(ANYBODY, merge_key="wash"), by(ANYBODY, merge_key="dry")), {}),
    "kept in two ways": (
        (phase(WORK, 30, KEPT), phase(WORK, 30, KEPT_LONGER)),
        {"phases.1.needs.0.keep": "keep_differs"},
    ),
    "kept and not kept": ((phase(WORK, 30, KEPT), phase(WORK, 30, CHAIR)), {}),
    "several at once": (
        (phase(PROCESSING, 0), phase(PROCESSING)),
        {
            "phases.0.kind": "begins_with_work",
            "phases.0.minutes": "whole_minutes",
            "phases.1.kind": "ends_with_processing",
            "phases": "somebody_leads",
        },
    ),
}


@pytest.mark.parametrize(("phases", "problems"), PROBLEMS.values(), ids=PROBLEMS)
def test_phases_that_do_not_fit_are_named(
    phases: tuple[PhaseTerms, ...], problems: dict[str, str]
) -> None:
    assert phase_problems(phases) == problems
    assert set(problems.values()) <= set(PROBLEMS_IN_WORDS)


TEMPLATE = (phase(WORK, 25), phase(PROCESSING, 30), phase(WORK, 20), phase(CLEANUP, 5))
LEVELS: dict[str, tuple[LevelTerms, dict[str, str]]] = {
    "for nothing": (LevelTerms(price=0), {}),
    "at its own pace": (LevelTerms(price=1, phases=(20, 30, 15, 0)), {}),
    "without a gap": (LevelTerms(price=1, phases=(20, 0, 15, 0)), {}),
    "beyond all bounds, just not": (LevelTerms(price=10**9, percent=1000), {}),
    "at no pace, just not": (LevelTerms(price=1, percent=1), {}),
    "a negative price": (LevelTerms(price=-1), {"levels.stylist.price": "price_out_of_range"}),
    "beyond all price": (
        LevelTerms(price=10**9 + 1),
        {"levels.stylist.price": "price_out_of_range"},
    ),
    "no pace": (LevelTerms(price=1, percent=0), {"levels.stylist.percent": "percent_out_of_range"}),
    "snail’s pace": (
        LevelTerms(price=1, percent=1001),
        {"levels.stylist.percent": "percent_out_of_range"},
    ),
    "too few minutes": (
        LevelTerms(price=1, phases=(20, 30)),
        {"levels.stylist.phases": "one_for_each_phase"},
    ),
    "negative minutes": (
        LevelTerms(price=1, phases=(20, -1, 15, 0)),
        {"levels.stylist.phases.1": "zero_or_more"},
    ),
    "nothing but the gap": (
        LevelTerms(price=1, phases=(20, 30, 0, 0)),
        {"levels.stylist.phases": "rest_does_not_fit"},
    ),
    "nothing at all": (
        LevelTerms(price=1, phases=(0, 0, 0, 0)),
        {"levels.stylist.phases": "rest_does_not_fit"},
    ),
}


@pytest.mark.parametrize(("level", "problems"), LEVELS.values(), ids=LEVELS)
def test_levels_that_do_not_fit_are_named(level: LevelTerms, problems: dict[str, str]) -> None:
    assert level_problems(TEMPLATE, {"stylist": level}) == problems
    assert set(problems.values()) <= set(PROBLEMS_IN_WORDS)


def test_an_option_needs_a_price_for_a_level_that_exists() -> None:
    assert level_problems(TEMPLATE, {}) == {"levels": "at_least_one_price"}
    assert level_problems(TEMPLATE, {"king": LevelTerms(price=1)}) == {
        "levels.king": "no_such_level"
    }


PARTS = tuple(BundlePart(option_id=UUID(int=n), parallel_group=0) for n in (1, 2))
AT_ONE_PRICE = {BUNDLE: LevelTerms(price=7500)}


def in_groups(*groups: int) -> tuple[BundlePart, ...]:
    return tuple(
        BundlePart(option_id=UUID(int=place), parallel_group=group)
        for place, group in enumerate(groups)
    )


BUNDLES: dict[str, tuple[NewOption, dict[str, str]]] = {
    "two in parallel": (NewOption(parts=PARTS, levels=AT_ONE_PRICE), {}),
    "one after the other": (NewOption(parts=in_groups(0, 0, 1, 2), levels=AT_ONE_PRICE), {}),
    "one part": (NewOption(parts=PARTS[:1], levels=AT_ONE_PRICE), {"parts": "two_parts"}),
    "phases too": (
        NewOption(parts=PARTS, phases=TEMPLATE, levels=AT_ONE_PRICE),
        {"phases": "bundle_has_no_phases"},
    ),
    "a price by level": (
        NewOption(parts=PARTS, levels={"stylist": LevelTerms(price=1)}),
        {"levels": "bundle_has_one_price"},
    ),
    "a negative price": (
        NewOption(parts=PARTS, levels={BUNDLE: LevelTerms(price=-1)}),
        {"levels.bundle.price": "price_out_of_range"},
    ),
    "begins with group 1": (
        NewOption(parts=in_groups(1, 1), levels=AT_ONE_PRICE),
        {"parts.0.parallel_group": "groups_in_order"},
    ),
    "a gap": (
        NewOption(parts=in_groups(0, 2), levels=AT_ONE_PRICE),
        {"parts.1.parallel_group": "groups_in_order"},
    ),
    "backwards": (
        NewOption(parts=in_groups(0, 1, 0), levels=AT_ONE_PRICE),
        {"parts.2.parallel_group": "groups_in_order"},
    ),
    "phases first": (
        NewOption(phases=(), levels={}),
        {"phases": "at_least_one"},
    ),
    "then levels": (NewOption(phases=TEMPLATE, levels={}), {"levels": "at_least_one_price"}),
    "no bundle": (NewOption(phases=TEMPLATE, levels={"junior": LevelTerms(price=1)}), {}),
}


@pytest.mark.parametrize(("option", "problems"), BUNDLES.values(), ids=BUNDLES)
def test_options_and_bundles_that_do_not_fit_are_named(
    option: NewOption, problems: dict[str, str]
) -> None:
    assert option_problems(option) == problems
    assert set(problems.values()) <= set(PROBLEMS_IN_WORDS)


@pytest.mark.parametrize(
    ("kind", "performer", "client"),
    [
        (WORK, PhasePerformer.LEAD, True),
        (PROCESSING, PhasePerformer.NONE, True),
        (CLEANUP, PhasePerformer.LEAD, False),
    ],
)
def test_who_is_there_follows_from_the_kind_unless_it_is_said(
    kind: PhaseKind, performer: PhasePerformer, client: bool
) -> None:
    usual, said = phase(kind), by(ANYBODY, kind=kind, client=not client)

    assert (usual.performer, usual.client) == (performer, client)
    assert (usual.takes_staff, usual.takes_client) == (kind is not PROCESSING, client)
    assert (said.performer, said.client) == (ANYBODY, not client)
    assert said.takes_staff


# Minutes


@pytest.mark.parametrize(
    ("level", "facts", "expected"),
    [
        (LevelTerms(price=0), {}, (25, 30, 20, 5)),
        (LevelTerms(price=0, percent=125), {}, (32, 38, 25, 7)),
        (LevelTerms(price=0, percent=125), {"percent": 110}, (35, 42, 28, 7)),
        (LevelTerms(price=0, phases=(10, 0, 9, 1)), {}, (10, 0, 9, 1)),
        (LevelTerms(price=0, phases=(10, 0, 9, 1), percent=200), {}, (10, 0, 9, 1)),
        (LevelTerms(price=0, phases=(10, 0, 9, 1)), {"percent": 110}, (11, 0, 10, 2)),
        (LevelTerms(price=0, percent=125), {"own": {0: 60, 1: 0}}, (60, 0, 25, 7)),
        (LevelTerms(price=0), {"own": {3: 0}, "percent": 50}, (13, 15, 10, 0)),
    ],
)
def test_minutes_follow_level_and_client(
    level: LevelTerms, facts: dict[str, Any], expected: tuple[int, ...]
) -> None:
    assert minutes_of(TEMPLATE, level, **facts) == expected
    assert [phase.minutes for phase in phases_at(TEMPLATE, level, **facts)] == [
        minutes for minutes in expected if minutes
    ]


def test_a_phase_that_is_left_out_leaves_the_others_as_they_are() -> None:
    cut, _gap, finish, _cleanup = TEMPLATE
    level = LevelTerms(price=0, phases=(25, 0, 20, 0))

    assert phases_at(TEMPLATE, level) == (cut, finish)


def test_a_client_stays_until_the_cleanup() -> None:
    assert client_minutes(TEMPLATE, LevelTerms(price=0)) == 75
    assert client_minutes(TEMPLATE, LevelTerms(price=0, phases=(10, 0, 5, 60))) == 15


@given(
    st.lists(st.integers(1, 300), min_size=1, max_size=5),
    st.integers(1, 1000),
    st.integers(1, 1000),
)
def test_minutes_are_rounded_up_once_after_all_factors(
    minutes: list[int], percent: int, for_client: int
) -> None:
    level = LevelTerms(price=0, percent=percent)
    found = minutes_of([phase(WORK, count) for count in minutes], level, percent=for_client)

    for count, result in zip(minutes, found, strict=True):
        exact = Fraction(count * percent * for_client, 10_000)
        assert exact <= result < exact + 1


@pytest.mark.parametrize(
    ("minutes", "percent", "expected"),
    [(30, 100, 30), (30, 120, 36), (25, 110, 28), (10, 1, 1), (1, 0, 1), (45, 80, 36)],
)
def test_a_pace_gives_whole_minutes_rounded_up(minutes: int, percent: int, expected: int) -> None:
    assert minutes_at(minutes, percent) == expected


@given(st.integers(1, 1440), st.integers(1, 300))
def test_rounding_never_takes_time_away_nor_adds_a_minute(minutes: int, percent: int) -> None:
    exact = minutes * percent / 100

    assert exact <= minutes_at(minutes, percent) < exact + 1
