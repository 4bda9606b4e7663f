from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema

from tenant_apps.catalog.enums import FieldEntity, FieldKind
from tenant_apps.catalog.models import CustomField
from tenant_apps.catalog.schemas import OrderIn, PatchIn, Strict

Choice = Annotated[str, Field(max_length=80)]
Choices = Annotated[list[Choice], Field(max_length=50)]


class CustomFieldIn(Strict):
    """``key`` is what values are stored by; neither it nor the kind ever changes."""

    entity: FieldEntity = FieldEntity.SERVICE
    key: str = Field(max_length=40)
    kind: FieldKind
    label: str = Field(max_length=80)
    required: bool = False
    choices: Choices = []


class CustomFieldPatch(PatchIn):
    """What is left out stays as it is. ``version`` as last seen."""

    label: str = Field(default_factory=str, max_length=80)
    required: bool = Field(default_factory=bool)
    choices: list[Choice] = Field(default_factory=list, max_length=50)


class CustomFieldOut(Schema):
    """``archived``: nobody is asked for it any more."""

    id: UUID
    version: int
    entity: FieldEntity
    key: str
    kind: FieldKind
    label: str
    required: bool
    choices: list[str]
    archived: bool


class CustomFields(Schema):
    items: list[CustomFieldOut]
    next_cursor: str | None = None


class FieldOrderIn(OrderIn):
    entity: FieldEntity = FieldEntity.SERVICE


def field_out(field: CustomField) -> dict[str, Any]:
    return {
        "id": field.pk,
        "version": field.version,
        "entity": field.entity,
        "key": field.key,
        "kind": field.kind,
        "label": field.label,
        "required": field.required,
        "choices": field.choices,
        "archived": field.archived_at is not None,
    }
