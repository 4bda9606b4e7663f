from typing import Any
from uuid import UUID

from ninja import Field, Schema

from tenant_apps.catalog.enums import Colour
from tenant_apps.catalog.models import Category
from tenant_apps.catalog.schemas import PatchIn, Strict


class CategoryIn(Strict):
    name: str = Field(max_length=80)
    colour: Colour


class CategoryPatch(PatchIn):
    """What is left out stays as it is. ``version`` as last seen."""

    name: str = Field(default_factory=str, max_length=80)
    colour: Colour = Field(default_factory=lambda: Colour.CUT)


class CategoryFull(Schema):
    id: UUID
    version: int
    name: str
    colour: Colour
    archived: bool


class Categories(Schema):
    items: list[CategoryFull]
    next_cursor: str | None = None


def category_full(category: Category) -> dict[str, Any]:
    return {
        "id": category.pk,
        "version": category.version,
        "name": category.name,
        "colour": category.colour,
        "archived": category.archived_at is not None,
    }
