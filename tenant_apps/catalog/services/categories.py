"""The sections of the price list."""

from collections.abc import Sequence
from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.db import transaction
from django.utils.timezone import now

from shared_apps.core.actor import Actor
from shared_apps.core.idempotency import Attempt, once
from tenant_apps.catalog.enums import Colour
from tenant_apps.catalog.errors import CategoryInUse, NoSuchCategory, worded
from tenant_apps.catalog.events import CategoryAdded, CategoryChanged
from tenant_apps.catalog.models import Category, Service
from tenant_apps.catalog.permissions import EDIT_CATALOG
from tenant_apps.catalog.services.keeping import (
    changed,
    last_place,
    locked,
    put_in_order,
    refuse,
    remember,
)


class CategoryChanges(TypedDict, total=False):
    """What is left out stays as it is."""

    name: str
    colour: Colour


@transaction.atomic
def add_category(
    *,
    name: str,
    colour: Colour,
    actor: Actor,
    position: int | None = None,
    attempt: Attempt | None = None,
) -> Category:
    """At ``position``, or after all others."""
    actor.require(EDIT_CATALOG)

    def add(category_id: UUID) -> UUID:
        _check_name(name)
        Category.objects.create(
            id=category_id,
            name=name.strip(),
            colour=colour,
            position=last_place(Category.objects.all()) if position is None else position,
        )
        remember(CategoryAdded(stream_id=category_id, version=1, colour=colour), actor=actor)
        return category_id

    return Category.objects.get(pk=once(attempt, add))


@transaction.atomic
def change_category(
    *, category_id: UUID, version: int, actor: Actor, **changes: Unpack[CategoryChanges]
) -> None:
    """Raises ``NoSuchCategory``, ``Stale``, ``Invalid``."""
    actor.require(EDIT_CATALOG)
    category = locked(Category.objects.all(), category_id, NoSuchCategory, version=version)
    name = changes.get("name", category.name)
    _check_name(name)
    _write(category, {**changes, "name": name.strip()}, actor)


@transaction.atomic
def archive_category(*, category_id: UUID, version: int, actor: Actor) -> None:
    """Raises ``CategoryInUse`` while services of it are sold."""
    actor.require(EDIT_CATALOG)
    category = locked(Category.objects.all(), category_id, NoSuchCategory, version=version)
    if Service.objects.filter(category=category, archived_at=None).exists():
        raise CategoryInUse
    if category.archived_at is None:
        _write(category, {"archived_at": now()}, actor)


@transaction.atomic
def restore_category(*, category_id: UUID, version: int, actor: Actor) -> None:
    actor.require(EDIT_CATALOG)
    category = locked(Category.objects.all(), category_id, NoSuchCategory, version=version)
    _write(category, {"archived_at": None}, actor)


@transaction.atomic
def order_categories(*, ids: Sequence[UUID], actor: Actor) -> None:
    """Put all categories that are not archived in this order."""
    actor.require(EDIT_CATALOG)
    rows = Category.objects.select_for_update(no_key=True).filter(archived_at=None).order_by("id")
    put_in_order(list(rows), ids, lambda row: _event(row, ("position",)), actor=actor)


def _check_name(name: str) -> None:
    refuse(worded({} if name.strip() else {"name": "no_name"}))


def _write(category: Category, values: dict[str, Any], actor: Actor) -> None:
    if fields := changed(category, values):
        remember(_event(category, fields), actor=actor)


def _event(category: Category, fields: tuple[str, ...]) -> CategoryChanged:
    return CategoryChanged(
        stream_id=category.pk,
        version=category.version,
        fields=fields,
        archived=category.archived_at is not None,
    )
