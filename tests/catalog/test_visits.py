"""How services of one visit go together: bundles, add-ons, order, shared finishing."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.catalog.enums import AddonPlace, PhaseKind, PhasePerformer
from tenant_apps.catalog.errors import PROBLEMS
from tenant_apps.catalog.policies.phases import phase_problems, phases_at
from tenant_apps.catalog.policies.visit import (
    Arranged,
    addon_problems,
    arranged,
    bundle_minutes,
    merged,
    order_problems,
    unbundled,
)
from tenant_apps.catalog.types import (
    BundlePart,
    LevelTerms,
    OptionTerms,
    PhaseTerms,
    VisitLine,
)

WORK, PROCESSING, CLEANUP = PhaseKind.WORK, PhaseKind.PROCESSING, PhaseKind.CLEANUP
BEFORE, AFTER, DURING = AddonPlace.BEFORE, AddonPlace.AFTER, AddonPlace.DURING
COLOUR, CUT, NAILS = UUID(int=1), UUID(int=2), UUID(int=3)


def work(minutes: int = 30, key: str = "") -> PhaseTerms:
    return PhaseTerms(kind=WORK, minutes=minutes, merge_key=key)


def gap(minutes: int) -> PhaseTerms:
    return PhaseTerms(kind=PROCESSING, minutes=minutes)


def kept(minutes: int = 30) -> PhaseTerms:
    """A gap that is only one when something follows."""
    return PhaseTerms(kind=PROCESSING, minutes=minutes, gap_only_if_followed=True)


def cleanup(minutes: int = 5) -> PhaseTerms:
    return PhaseTerms(kind=CLEANUP, minutes=minutes)


def option(*phases: PhaseTerms, service: UUID = CUT, **facts: Any) -> OptionTerms:
    usual: dict[str, Any] = {
        "option_id": UUID(int=100 + service.int),
        "service_id": service,
        "category_id": UUID(int=9),
        "service_name": "",
        "option_name": "",
        "price_kind": "fixed",
        "currency": "EUR",
        "tax_category": "service",
        "is_online": True,
        "phases": phases or (work(),),
        "levels": {"stylist": LevelTerms(price=4200)},
    }
    return OptionTerms(**usual | facts)


def line(terms: OptionTerms, group: int = 0, parent: int | None = None) -> VisitLine:
    return VisitLine(terms=terms, parallel_group=group, parent=parent)


def one_after_another(*options: OptionTerms) -> list[VisitLine]:
    return [line(terms, place) for place, terms in enumerate(options)]


# Bundles


def test_a_bundle_becomes_its_parts_in_their_groups() -> None:
    manicure, pedicure, polish = (option(service=UUID(int=n)) for n in (11, 12, 13))
    parts = tuple(
        BundlePart(option_id=part.option_id, parallel_group=group)
        for part, group in ((manicure, 0), (pedicure, 0), (polish, 1))
    )
    known = {part.option_id: part for part in (manicure, pedicure, polish)}

    assert unbundled(parts, known, first_group=4) == (
        line(manicure, 4),
        line(pedicure, 4),
        line(polish, 5),
    )
    assert [found.parallel_group for found in unbundled(parts, known)] == [0, 0, 1]


def test_a_client_stays_for_a_bundle_as_long_as_the_longest_part_of_each_group() -> None:
    manicure = option(work(60), cleanup(), service=UUID(int=11))
    pedicure = option(work(30), gap(10), work(10), cleanup(10), service=UUID(int=12))
    polish = option(work(15), service=UUID(int=13))
    known = {part.option_id: part for part in (manicure, pedicure, polish)}
    side_by_side, then = (
        [BundlePart(option_id=part.option_id, parallel_group=group) for part, group in found]
        for found in (
            [(manicure, 0), (pedicure, 0), (polish, 1)],
            [(manicure, 0), (pedicure, 1), (polish, 2)],
        )
    )

    assert bundle_minutes(side_by_side, known) == 75
    assert bundle_minutes(then, known) == 125


# Add-ons


TREATMENT = option(service=UUID(int=21), addon_place=DURING, addon_of=frozenset({COLOUR}))
FRINGE = option(service=UUID(int=22), addon_place=AFTER)
MASSAGE = option(service=UUID(int=23), addon_place=BEFORE, sold_alone=False)
BASE, TRIM = option(service=COLOUR), option(service=CUT)
ADDONS: dict[str, tuple[list[VisitLine], dict[int, str]]] = {
    "under its service": ([line(BASE), line(TREATMENT, 0, 0)], {}),
    "named before its service": ([line(TREATMENT, 0, 1), line(BASE)], {}),
    "under any service": ([line(TRIM), line(FRINGE, 0, 0)], {}),
    "alone": ([line(FRINGE)], {}),
    "under the wrong service": (
        [line(TRIM), line(TREATMENT, 0, 0)],
        {1: "not_with_this"},
    ),
    "never alone": ([line(MASSAGE)], {0: "needs_a_service"}),
    "no add-on": ([line(BASE), line(TRIM, 0, 0)], {1: "not_an_addon"}),
    "under nothing": ([line(BASE), line(FRINGE, 0, 2)], {1: "no_such_line"}),
    "under a negative place": ([line(BASE), line(FRINGE, 0, -1)], {1: "no_such_line"}),
    "under itself": ([line(FRINGE, 0, 0)], {0: "no_such_line"}),
    "under an add-on": (
        [line(BASE), line(FRINGE, 0, 0), line(MASSAGE, 0, 1)],
        {2: "no_such_line"},
    ),
}


@pytest.mark.parametrize(("lines", "problems"), ADDONS.values(), ids=ADDONS)
def test_add_ons_in_the_wrong_place_are_named(
    lines: list[VisitLine], problems: dict[int, str]
) -> None:
    assert addon_problems(lines) == problems
    assert set(problems.values()) <= set(PROBLEMS)


def test_add_ons_go_around_and_into_the_service_they_belong_to() -> None:
    lines = [
        line(BASE, 0),
        line(TRIM, 7),
        line(FRINGE, 0, 0),
        line(MASSAGE, 0, 0),
        line(TREATMENT, 0, 0),
        line(MASSAGE, 0, 1),
    ]

    assert arranged(lines) == Arranged(groups=((3,), (0,), (2,), (5,), (1,)), during={0: (4,)})


def test_lines_of_a_group_begin_together_with_their_add_ons_around_all_of_them() -> None:
    lines = [line(BASE, 1), line(TRIM, 1), line(TRIM, 0), line(FRINGE, 0, 0), line(MASSAGE, 0, 1)]

    assert arranged(lines).groups == ((2,), (4,), (0, 1), (3,))


LINES = st.lists(
    st.builds(
        VisitLine,
        terms=st.sampled_from([BASE, TRIM, TREATMENT, FRINGE, MASSAGE]),
        parallel_group=st.integers(0, 3),
        parent=st.none() | st.integers(0, 5),
    ),
    max_size=6,
).filter(lambda lines: not addon_problems(lines))


@given(LINES)
def test_every_line_has_exactly_one_place(lines: list[VisitLine]) -> None:
    found = arranged(lines)
    places = [place for group in found.groups for place in group]
    places += [place for inside in found.during.values() for place in inside]

    assert sorted(places) == list(range(len(lines)))


# Order


def ranked(*sequences: int | None) -> list[VisitLine]:
    return one_after_another(*(option(sequence=sequence) for sequence in sequences))


@pytest.mark.parametrize(
    ("sequences", "late"),
    [
        ((10, 20), []),
        ((20, 10), [1]),
        ((10, 10, 20, 20), []),
        ((None, 20, None, 10, None), [3]),
        ((20, 10, 15, 30), [1, 2]),
        ((None, None), []),
        ((0, None, 0), []),
        ((), []),
    ],
)
def test_lines_come_in_the_order_of_their_sequence(
    sequences: tuple[int | None, ...], late: list[int]
) -> None:
    assert order_problems(ranked(*sequences)) == dict.fromkeys(late, "wrong_order")


def test_in_parallel_there_is_no_order() -> None:
    colour, cut = option(sequence=10), option(sequence=20)

    assert order_problems([line(cut, 0), line(colour, 0)]) == {}
    assert order_problems([line(cut, 0), line(colour, 0), line(colour, 1)]) == {2: "wrong_order"}


@given(st.lists(st.none() | st.integers(0, 4), max_size=6))
def test_an_order_is_right_when_no_line_follows_one_of_a_higher_rank(
    sequences: list[int | None],
) -> None:
    ranks = [rank for rank in sequences if rank is not None]

    assert bool(order_problems(ranked(*sequences))) == (ranks != sorted(ranks))


# Shared finishing


def minutes(terms: OptionTerms) -> list[int]:
    return [phase.minutes for phase in terms.phases]


def test_colour_and_cut_share_one_blow_dry_as_long_as_the_longer_one() -> None:
    colour = option(work(35), gap(35), work(25, "dry"), cleanup(), service=COLOUR)
    cut = option(work(40), work(20, "dry"), cleanup())

    assert [minutes(found) for found in merged(one_after_another(colour, cut))] == [
        [35, 35, 5],
        [40, 25, 5],
    ]
    assert [minutes(found) for found in merged(one_after_another(cut, colour))] == [
        [40, 5],
        [35, 35, 25, 5],
    ]


def test_whoever_goes_on_finishes_what_ends_with_processing() -> None:
    colour = option(work(35), gap(35), work(25, "dry"), service=COLOUR)
    cut = option(work(40), work(30, "dry"))

    assert [minutes(found) for found in merged(one_after_another(colour, cut))] == [
        [35, 35],
        [40, 30],
    ]


def test_a_service_that_is_all_finish_keeps_it() -> None:
    dry = option(work(30, "dry"), cleanup(), service=NAILS)
    cut = option(work(40), work(20, "dry"), cleanup())

    assert [minutes(found) for found in merged(one_after_another(dry, cut))] == [
        [30, 5],
        [40, 20, 5],
    ]
    assert [minutes(found) for found in merged(one_after_another(cut, dry))] == [
        [40, 5],
        [30, 5],
    ]


def test_a_level_that_does_nothing_else_keeps_the_finish_on_the_line() -> None:
    own = {"stylist": LevelTerms(price=1), "junior": LevelTerms(price=1, phases=(0, 20))}
    first = option(work(35), work(25, "dry"), levels=own)
    second = option(work(40), work(20, "dry"))

    assert [minutes(found) for found in merged(one_after_another(first, second))] == [
        [35, 25],
        [40, 20],
    ]


def test_each_finish_is_shared_by_itself() -> None:
    first = option(work(10), work(8, "wash"), work(20, "dry"))
    second = option(work(15), work(6, "wash"))
    third = option(work(20), work(30, "dry"))

    assert [minutes(found) for found in merged(one_after_another(first, second, third))] == [
        [10],
        [15, 8],
        [20, 30],
    ]


def test_lines_in_parallel_keep_their_finish_and_give_it_to_a_later_one() -> None:
    one, two = option(work(10), work(20, "dry")), option(work(15), work(30, "dry"))
    last = option(work(5), work(10, "dry"))

    assert [minutes(found) for found in merged([line(one, 0), line(two, 0)])] == [
        [10, 20],
        [15, 30],
    ]
    assert [minutes(found) for found in merged([line(one, 0), line(two, 0), line(last, 1)])] == [
        [10],
        [15],
        [5, 30],
    ]


def test_an_add_on_in_a_gap_keeps_its_finish() -> None:
    colour = option(work(35), gap(35), work(25), service=COLOUR)
    inside = option(work(10), work(5, "dry"), service=UUID(int=21), addon_place=DURING)
    cut = option(work(40), work(20, "dry"))
    lines = [line(colour, 0), line(inside, 0, 0), line(cut, 1)]

    assert [minutes(found) for found in merged(lines)] == [[35, 35, 25], [10, 5], [40, 20]]


def test_a_levels_own_minutes_follow_the_shared_finish() -> None:
    own = {
        "stylist": LevelTerms(price=1, phases=(30, 20)),
        "junior": LevelTerms(price=1, percent=150, phases=(30, 20)),
        "senior": LevelTerms(price=1, phases=(30, 0)),
    }
    first = option(work(35), work(25, "dry"), levels=own)
    second = option(work(40), work(20, "dry"), levels=own)

    without, longer = merged(one_after_another(first, second))

    assert {level: terms.phases for level, terms in without.levels.items()} == {
        "stylist": (30,),
        "junior": (30,),
        "senior": (30,),
    }
    assert {level: terms.phases for level, terms in longer.levels.items()} == {
        "stylist": (30, 25),
        "junior": (30, 38),
        "senior": (30, 0),
    }


PHASES = st.lists(
    st.builds(
        PhaseTerms,
        kind=st.sampled_from(PhaseKind),
        minutes=st.integers(1, 60),
        merge_key=st.sampled_from(["", "", "wash", "dry"]),
    ),
    min_size=1,
    max_size=5,
).filter(lambda phases: not phase_problems(phases))


@given(st.lists(st.tuples(PHASES, st.integers(0, 3)), max_size=5))
def test_sharing_never_costs_time_and_leaves_services_that_are_sound(
    asked: list[tuple[list[PhaseTerms], int]],
) -> None:
    lines = [line(option(*phases), group) for phases, group in asked]

    found = merged(lines)

    before = sum(sum(minutes(line.terms)) for line in lines)
    assert sum(sum(minutes(terms)) for terms in found) <= before
    for terms in found:
        assert set(phase_problems(terms.phases).values()) <= {"ends_with_processing"}
        assert phases_at(terms.phases, terms.levels["stylist"]) == terms.phases
    for key in ("wash", "dry"):
        longest = [phase.minutes for entry in lines for phase in entry.terms.phases
                   if phase.merge_key == key]  # fmt: skip
        kept = [phase.minutes for terms in found for phase in terms.phases
                if phase.merge_key == key]  # fmt: skip
        assert max(kept, default=0) == max(longest, default=0)


@given(st.lists(PHASES, max_size=4), st.lists(st.sampled_from(["wash", "dry"]), max_size=4))
def test_a_finish_that_could_go_stays_on_the_last_line_only(
    asked: list[list[PhaseTerms]], keys: list[str]
) -> None:
    plain = [[replace(phase, merge_key="") for phase in phases] for phases in asked]
    lines = one_after_another(
        *(option(work(), *phases[:-1], work(20, key))
          for phases, key in zip(plain, keys, strict=False)
          if not phase_problems([work(), *phases[:-1]]))
    )  # fmt: skip

    found = merged(lines)

    for key in ("wash", "dry"):
        having = [place for place, terms in enumerate(found)
                  if any(phase.merge_key == key for phase in terms.phases)]  # fmt: skip
        asking = [place for place, entry in enumerate(lines)
                  if any(phase.merge_key == key for phase in entry.terms.phases)]  # fmt: skip
        assert having == asking[-1:]


# Gaps that are only sold when something follows


def watched(lines: list[VisitLine]) -> list[list[bool]]:
    """Of each line: which of its gaps somebody stays with."""
    return [
        [phase.takes_staff for phase in terms.phases if phase.kind is PROCESSING]
        for terms in merged(lines)
    ]


MASK = option(work(20), kept(), cleanup(), service=COLOUR)


def test_a_gap_is_sold_when_another_line_follows_and_kept_when_none_does() -> None:
    assert watched([line(MASK)]) == [[True]]
    assert watched(one_after_another(MASK, option())) == [[False], []]
    assert watched(one_after_another(option(), MASK)) == [[], [True]]


def test_whoever_does_the_service_is_the_one_who_stays() -> None:
    (alone,) = merged([line(MASK)])

    assert [phase.performer for phase in alone.phases] == [PhasePerformer.LEAD] * 3
    assert [phase.minutes for phase in alone.phases] == [20, 30, 5]


def test_a_gap_is_sold_when_the_same_line_goes_on_with_the_client() -> None:
    rinsed = option(work(20), kept(), work(10), kept(15), cleanup())
    mixed = option(work(20), kept(), replace(work(10), client=False))

    assert watched([line(rinsed)]) == [[False, True]]
    assert watched([line(mixed)]) == [[True]]


def test_a_gap_is_kept_when_some_level_leaves_out_what_follows() -> None:
    own = {"stylist": LevelTerms(price=1), "junior": LevelTerms(price=1, phases=(20, 30, 0, 5))}

    assert watched([line(option(work(20), kept(), work(10), cleanup(), levels=own))]) == [[True]]


def test_a_finish_that_goes_to_a_later_line_follows_there() -> None:
    colour = option(work(35), kept(), work(25, "dry"), service=COLOUR)

    assert watched([line(colour)]) == [[False]]
    assert watched(one_after_another(colour, option(work(40), work(20, "dry")))) == [[False], []]


def test_lines_side_by_side_do_not_follow_each_other() -> None:
    assert watched([line(MASK, 0), line(option(), 0)]) == [[True], []]
    assert watched([line(MASK, 0), line(option(), 0), line(option(), 1)]) == [[False], [], []]


def test_an_add_on_follows_only_when_it_comes_after_the_same_line() -> None:
    assert watched([line(MASK), line(FRINGE, 0, 0)]) == [[False], []]
    assert watched([line(MASK), line(MASSAGE, 0, 0)]) == [[True], []]
    assert watched([line(MASK), line(TREATMENT, 0, 0)]) == [[True], []]
    assert watched([line(MASK, 0), line(option(), 0), line(FRINGE, 0, 1)]) == [[True], [], []]


def test_after_an_add_on_in_a_gap_its_line_goes_on() -> None:
    inside = option(work(5), kept(5), cleanup(), service=UUID(int=21), addon_place=DURING)
    tint = option(work(35), gap(30), work(20), service=COLOUR)
    unwatched = option(work(35), gap(30), cleanup(), service=COLOUR)

    assert watched([line(tint), line(inside, 0, 0)]) == [[False], [False]]
    assert watched([line(unwatched), line(inside, 0, 0)]) == [[False], [True]]
    assert watched([line(unwatched), line(inside, 0, 0), line(option(), 1)]) == [
        [False],
        [False],
        [],
    ]


KEPT_OR_NOT = PHASES.flatmap(
    lambda phases: st.lists(st.booleans(), min_size=len(phases), max_size=len(phases)).map(
        lambda flags: [
            replace(phase, gap_only_if_followed=flag and phase.kind is PROCESSING)
            for phase, flag in zip(phases, flags, strict=True)
        ]
    )
)


@given(st.lists(KEPT_OR_NOT, max_size=4))
def test_somebody_stays_exactly_with_those_after_which_nothing_is_done_with_the_client(
    asked: list[list[PhaseTerms]],
) -> None:
    found = merged(one_after_another(*(option(*phases) for phases in asked)))

    in_turn = [phase for terms in found for phase in terms.phases]
    for place, phase in enumerate(in_turn):
        if phase.kind is PROCESSING:
            follows = any(later.kind is WORK for later in in_turn[place + 1 :])
            assert phase.takes_staff == (phase.gap_only_if_followed and not follows)
    plain = [[replace(phase, gap_only_if_followed=False) for phase in phases] for phases in asked]
    unkept = merged(one_after_another(*(option(*phases) for phases in plain)))
    assert [minutes(terms) for terms in found] == [minutes(terms) for terms in unkept]
