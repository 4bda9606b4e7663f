from collections.abc import Collection
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from shared_apps.core.db import rows
from tenant_apps.catalog.codec import terms_of
from tenant_apps.catalog.models import Option, Service
from tenant_apps.catalog.types import OptionTerms, UnitTerms

OPTIONS = """
SELECT option.id, service.id, service.category_id, service.name, option.name,
       option.price_kind, option.currency, option.tax_category, service.is_online,
       coalesce(option.archived_at, service.archived_at) IS NOT NULL,
       option.phases, option.levels, option.parts, service.new_clients, service.weekdays,
       service.from_minute, service.until_minute, service.notice_minutes, service.horizon_days,
       service.sequence, service.addon_place, service.addon_of, service.sold_alone
FROM catalog_option AS option JOIN catalog_service AS service ON service.id = option.service_id
"""
UNITS = """
SELECT id, kind, name FROM catalog_unit
WHERE kind = ANY(%s) AND is_active ORDER BY kind, position, id
"""


def option_terms(option_ids: Collection[UUID]) -> dict[UUID, OptionTerms]:
    """The terms of those options that exist, by id."""
    found = rows(OPTIONS + "WHERE option.id = ANY(%s)", list(option_ids))
    return {row[0]: terms_of(row) for row in found}


def all_option_terms() -> dict[UUID, OptionTerms]:
    return {row[0]: terms_of(row) for row in rows(OPTIONS)}


def units_of(kinds: Collection[str]) -> list[UnitTerms]:
    """The units in service of these kinds, in the salon's own order."""
    found = rows(UNITS, sorted(kinds))
    return [UnitTerms(unit_id=pk, kind=kind, name=name) for pk, kind, name in found]


def services_on_offer() -> QuerySet[Service]:
    """What clients may see, in the order of the price list, with options and category."""
    return (
        Service.objects.filter(is_online=True)
        .select_related("category")
        .prefetch_related(Prefetch("options", Option.objects.order_by("position", "id")))
        .order_by("category__position", "position", "id")
    )
