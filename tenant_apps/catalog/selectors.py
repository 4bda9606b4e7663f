from collections.abc import Collection
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from tenant_apps.catalog.codec import ROW, terms_of
from tenant_apps.catalog.models import Option, Service, Unit
from tenant_apps.catalog.types import OptionTerms, UnitTerms


def option_terms(option_ids: Collection[UUID]) -> dict[UUID, OptionTerms]:
    """The terms of those options that exist, by id."""
    rows = Option.objects.filter(pk__in=option_ids).values_list(*ROW)
    return {row[0]: terms_of(row) for row in rows}


def all_option_terms() -> dict[UUID, OptionTerms]:
    return {row[0]: terms_of(row) for row in Option.objects.values_list(*ROW)}


def units_of(kinds: Collection[str]) -> list[UnitTerms]:
    """The units in service of these kinds, in the salon's own order."""
    rows = (
        Unit.objects.filter(kind__in=kinds, is_active=True)
        .order_by("kind", "position", "id")
        .values_list("id", "kind", "name")
    )
    return [UnitTerms(unit_id=pk, kind=kind, name=name) for pk, kind, name in rows]


def services_on_offer() -> QuerySet[Service]:
    """What clients may see, in the order of the price list, with options and category."""
    return (
        Service.objects.filter(is_online=True)
        .select_related("category")
        .prefetch_related(Prefetch("options", Option.objects.order_by("position", "id")))
        .order_by("category__position", "position", "id")
    )
