"""A service that takes its own time: with one client, or this once. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tenant_apps.catalog.policies.phases import phase_problems
from tenant_apps.catalog.types import OptionTerms, PhaseTerms

LONGEST_PHASE = 600


def own_problem(phases: Sequence[PhaseTerms], minutes: Sequence[int]) -> str:
    """What is wrong with ``minutes``, one for each of ``phases``, as a key of
    ``errors.PROBLEMS``; empty when all is well. 0 leaves a phase out."""
    if len(minutes) != len(phases):
        return "one_for_each_phase"
    if not all(0 <= count <= LONGEST_PHASE for count in minutes):
        return "up_to_ten_hours"
    return "rest_makes_no_sense" if phase_problems(tuple(_lasting(phases, minutes))) else ""


def with_own_minutes(terms: OptionTerms, minutes: Sequence[int]) -> OptionTerms:
    """The terms with phases of just these lengths, whoever does it."""
    left = tuple(_lasting(terms.phases, minutes))
    lengths = tuple(phase.minutes for phase in left)
    return replace(
        terms,
        phases=left,
        levels={
            level: replace(found, percent=100, phases=lengths)
            for level, found in terms.levels.items()
        },
    )


def _lasting(phases: Sequence[PhaseTerms], minutes: Sequence[int]) -> Iterator[PhaseTerms]:
    for phase, count in zip(phases, minutes, strict=True):
        if count:
            yield replace(phase, minutes=count)
