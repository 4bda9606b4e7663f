"""The JSON of an option's phases and levels, and its frozen dataclasses."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from tenant_apps.catalog.enums import Keep, PhaseKind
from tenant_apps.catalog.types import LevelTerms, Need, OptionTerms, PhaseTerms


def write_phases(phases: Sequence[PhaseTerms]) -> list[dict[str, Any]]:
    return [
        {
            "kind": phase.kind,
            "minutes": phase.minutes,
            "name": phase.name,
            "needs": [
                {"any_of": list(need.kinds), "quantity": need.quantity, "keep": need.keep}
                for need in phase.needs
            ],
        }
        for phase in phases
    ]


def read_phases(found: Sequence[Mapping[str, Any]]) -> tuple[PhaseTerms, ...]:
    return tuple(
        PhaseTerms(
            kind=PhaseKind(phase["kind"]),
            minutes=phase["minutes"],
            name=phase["name"],
            needs=tuple(
                Need(
                    kinds=tuple(need["any_of"]), quantity=need["quantity"], keep=Keep(need["keep"])
                )
                for need in phase["needs"]
            ),
        )
        for phase in found
    )


def write_levels(levels: Mapping[str, LevelTerms]) -> dict[str, dict[str, int]]:
    return {
        level: {"price": terms.price, "percent": terms.percent} for level, terms in levels.items()
    }


def read_levels(found: Mapping[str, Mapping[str, int]]) -> dict[str, LevelTerms]:
    return {
        level: LevelTerms(price=terms["price"], percent=terms["percent"])
        for level, terms in found.items()
    }


def terms_of(row: tuple[Any, ...]) -> OptionTerms:
    """An option as ``selectors.OPTIONS`` reads it; its JSON comes as text."""
    option_id: UUID = row[0]
    return OptionTerms(
        option_id=option_id,
        service_name=row[1],
        option_name=row[2],
        price_kind=row[3],
        currency=row[4],
        tax_category=row[5],
        is_online=row[6],
        phases=read_phases(json.loads(row[7])),
        levels=read_levels(json.loads(row[8])),
    )
