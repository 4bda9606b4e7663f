"""Services: what they are called, to whom and when they are sold, and how."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Unpack
from uuid import UUID

from django.db import transaction
from django.utils.timezone import now

from shared_apps.core.actor import Actor
from shared_apps.core.idempotency import Attempt, once
from tenant_apps.catalog.codec import read_parts
from tenant_apps.catalog.enums import NewClients
from tenant_apps.catalog.errors import NoSuchCategory, NoSuchService, PartOfBundle, worded
from tenant_apps.catalog.events import ServiceAdded, ServiceChanged
from tenant_apps.catalog.models import Category, Service
from tenant_apps.catalog.permissions import EDIT_CATALOG
from tenant_apps.catalog.policies.fields import filled_in
from tenant_apps.catalog.selectors import basis_of_services, bundled_options, option_terms
from tenant_apps.catalog.services.checking import check_service
from tenant_apps.catalog.services.holding import hold_basis
from tenant_apps.catalog.services.keeping import (
    changed,
    last_place,
    locked,
    put_in_order,
    refuse,
    remember,
)
from tenant_apps.catalog.services.options import write_options
from tenant_apps.catalog.types import NewOption, ServiceChanges, ServiceFields

UNLESS_SAID: ServiceFields = {
    "description": "",
    "is_online": True,
    "new_clients": NewClients.ANY,
    "weekdays": None,
    "from_minute": None,
    "until_minute": None,
    "notice_minutes": None,
    "horizon_days": None,
    "sequence": None,
    "addon_place": None,
    "addon_of": (),
    "sold_alone": True,
    "custom": {},
}


@transaction.atomic
def add_service(
    *,
    category_id: UUID,
    name: str,
    options: Sequence[NewOption],
    actor: Actor,
    position: int | None = None,
    attempt: Attempt | None = None,
    **fields: Unpack[ServiceFields],
) -> Service:
    """At ``position``, or after all others of its category; priced in the salon's currency.

    Raises ``BadPhases`` when an option is wrong, else ``Invalid``, naming every field.
    """
    actor.require(EDIT_CATALOG)
    wanted = {**UNLESS_SAID, **fields, "category_id": category_id, "name": name}
    service_id = once(attempt, lambda planned: _add(planned, wanted, options, position, actor))
    return Service.objects.get(pk=service_id)


def _add(
    service_id: UUID,
    wanted: Mapping[str, Any],
    options: Sequence[NewOption],
    position: int | None,
    actor: Actor,
) -> UUID:
    category_id = wanted["category_id"]
    hold_basis(service_id=None, category_id=category_id, part_ids=_parts_in(options))
    check_service({**wanted, "options": options}, {*wanted, "options"}, service=None)
    if position is None:
        position = last_place(Service.objects.filter(category=category_id))
    service = Service(id=service_id, position=position)
    for column, value in _columns(wanted).items():
        setattr(service, column, value)
    service.save(force_insert=True)
    facts = write_options(service, options, before=()) or ()
    remember(
        ServiceAdded(
            stream_id=service_id,
            version=1,
            category_id=category_id,
            option_ids=tuple(fact.option_id for fact in facts),
            options=facts,
        ),
        actor=actor,
    )
    return service_id


@transaction.atomic
def change_service(
    *, service_id: UUID, version: int, actor: Actor, **changes: Unpack[ServiceChanges]
) -> None:
    """Raises ``NoSuchService``, ``Stale`` and what ``add_service`` raises."""
    actor.require(EDIT_CATALOG)
    given: Mapping[str, Any] = changes
    hold_basis(
        service_id=service_id,
        category_id=given.get("category_id"),
        part_ids=_parts_in(given.get("options", ())),
    )
    service = locked(Service.objects.all(), service_id, NoSuchService, version=version)
    check_service({**_as_written(service), **given}, given.keys(), service=service)
    facts = None
    if "options" in given:
        facts = write_options(service, given["options"], before=service.options.all())
    columns = _columns({name: value for name, value in given.items() if name != "options"})
    if "custom" in columns:
        columns["custom"] |= _unasked(service)
    _write(service, columns, actor, options=facts)


@transaction.atomic
def archive_service(*, service_id: UUID, version: int, actor: Actor) -> None:
    """Take it off the price list. Visits that are booked stay. Raises ``PartOfBundle``."""
    actor.require(EDIT_CATALOG)
    service = locked(Service.objects.all(), service_id, NoSuchService, version=version)
    if bundled_options(service.options.values_list("pk", flat=True)):
        raise PartOfBundle
    if service.archived_at is None:
        _write(service, {"archived_at": now()}, actor)


@transaction.atomic
def restore_service(*, service_id: UUID, version: int, actor: Actor) -> None:
    """Raises ``Invalid`` when its category or a part of it is archived."""
    actor.require(EDIT_CATALOG)
    if found := Service.objects.filter(pk=service_id).first():
        hold_basis(service_id=service_id, category_id=found.category_id, part_ids=_parts_of(found))
    service = locked(Service.objects.all(), service_id, NoSuchService, version=version)
    refuse(worded(_missing(service)))
    _write(service, {"archived_at": None}, actor)


@transaction.atomic
def order_services(*, category_id: UUID, ids: Sequence[UUID], actor: Actor) -> None:
    """Put all services of a category that are not archived in this order."""
    actor.require(EDIT_CATALOG)
    locked(Category.objects.all(), category_id, NoSuchCategory)
    rows = Service.objects.select_for_update(no_key=True).filter(
        category=category_id, archived_at=None
    )
    put_in_order(
        list(rows.order_by("id")), ids, lambda row: _event(row, ("position",)), actor=actor
    )


def _missing(service: Service) -> dict[str, str]:
    """What it was sold with and is archived by now."""
    if not Category.objects.filter(pk=service.category_id, archived_at=None).exists():
        return {"category_id": "no_such_category"}
    parts = _parts_of(service)
    gone = parts and any(terms.is_archived for terms in option_terms(parts).values())
    return {"options": "no_such_option"} if gone else {}


def _parts_in(options: Sequence[NewOption]) -> set[UUID]:
    return {part.option_id for option in options for part in option.parts}


def _parts_of(service: Service) -> set[UUID]:
    return {
        part.option_id
        for option in service.options.filter(archived_at=None)
        for part in read_parts(option.parts)
    }


def _columns(fields: Mapping[str, Any]) -> dict[str, Any]:
    """As the row keeps them."""
    tidy: dict[str, Callable[[Any], Any]] = {
        "name": str.strip,
        "weekdays": lambda days: None if days is None else sorted(set(days)),
        "addon_place": lambda place: place or "",
        "addon_of": lambda hosts: sorted(set(hosts)),
        "custom": filled_in,
    }
    return {name: tidy[name](value) if name in tidy else value for name, value in fields.items()}


def _as_written(service: Service) -> dict[str, Any]:
    """The row as its fields would be given."""
    return {name: getattr(service, name) for name in ("category_id", "name", *UNLESS_SAID)}


def _unasked(service: Service) -> dict[str, Any]:
    """What was written into fields that are archived now: it stays as it is."""
    fields = basis_of_services().fields
    asked = {field.key for field in fields if not field.is_archived}
    return {key: value for key, value in service.custom.items() if key not in asked}


def _write(service: Service, values: dict[str, Any], actor: Actor, *, options: Any = None) -> None:
    fields = changed(service, values, also=options is not None)
    if fields or options:
        named = (*fields, "options") if options else fields
        remember(_event(service, named, options or ()), actor=actor)


def _event(service: Service, fields: tuple[str, ...], options: Any = ()) -> ServiceChanged:
    return ServiceChanged(
        stream_id=service.pk,
        version=service.version,
        fields=fields,
        archived=service.archived_at is not None,
        options=options,
    )
