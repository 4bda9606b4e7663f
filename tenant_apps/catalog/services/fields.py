"""Fields that a salon adds of its own."""

from collections.abc import Sequence
from typing import Any, TypedDict, Unpack, cast
from uuid import UUID

from django.db import transaction
from django.utils.timezone import now

from shared_apps.core.actor import Actor
from shared_apps.core.db import UNIQUE_VIOLATION, refused_as
from shared_apps.core.idempotency import Attempt, once
from tenant_apps.catalog.enums import FieldEntity, FieldKind
from tenant_apps.catalog.errors import CodeTaken, NoSuchField, worded
from tenant_apps.catalog.events import CustomFieldAdded, CustomFieldChanged
from tenant_apps.catalog.models import CustomField
from tenant_apps.catalog.permissions import EDIT_CATALOG
from tenant_apps.catalog.policies.fields import field_problems, is_plain
from tenant_apps.catalog.services.keeping import (
    changed,
    last_place,
    locked,
    put_in_order,
    refuse,
    remember,
)


class FieldChanges(TypedDict, total=False):
    """What is left out stays as it is. Key and kind stay anyway: values are stored by them."""

    label: str
    required: bool
    choices: Sequence[str]


@transaction.atomic
def add_custom_field(
    *,
    entity: FieldEntity,
    key: str,
    kind: FieldKind,
    label: str,
    actor: Actor,
    required: bool = False,
    choices: Sequence[str] = (),
    attempt: Attempt | None = None,
) -> CustomField:
    """Raises ``Invalid``, ``CodeTaken`` (also by an archived field: restore that one)."""
    actor.require(EDIT_CATALOG)

    def add(field_id: UUID) -> UUID:
        problems = field_problems(kind=kind, label=label, choices=choices)
        if not is_plain(key):
            problems["key"] = "plain_code"
        refuse(worded(problems))
        with refused_as(UNIQUE_VIOLATION, lambda: CodeTaken(fields={"key": CodeTaken.message})):
            CustomField.objects.create(
                id=field_id,
                entity=entity,
                key=key,
                kind=kind,
                label=label.strip(),
                required=required,
                choices=list(choices),
                position=last_place(CustomField.objects.filter(entity=entity)),
            )
        remember(
            CustomFieldAdded(stream_id=field_id, version=1, entity=entity, key=key, kind=kind),
            actor=actor,
        )
        return field_id

    return CustomField.objects.get(pk=once(attempt, add))


@transaction.atomic
def change_custom_field(
    *, field_id: UUID, version: int, actor: Actor, **changes: Unpack[FieldChanges]
) -> None:
    """Values that no longer fit are kept until somebody saves their service again."""
    actor.require(EDIT_CATALOG)
    field = locked(CustomField.objects.all(), field_id, NoSuchField, version=version)
    wanted = {"label": field.label, "choices": field.choices, **changes}
    label, choices = str(wanted["label"]).strip(), list(cast("Sequence[str]", wanted["choices"]))
    refuse(worded(field_problems(kind=FieldKind(field.kind), label=label, choices=choices)))
    _write(field, {**changes, "label": label, "choices": choices}, actor)


@transaction.atomic
def archive_custom_field(*, field_id: UUID, version: int, actor: Actor) -> None:
    """Nobody is asked for it any more; what was written into it stays and comes back with it."""
    actor.require(EDIT_CATALOG)
    field = locked(CustomField.objects.all(), field_id, NoSuchField, version=version)
    if field.archived_at is None:
        _write(field, {"archived_at": now()}, actor)


@transaction.atomic
def restore_custom_field(*, field_id: UUID, version: int, actor: Actor) -> None:
    actor.require(EDIT_CATALOG)
    field = locked(CustomField.objects.all(), field_id, NoSuchField, version=version)
    _write(field, {"archived_at": None}, actor)


@transaction.atomic
def order_custom_fields(*, entity: FieldEntity, ids: Sequence[UUID], actor: Actor) -> None:
    """Put all fields of ``entity`` that are not archived in this order."""
    actor.require(EDIT_CATALOG)
    rows = CustomField.objects.select_for_update(no_key=True).filter(
        entity=entity, archived_at=None
    )
    put_in_order(
        list(rows.order_by("id")), ids, lambda row: _event(row, ("position",)), actor=actor
    )


def _write(field: CustomField, values: dict[str, Any], actor: Actor) -> None:
    if names := changed(field, values):
        remember(_event(field, names), actor=actor)


def _event(field: CustomField, names: tuple[str, ...]) -> CustomFieldChanged:
    return CustomFieldChanged(
        stream_id=field.pk,
        version=field.version,
        fields=names,
        archived=field.archived_at is not None,
    )
