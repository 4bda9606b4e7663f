"""Chairs, cabins, devices and their kinds: what phases need beside people."""

from collections.abc import Sequence
from typing import TypedDict, Unpack
from uuid import UUID

from django.db import transaction

from shared_apps.core.actor import Actor
from shared_apps.core.db import UNIQUE_VIOLATION, refused_as
from shared_apps.core.idempotency import Attempt, once
from tenant_apps.catalog.errors import (
    CodeTaken,
    NoSuchUnit,
    NoSuchUnitKind,
    UnitKindInUse,
    worded,
)
from tenant_apps.catalog.events import (
    UnitAdded,
    UnitChanged,
    UnitKindAdded,
    UnitKindChanged,
    UnitKindRemoved,
)
from tenant_apps.catalog.models import Option, Unit, UnitKind
from tenant_apps.catalog.permissions import EDIT_CATALOG
from tenant_apps.catalog.policies.fields import is_plain
from tenant_apps.catalog.selectors import get_unit_kind, kind_codes
from tenant_apps.catalog.services.keeping import (
    changed,
    last_place,
    locked,
    put_in_order,
    refuse,
    remember,
)

MOST_PLACES = 20


class UnitChanges(TypedDict, total=False):
    """What is left out stays as it is. ``is_active``: in service; one that is not keeps the
    visits it was chosen for and gets no new ones. ``places``: how many of one party find room
    in it together."""

    name: str
    is_active: bool
    places: int


@transaction.atomic
def add_unit_kind(
    *,
    code: str,
    name: str,
    actor: Actor,
    position: int | None = None,
    attempt: Attempt | None = None,
) -> UnitKind:
    """``code`` is what needs and units say, such as ``chair``, and never changes.

    Raises ``NoSuchUnitKind`` when an ``attempt`` had made one that was removed since.
    """
    actor.require(EDIT_CATALOG)

    def add(kind_id: UUID) -> UUID:
        problems = {} if name.strip() else {"name": "no_name"}
        if not is_plain(code):
            problems["code"] = "plain_code"
        refuse(worded(problems))
        place = last_place(UnitKind.objects.all()) if position is None else position
        with refused_as(UNIQUE_VIOLATION, lambda: CodeTaken(fields={"code": CodeTaken.message})):
            UnitKind.objects.create(id=kind_id, code=code, name=name.strip(), position=place)
        remember(UnitKindAdded(stream_id=kind_id, version=1, code=code), actor=actor)
        return kind_id

    return get_unit_kind(once(attempt, add))


@transaction.atomic
def rename_unit_kind(*, kind_id: UUID, name: str, version: int, actor: Actor) -> None:
    actor.require(EDIT_CATALOG)
    kind = locked(UnitKind.objects.all(), kind_id, NoSuchUnitKind, version=version)
    refuse(worded({} if name.strip() else {"name": "no_name"}))
    if fields := changed(kind, {"name": name.strip()}):
        remember(_kind_event(kind, fields), actor=actor)


@transaction.atomic
def remove_unit_kind(*, kind_id: UUID, actor: Actor) -> None:
    """Raises ``UnitKindInUse`` while a unit is of it or an option that is sold needs it."""
    actor.require(EDIT_CATALOG)
    kind = locked(UnitKind.objects.all(), kind_id, NoSuchUnitKind)
    needed = Option.objects.filter(kinds__contains=[kind.code], archived_at=None)
    if Unit.objects.filter(kind=kind.code).exists() or needed.exists():
        raise UnitKindInUse
    kind.delete()
    remember(
        UnitKindRemoved(stream_id=kind_id, version=kind.version + 1, code=kind.code), actor=actor
    )


@transaction.atomic
def order_unit_kinds(*, ids: Sequence[UUID], actor: Actor) -> None:
    actor.require(EDIT_CATALOG)
    rows = list(UnitKind.objects.select_for_update(no_key=True).order_by("id"))
    put_in_order(rows, ids, lambda row: _kind_event(row, ("position",)), actor=actor)


@transaction.atomic
def add_unit(
    *,
    kind: str,
    name: str,
    actor: Actor,
    position: int | None = None,
    places: int = 1,
    attempt: Attempt | None = None,
) -> Unit:
    """``kind`` by its code. At ``position``, or after all others of its kind."""
    actor.require(EDIT_CATALOG)

    def add(unit_id: UUID) -> UUID:
        problems = {} if name.strip() else {"name": "no_name"}
        if kind not in kind_codes():
            problems["kind"] = "no_such_kind"
        refuse(worded(problems | _too_few_or_many(places)))
        after = last_place(Unit.objects.filter(kind=kind)) if position is None else position
        Unit.objects.create(id=unit_id, kind=kind, name=name.strip(), position=after, places=places)
        remember(UnitAdded(stream_id=unit_id, version=1, kind=kind, places=places), actor=actor)
        return unit_id

    return Unit.objects.get(pk=once(attempt, add))


@transaction.atomic
def change_unit(
    *, unit_id: UUID, version: int, actor: Actor, **changes: Unpack[UnitChanges]
) -> None:
    """Raises ``NoSuchUnit``, ``Stale``, ``Invalid``."""
    actor.require(EDIT_CATALOG)
    unit = locked(Unit.objects.all(), unit_id, NoSuchUnit, version=version)
    name = changes.get("name", unit.name).strip()
    problems = {} if name else {"name": "no_name"}
    refuse(worded(problems | _too_few_or_many(changes.get("places", unit.places))))
    if fields := changed(unit, {**changes, "name": name}):
        remember(_unit_event(unit, fields), actor=actor)


@transaction.atomic
def order_units(*, kind: str, ids: Sequence[UUID], actor: Actor) -> None:
    """The order in which units of a kind are chosen, those out of service included."""
    actor.require(EDIT_CATALOG)
    rows = Unit.objects.select_for_update(no_key=True).filter(kind=kind).order_by("id")
    put_in_order(list(rows), ids, lambda row: _unit_event(row, ("position",)), actor=actor)


def _too_few_or_many(places: int) -> dict[str, str]:
    return {} if 1 <= places <= MOST_PLACES else {"places": "some_places"}


def _kind_event(kind: UnitKind, fields: tuple[str, ...]) -> UnitKindChanged:
    return UnitKindChanged(stream_id=kind.pk, version=kind.version, fields=fields)


def _unit_event(unit: Unit, fields: tuple[str, ...]) -> UnitChanged:
    return UnitChanged(
        stream_id=unit.pk,
        version=unit.version,
        fields=fields,
        active=unit.is_active,
        places=unit.places,
    )
