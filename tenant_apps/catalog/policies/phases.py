"""What an option's phases may look like, and how long they take. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from tenant_apps.catalog.enums import Keep, Level, PhaseKind, PhasePerformer
from tenant_apps.catalog.types import BUNDLE, LevelTerms, NewOption, PhaseTerms

LONGEST_DAY = 24 * 60
PRICES = range(10**9 + 1)
PERCENT = range(1, 1001)
AS_WRITTEN = LevelTerms(price=0)
"""At the pace of the template."""
Problem = tuple[str, str]
"""Where, by path, and what, as a key of ``errors.PROBLEMS``."""


def minutes_at(minutes: int, percent: int) -> int:
    """A level's time for a phase: whole minutes, rounded up, at least one."""
    return max(1, -(-minutes * percent // 100))


def minutes_of(
    phases: Sequence[PhaseTerms],
    level: LevelTerms,
    *,
    percent: int = 100,
    own: Mapping[int, int] | None = None,
) -> tuple[int, ...]:
    """How long each phase takes at a level; 0: it is left out.

    For a client whose hair takes its time: ``percent`` of that, or the client's ``own``
    minutes by a phase's place. Rounded up once, after all factors.
    """
    given = own or {}
    return tuple(
        given[place] if place in given else _minutes(phase, place, level, percent)
        for place, phase in enumerate(phases)
    )


def _minutes(phase: PhaseTerms, place: int, level: LevelTerms, percent: int) -> int:
    if level.phases is not None:
        return -(-level.phases[place] * percent // 100)
    return max(1, -(-phase.minutes * level.percent * percent // 10_000))


def phases_at(
    phases: Sequence[PhaseTerms],
    level: LevelTerms,
    *,
    percent: int = 100,
    own: Mapping[int, int] | None = None,
) -> tuple[PhaseTerms, ...]:
    """The phases as they run at a level, without those left out; see ``minutes_of``."""
    found = zip(phases, minutes_of(phases, level, percent=percent, own=own), strict=True)
    return tuple(replace(phase, minutes=minutes) for phase, minutes in found if minutes)


def client_minutes(phases: Sequence[PhaseTerms], level: LevelTerms = AS_WRITTEN) -> int:
    """How long somebody who comes for this stays; with a stylist, unless a level is named."""
    return sum(phase.minutes for phase in phases_at(phases, level) if phase.takes_client)


def phase_problems(phases: Sequence[PhaseTerms]) -> dict[str, str]:
    """What is wrong with a template of phases, by path; empty when all is well."""
    if not phases:
        return {"phases": "at_least_one"}
    return _first_of_each(
        [
            *_at_the_beginning(phases[0]),
            *_at_the_end(phases),
            *(
                (f"phases.{place}.{path}", why)
                for place, phase in enumerate(phases)
                for path, why in _within(phase)
            ),
            *_merge_keys(phases),
            *_keeping(phases),
        ]
    )


def level_problems(
    phases: Sequence[PhaseTerms], levels: Mapping[str, LevelTerms]
) -> dict[str, str]:
    """What is wrong with prices and paces of an option with these (sound) phases."""
    if not levels:
        return {"levels": "at_least_one_price"}
    return _first_of_each(
        (f"levels.{level}{path}", why)
        for level, terms in levels.items()
        for path, why in _of_level(level, terms, phases)
    )


def option_problems(option: NewOption) -> dict[str, str]:
    """What is wrong with an option by itself. Whether a bundle's parts exist is not asked."""
    if option.parts:
        return _bundle_problems(option)
    return phase_problems(option.phases) or level_problems(option.phases, option.levels)


def _bundle_problems(option: NewOption) -> dict[str, str]:
    return _first_of_each([*_bundle_itself(option), *_groups_in_order(option)])


def _bundle_itself(option: NewOption) -> Iterator[Problem]:
    if option.phases:
        yield "phases", "bundle_has_no_phases"
    if len(option.parts) < 2:
        yield "parts", "two_parts"
    if set(option.levels) != {BUNDLE}:
        yield "levels", "bundle_has_one_price"
    elif option.levels[BUNDLE].price not in PRICES:
        yield f"levels.{BUNDLE}.price", "price_out_of_range"


def _groups_in_order(option: NewOption) -> Iterator[Problem]:
    """They count up from 0 without a gap."""
    allowed = {0}
    for place, part in enumerate(option.parts):
        if part.parallel_group not in allowed:
            yield f"parts.{place}.parallel_group", "groups_in_order"
        allowed = {part.parallel_group, part.parallel_group + 1}


def _first_of_each(problems: Iterable[Problem]) -> dict[str, str]:
    found: dict[str, str] = {}
    for path, why in problems:
        found.setdefault(path, why)
    return found


def _at_the_beginning(first: PhaseTerms) -> Iterator[Problem]:
    if first.kind is not PhaseKind.WORK:
        yield "phases.0.kind", "begins_with_work"
    elif not first.takes_client:
        yield "phases.0.client", "begins_with_the_client"


def _at_the_end(phases: Sequence[PhaseTerms]) -> Iterator[Problem]:
    if phases[-1].kind is PhaseKind.PROCESSING:
        yield f"phases.{len(phases) - 1}.kind", "ends_with_processing"
    if sum(phase.minutes for phase in phases) > LONGEST_DAY:
        yield "phases", "longer_than_a_day"
    elif not any(phase.performer is PhasePerformer.LEAD for phase in phases):
        yield "phases", "somebody_leads"


def _within(phase: PhaseTerms) -> Iterator[Problem]:
    if phase.minutes < 1:
        yield "minutes", "whole_minutes"
    if phase.kind is PhaseKind.WORK and not phase.takes_staff:
        yield "performer", "work_needs_somebody"
    if phase.kind is PhaseKind.CLEANUP and phase.takes_client:
        yield "client", "cleanup_without_client"
    if not (phase.takes_staff or phase.takes_client or phase.needs):
        yield "performer", "takes_nothing"
    if phase.gap_only_if_followed and (phase.kind is not PhaseKind.PROCESSING or phase.takes_staff):
        yield "gap_only_if_followed", "only_for_gaps"
    kinds = Counter(kind for need in phase.needs for kind in need.kinds)
    if any(need.quantity < 1 or not need.kinds for need in phase.needs):
        yield "needs", "needs_nothing"
    if kinds and max(kinds.values()) > 1:
        yield "needs", "needs_overlap"


def _merge_keys(phases: Sequence[PhaseTerms]) -> Iterator[Problem]:
    seen = set()
    for place, phase in enumerate(phases):
        if phase.merge_key and phase.merge_key in seen:
            yield f"phases.{place}.merge_key", "merge_key_twice"
        seen.add(phase.merge_key)


def _keeping(phases: Sequence[PhaseTerms]) -> Iterator[Problem]:
    """What is kept through the line in one phase and through the visit in another is neither."""
    kept: dict[frozenset[str], Keep] = {}
    for place, phase in enumerate(phases):
        for number, need in enumerate(phase.needs):
            if need.keep is not Keep.PHASE:
                keep = kept.setdefault(frozenset(need.kinds), need.keep)
                if keep is not need.keep:
                    yield f"phases.{place}.needs.{number}.keep", "keep_differs"


def _of_level(level: str, terms: LevelTerms, phases: Sequence[PhaseTerms]) -> Iterator[Problem]:
    if level not in Level.values:
        yield "", "no_such_level"
    if terms.price not in PRICES:
        yield ".price", "price_out_of_range"
    if terms.percent not in PERCENT:
        yield ".percent", "percent_out_of_range"
    if terms.phases is not None:
        yield from _own_minutes(terms.phases, terms, phases)


def _own_minutes(
    minutes: Sequence[int], terms: LevelTerms, phases: Sequence[PhaseTerms]
) -> Iterator[Problem]:
    if len(minutes) != len(phases):
        yield ".phases", "one_for_each_phase"
        return
    negative = [place for place, count in enumerate(minutes) if count < 0]
    for place in negative:
        yield f".phases.{place}", "zero_or_more"
    if not negative and phase_problems(phases_at(phases, terms)):
        yield ".phases", "rest_does_not_fit"
