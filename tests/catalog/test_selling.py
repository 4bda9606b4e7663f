"""To whom and when an option is sold, what a bundle's parts cost, a salon's own fields."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.catalog.enums import FieldKind
from tenant_apps.catalog.errors import PROBLEMS
from tenant_apps.catalog.policies.fields import field_problems, filled_in, value_problems
from tenant_apps.catalog.policies.prices import bundle_shares, lowest_price, shared_out
from tenant_apps.catalog.policies.sale import (
    horizon_of,
    limit_problems,
    notice_of,
    sold_between,
)
from tenant_apps.catalog.types import BUNDLE, BundlePart, FieldTerms, LevelTerms
from tests.catalog.test_visits import option

# Limits


@pytest.mark.parametrize(
    ("facts", "spans"),
    [
        ({}, [(0, 1440)] * 7),
        ({"weekdays": frozenset({0, 6})}, [(0, 1440), *[None] * 5, (0, 1440)]),
        ({"from_minute": 540}, [(540, 1440)] * 7),
        ({"until_minute": 720}, [(0, 720)] * 7),
        ({"from_minute": 0, "until_minute": 1}, [(0, 1)] * 7),
        ({"weekdays": frozenset({1}), "from_minute": 540}, [None, (540, 1440), *[None] * 5]),
    ],
)
def test_a_line_begins_on_the_weekdays_and_in_the_minutes_it_is_sold_in(
    facts: dict[str, Any], spans: list[tuple[int, int] | None]
) -> None:
    assert [sold_between(option(**facts), weekday) for weekday in range(7)] == spans


def test_notice_and_horizon_of_its_own_take_the_place_of_the_salons() -> None:
    assert (notice_of(option(), 60), horizon_of(option(), 180)) == (60, 180)
    none_at_all = option(notice_minutes=0, horizon_days=0)
    assert (notice_of(none_at_all, 60), horizon_of(none_at_all, 180)) == (0, 0)
    longer = option(notice_minutes=1440, horizon_days=365)
    assert (notice_of(longer, 60), horizon_of(longer, 180)) == (1440, 365)


@pytest.mark.parametrize(
    ("weekdays", "from_minute", "until_minute", "problems"),
    [
        (None, None, None, {}),
        ([0, 6], 0, 1440, {}),
        ([], None, None, {"weekdays": "never_sold"}),
        ([7], None, None, {"weekdays": "no_such_weekday"}),
        ([-1], None, None, {"weekdays": "no_such_weekday"}),
        (None, 1440, None, {"from_minute": "not_in_a_day"}),
        (None, -1, None, {"from_minute": "not_in_a_day"}),
        (None, 600, 600, {"until_minute": "ends_before_it_begins"}),
        (None, None, 0, {"until_minute": "ends_before_it_begins"}),
        (None, None, 1441, {"until_minute": "ends_before_it_begins"}),
    ],
)
def test_limits_that_cannot_be_met_are_named(
    weekdays: list[int] | None,
    from_minute: int | None,
    until_minute: int | None,
    problems: dict[str, str],
) -> None:
    found = limit_problems(weekdays=weekdays, from_minute=from_minute, until_minute=until_minute)

    assert dict(found) == problems
    assert set(problems.values()) <= set(PROBLEMS)


# Prices


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (7500, [3800, 4200], (3563, 3937)),
        (7000, [3800, 4200], (3325, 3675)),
        (7001, [3800, 4200], (3325, 3676)),
        (100, [1, 1, 1], (34, 33, 33)),
        (2, [1, 1, 1], (1, 1, 0)),
        (5, [0, 0], (3, 2)),
        (5, [0, 7], (0, 5)),
        (0, [4, 5], (0, 0)),
        (9, [], ()),
    ],
)
def test_a_total_is_shared_out_to_the_last_minor_unit(
    total: int, weights: list[int], shares: tuple[int, ...]
) -> None:
    assert shared_out(total, weights) == shares


WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=9)


@given(st.integers(0, 10**8), WEIGHTS)
def test_shares_add_up_and_none_is_a_whole_unit_off(total: int, weights: list[int]) -> None:
    shares = shared_out(total, weights)

    assert sum(shares) == total
    whole = sum(weights)
    for share, weight in zip(shares, weights, strict=True):
        exact = Fraction(total * weight, whole) if whole else Fraction(total, len(weights))
        assert abs(share - exact) < 1


@given(st.integers(0, 10**8), WEIGHTS)
def test_who_weighs_more_never_pays_less(total: int, weights: list[int]) -> None:
    shares = sorted(zip(weights, shared_out(total, weights), strict=True), key=lambda it: it[0])

    for (lighter, less), (heavier, more) in pairwise(shares):
        assert lighter == heavier or less <= more


LEVELS = {
    "junior": LevelTerms(price=3000),
    "stylist": LevelTerms(price=4000),
    "director": LevelTerms(price=6000),
}


def test_the_lowest_price_is_that_of_the_levels_that_are_there() -> None:
    assert lowest_price(LEVELS) == 3000
    assert lowest_price(LEVELS, {"stylist", "director"}) == 4000
    assert lowest_price(LEVELS, {"director", "king"}) == 6000
    assert lowest_price(LEVELS, set()) == 3000


def test_a_bundles_price_is_shared_out_by_what_its_parts_cost_at_least() -> None:
    parts = tuple(BundlePart(option_id=UUID(int=n)) for n in (1, 2))
    bundle = option(phases=(), parts=parts, levels={BUNDLE: LevelTerms(price=7000)})
    dear, cheap = option(levels=LEVELS), option(levels={"stylist": LevelTerms(price=500)})

    assert bundle_shares(bundle, [dear, cheap]) == (6000, 1000)


# A salon's own fields


def field(kind: FieldKind, *, required: bool = False, choices: tuple[str, ...] = ()) -> FieldTerms:
    return FieldTerms(key=kind, kind=kind, label=kind, required=required, choices=choices)


FIELDS = [
    field(FieldKind.TEXT),
    field(FieldKind.NUMBER),
    field(FieldKind.BOOLEAN),
    field(FieldKind.DATE),
    field(FieldKind.CHOICE, choices=("small", "large")),
]
GOOD: dict[str, list[Any]] = {
    "text": ["x", "x" * 400],
    "number": [0, -1, 2.5, 10**12],
    "boolean": [True, False],
    "date": ["2026-12-24", "2028-02-29"],
    "choice": ["small"],
}
BAD: dict[str, list[Any]] = {
    "text": [" ", "x" * 401, 1, ["x"]],
    "number": ["1", True, float("inf"), float("nan"), 10**12 + 1, -(10**12) - 1],
    "boolean": [0, "true"],
    "date": ["24.12.2026", "2026-02-29", "20261224", 20261224, "2026-12-24T10:00", ["2026-12-24"]],
    "choice": ["medium", 1, ["small"]],
}


@pytest.mark.parametrize(
    ("key", "value"), [(key, value) for key, values in GOOD.items() for value in values]
)
def test_a_value_of_the_right_kind_is_taken(key: str, value: Any) -> None:
    assert value_problems(FIELDS, {key: value}) == {}


@pytest.mark.parametrize(
    ("key", "value"), [(key, value) for key, values in BAD.items() for value in values]
)
def test_a_value_of_another_kind_is_named(key: str, value: Any) -> None:
    assert value_problems(FIELDS, {key: value}) == {key: f"not_a_{key}"}
    assert f"not_a_{key}" in PROBLEMS


def test_what_comes_along_for_an_archived_field_is_let_be() -> None:
    gone = replace(field(FieldKind.NUMBER, required=True), is_archived=True)

    assert value_problems([gone], {}) == {}
    assert value_problems([gone], {"number": "not one"}) == {}


def test_required_fields_and_unknown_ones_are_named() -> None:
    fields = [field(FieldKind.TEXT, required=True), field(FieldKind.BOOLEAN, required=True)]

    assert value_problems(fields, {"text": "", "boolean": False, "colour": "red"}) == {
        "text": "required",
        "colour": "no_such_field",
    }
    assert filled_in({"text": "", "number": 0, "boolean": False, "date": None}) == {
        "number": 0,
        "boolean": False,
    }


@pytest.mark.parametrize(
    ("kind", "label", "choices", "problems"),
    [
        (FieldKind.TEXT, "Label", [], {}),
        (FieldKind.CHOICE, "Label", ["a", "b"], {}),
        (FieldKind.TEXT, " ", ["a"], {"label": "no_name", "choices": "only_for_choices"}),
        (FieldKind.CHOICE, "Label", ["a"], {"choices": "two_choices"}),
        (FieldKind.CHOICE, "Label", ["a", "a"], {"choices": "choices_differ"}),
        (FieldKind.CHOICE, "Label", ["a", " "], {"choices": "choices_differ"}),
    ],
)
def test_a_field_that_asks_for_nothing_sensible_is_named(
    kind: FieldKind, label: str, choices: list[str], problems: dict[str, str]
) -> None:
    assert field_problems(kind=kind, label=label, choices=choices) == problems
    assert set(problems.values()) <= set(PROBLEMS)
