"""The rows of a service's options."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.utils.timezone import now

from tenant_apps.catalog.codec import (
    own_phases,
    read_levels,
    read_parts,
    write_levels,
    write_parts,
    write_phases,
)
from tenant_apps.catalog.enums import PhaseKind
from tenant_apps.catalog.events import OptionFact
from tenant_apps.catalog.models import Option, Service
from tenant_apps.catalog.types import NewOption, PhaseTerms
from tenants.selectors import current_salon

STAND_IN = (PhaseTerms(kind=PhaseKind.WORK, minutes=1),)
"""In a bundle's row, which has no phases of its own: every row must have one."""


def write_options(
    service: Service, options: Sequence[NewOption], *, before: Iterable[Option]
) -> tuple[OptionFact, ...] | None:
    """Make (checked) ``options`` those of ``service``, whose row is locked or new: change those
    they name, add the others, archive the rest of ``before``. ``None``: nothing was different.
    """
    known: dict[UUID | None, Option] = {row.pk: row for row in before}
    currency = current_salon().currency
    rows = [
        known.get(new.option_id) or Option(service=service, currency=currency) for new in options
    ]
    written = [
        _write(row, _columns(option, place), is_new=row.pk not in known)
        for place, (row, option) in enumerate(zip(rows, options, strict=True))
    ]
    retired = [row for row in known.values() if row not in rows and row.archived_at is None]
    written += [_write(row, {"archived_at": now()}) for row in retired]
    return facts_of(rows) if any(written) else None


def _write(row: Option, values: dict[str, Any], *, is_new: bool = False) -> bool:
    """Was anything different?"""
    fields = [name for name, value in values.items() if getattr(row, name) != value]
    for name in fields:
        setattr(row, name, values[name])
    if is_new:
        row.save(force_insert=True)
    elif fields:
        row.save(update_fields=[*fields, "updated_at"])
    return is_new or bool(fields)


def _columns(option: NewOption, place: int) -> dict[str, Any]:
    kinds = {kind for phase in option.phases for need in phase.needs for kind in need.kinds}
    return {
        "name": option.name.strip(),
        "position": place,
        "price_kind": option.price_kind,
        "tax_category": option.tax_category,
        "phases": write_phases(STAND_IN if option.parts else option.phases),
        "levels": write_levels(option.levels),
        "parts": write_parts(option.parts),
        "kinds": sorted(kinds),
        "archived_at": None,
    }


def facts_of(rows: Iterable[Option]) -> tuple[OptionFact, ...]:
    return tuple(
        OptionFact(
            option_id=row.pk,
            price_kind=row.price_kind,
            currency=row.currency,
            prices={level: terms.price for level, terms in read_levels(row.levels).items()},
            minutes=tuple(phase.minutes for phase in own_phases(row.phases, row.parts)),
            parts=tuple(part.option_id for part in read_parts(row.parts)),
        )
        for row in rows
    )
