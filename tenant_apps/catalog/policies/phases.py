"""Rules of phases and prices. Pure."""

from collections.abc import Sequence

from tenant_apps.catalog.enums import PhaseKind
from tenant_apps.catalog.types import PhaseTerms

LONGEST_DAY = 24 * 60


def minutes_at(minutes: int, percent: int) -> int:
    """A level's time for a phase: whole minutes, rounded up, at least one."""
    return max(1, -(-minutes * percent // 100))


def phase_problems(phases: Sequence[PhaseTerms]) -> dict[str, str]:
    """What is wrong with a template of phases, by path; empty when all is well."""
    problems = {}
    if not phases:
        return {"phases": "at_least_one"}
    if phases[0].kind is not PhaseKind.WORK:
        problems["phases.0.kind"] = "begins_with_work"
    if phases[-1].kind is PhaseKind.PROCESSING:
        problems[f"phases.{len(phases) - 1}.kind"] = "ends_with_processing"
    if sum(phase.minutes for phase in phases) > LONGEST_DAY:
        problems["phases"] = "longer_than_a_day"
    for place, phase in enumerate(phases):
        if phase.minutes < 1:
            problems[f"phases.{place}.minutes"] = "whole_minutes"
        kinds = [kind for need in phase.needs for kind in need.kinds]
        if len(kinds) != len(set(kinds)):
            problems[f"phases.{place}.needs"] = "needs_overlap"
        if any(need.quantity < 1 or not need.kinds for need in phase.needs):
            problems[f"phases.{place}.needs"] = "needs_nothing"
    return problems
