import json
from collections.abc import Collection, Iterable
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Prefetch, QuerySet

from shared_apps.core.db import rows
from shared_apps.core.errors import NotFound
from tenant_apps.catalog.codec import field_of, read_parts, terms_of
from tenant_apps.catalog.enums import FieldEntity
from tenant_apps.catalog.errors import (
    NoSuchCategory,
    NoSuchField,
    NoSuchService,
    NoSuchUnit,
    NoSuchUnitKind,
)
from tenant_apps.catalog.models import Category, CustomField, Option, Service, Unit, UnitKind
from tenant_apps.catalog.types import Basis, OptionTerms, UnitTerms

OPTIONS = """
SELECT option.id, service.id, service.category_id, service.name, option.name,
       option.price_kind, option.currency, option.tax_category,
       service.is_online AND coalesce(option.archived_at, service.archived_at) IS NULL,
       coalesce(option.archived_at, service.archived_at) IS NOT NULL,
       option.phases, option.levels, option.parts, service.new_clients, service.weekdays,
       service.from_minute, service.until_minute, service.notice_minutes, service.horizon_days,
       service.sequence, service.addon_place, service.addon_of, service.sold_alone
FROM catalog_option AS option JOIN catalog_service AS service ON service.id = option.service_id
"""
UNITS = """
SELECT id, kind, name, places FROM catalog_unit
WHERE kind = ANY(%s) AND is_active ORDER BY kind, position, id
"""
KINDS = "SELECT code FROM catalog_unitkind UNION SELECT kind FROM catalog_unit"
BASIS = f"""
SELECT ARRAY({KINDS}),
       ARRAY(SELECT json_build_array(
                        key, kind, label, required, choices, archived_at IS NOT NULL
                    )::text
             FROM catalog_customfield WHERE entity = %s ORDER BY position, id)
"""  # noqa: S608 our own words
BUNDLED = """
SELECT DISTINCT (part ->> 'option_id')::uuid
FROM catalog_option AS option
JOIN catalog_service AS service ON service.id = option.service_id,
     jsonb_array_elements(option.parts) AS part
WHERE option.archived_at IS NULL AND service.archived_at IS NULL
  AND (part ->> 'option_id')::uuid = ANY(%s)
"""
M = TypeVar("M", bound=Model)


def option_terms(option_ids: Collection[UUID]) -> dict[UUID, OptionTerms]:
    """The terms of those options that exist, by id; archived ones say so."""
    found = rows(OPTIONS + "WHERE option.id = ANY(%s)", list(option_ids))
    return {row[0]: terms_of(row) for row in found}


def all_option_terms() -> dict[UUID, OptionTerms]:
    """The terms of every option that was ever sold, by id; archived ones say so."""
    return {row[0]: terms_of(row) for row in rows(OPTIONS)}


def units_of(kinds: Collection[str]) -> list[UnitTerms]:
    """The units in service of these kinds, in the salon's own order."""
    found = rows(UNITS, sorted(kinds))
    return [
        UnitTerms(unit_id=pk, kind=kind, name=name, places=places)
        for pk, kind, name, places in found
    ]


def kind_codes() -> set[str]:
    """The kinds that units may be of and needs may ask for. A kind that only units name (they
    are older than the table of kinds) is one, too."""
    return {code for (code,) in rows(KINDS)}


def bundled_options(option_ids: Collection[UUID]) -> set[UUID]:
    """Those that are part of a bundle on sale."""
    return {found for (found,) in rows(BUNDLED, list(option_ids))} if option_ids else set()


def services_on_offer() -> QuerySet[Service]:
    """What clients may see, in the order of the price list, with options and category."""
    return _in_order(Service.objects.filter(is_online=True, archived_at=None))


def parts_of(services: Iterable[Service]) -> dict[UUID, OptionTerms]:
    """What the bundles among these (with their options) consist of, by id. One query, or none."""
    asked = {
        part.option_id
        for service in services
        for option in service.options.all()
        for part in read_parts(option.parts)
    }
    return option_terms(asked) if asked else {}


def whole_price_list(*, archived: bool) -> QuerySet[Service]:
    """What is sold, online or not; or what no longer is."""
    return _in_order(Service.objects.filter(archived_at__isnull=not archived))


def service_in_full(service_id: UUID) -> Service:
    """Raises ``NoSuchService``."""
    service = _in_order(Service.objects.filter(pk=service_id)).first()
    if service is None:
        raise NoSuchService
    return service


def _in_order(services: QuerySet[Service]) -> QuerySet[Service]:
    sold = Option.objects.filter(archived_at=None).order_by("position", "id")
    return (
        services.select_related("category")
        .prefetch_related(Prefetch("options", sold))
        .order_by("category__position", "category_id", "position", "id")
    )


def categories() -> QuerySet[Category]:
    return Category.objects.order_by("position", "id")


def get_category(category_id: UUID) -> Category:
    """Raises ``NoSuchCategory``."""
    return _one(Category.objects.filter(pk=category_id), NoSuchCategory)


def unit_kinds() -> QuerySet[UnitKind]:
    return UnitKind.objects.order_by("position", "code")


def get_unit_kind(kind_id: UUID) -> UnitKind:
    """Raises ``NoSuchUnitKind``."""
    return _one(UnitKind.objects.filter(pk=kind_id), NoSuchUnitKind)


def units() -> QuerySet[Unit]:
    """All of them, those out of service included."""
    return Unit.objects.order_by("kind", "position", "id")


def get_unit(unit_id: UUID) -> Unit:
    """Raises ``NoSuchUnit``."""
    return _one(Unit.objects.filter(pk=unit_id), NoSuchUnit)


def custom_fields() -> QuerySet[CustomField]:
    """All of them, the archived included."""
    return CustomField.objects.order_by("entity", "position", "id")


def get_custom_field(field_id: UUID) -> CustomField:
    """Raises ``NoSuchField``."""
    return _one(CustomField.objects.filter(pk=field_id), NoSuchField)


def basis_of_services() -> Basis:
    """What every service may rest on. One query."""
    ((kinds, fields),) = rows(BASIS, FieldEntity.SERVICE)
    return Basis(
        kinds=frozenset(kinds), fields=tuple(field_of(json.loads(field)) for field in fields)
    )


def _one(found: QuerySet[M], missing: type[NotFound]) -> M:
    row = found.first()
    if row is None:
        raise missing
    return row
