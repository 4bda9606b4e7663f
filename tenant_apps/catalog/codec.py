"""The JSON of an option, and its frozen dataclasses.

What was written before a key existed is read with that key's default.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from tenant_apps.catalog.enums import (
    AddonPlace,
    FieldKind,
    Keep,
    NewClients,
    PhaseKind,
    PhasePerformer,
)
from tenant_apps.catalog.types import (
    AS_USUAL,
    BundlePart,
    FieldTerms,
    LevelTerms,
    Need,
    OptionTerms,
    PhaseTerms,
)


def write_phases(phases: Sequence[PhaseTerms]) -> list[dict[str, Any]]:
    return [
        {
            "kind": phase.kind,
            "minutes": phase.minutes,
            "name": phase.name,
            "performer": phase.performer,
            "client": phase.client,
            "merge_key": phase.merge_key,
            "needs": [
                {"any_of": list(need.kinds), "quantity": need.quantity, "keep": need.keep}
                for need in phase.needs
            ],
            "gap_only_if_followed": phase.gap_only_if_followed,
        }
        for phase in phases
    ]


def read_phases(found: Sequence[Mapping[str, Any]]) -> tuple[PhaseTerms, ...]:
    return tuple(
        PhaseTerms(
            kind=PhaseKind(phase["kind"]),
            minutes=phase["minutes"],
            name=phase["name"],
            performer=_performer(phase),
            client=_client(phase),
            merge_key=phase.get("merge_key", ""),
            needs=tuple(
                Need(
                    kinds=tuple(need["any_of"]), quantity=need["quantity"], keep=Keep(need["keep"])
                )
                for need in phase["needs"]
            ),
            gap_only_if_followed=phase.get("gap_only_if_followed", False),
        )
        for phase in found
    )


def _performer(phase: Mapping[str, Any]) -> Any:
    return PhasePerformer(phase["performer"]) if "performer" in phase else AS_USUAL


def _client(phase: Mapping[str, Any]) -> Any:
    return phase.get("client", AS_USUAL)


def write_levels(levels: Mapping[str, LevelTerms]) -> dict[str, dict[str, Any]]:
    return {
        level: {
            "price": terms.price,
            "percent": terms.percent,
            "phases": None if terms.phases is None else list(terms.phases),
        }
        for level, terms in levels.items()
    }


def read_levels(found: Mapping[str, Mapping[str, Any]]) -> dict[str, LevelTerms]:
    return {
        level: LevelTerms(
            price=terms["price"],
            percent=terms["percent"],
            phases=_minutes(terms.get("phases")),
        )
        for level, terms in found.items()
    }


def _minutes(found: Sequence[int] | None) -> tuple[int, ...] | None:
    return None if found is None else tuple(found)


def write_parts(parts: Sequence[BundlePart]) -> list[dict[str, Any]]:
    return [
        {"option_id": str(part.option_id), "parallel_group": part.parallel_group} for part in parts
    ]


def read_parts(found: Sequence[Mapping[str, Any]]) -> tuple[BundlePart, ...]:
    return tuple(
        BundlePart(option_id=UUID(part["option_id"]), parallel_group=part["parallel_group"])
        for part in found
    )


def own_phases(
    phases: Sequence[Mapping[str, Any]], parts: Sequence[Mapping[str, Any]]
) -> tuple[PhaseTerms, ...]:
    """A bundle's row holds a stand-in, for the constraint that every option has a phase."""
    return () if parts else read_phases(phases)


def terms_of(row: tuple[Any, ...]) -> OptionTerms:
    """An option as ``selectors.OPTIONS`` reads it; its JSON comes as text."""
    (*head, phases, levels, parts, new_clients, weekdays, starts, until, notice, horizon) = row[:19]
    sequence, addon_place, addon_of, sold_alone = row[19:]
    parts = json.loads(parts)
    return OptionTerms(
        **dict(zip(HEAD, head, strict=True)),
        phases=own_phases(json.loads(phases), parts),
        levels=read_levels(json.loads(levels)),
        parts=read_parts(parts),
        new_clients=NewClients(new_clients),
        weekdays=None if weekdays is None else frozenset(weekdays),
        from_minute=starts,
        until_minute=until,
        notice_minutes=notice,
        horizon_days=horizon,
        sequence=sequence,
        addon_place=AddonPlace(addon_place) if addon_place else None,
        addon_of=frozenset(addon_of),
        sold_alone=sold_alone,
    )


HEAD = (
    "option_id",
    "service_id",
    "category_id",
    "service_name",
    "option_name",
    "price_kind",
    "currency",
    "tax_category",
    "is_online",
    "is_archived",
)


def field_of(found: Sequence[Any]) -> FieldTerms:
    """A field as ``selectors.BASIS`` reads it."""
    key, kind, label, required, choices, is_archived = found
    return FieldTerms(
        key=key,
        kind=FieldKind(kind),
        label=label,
        required=required,
        choices=tuple(choices),
        is_archived=is_archived,
    )
