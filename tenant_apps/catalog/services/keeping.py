"""How every change of the price list is made: lock, compare the version, write, remember."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.db.models import Max, Model, QuerySet

from shared_apps.core.actor import Actor
from shared_apps.core.errors import Invalid, NotFound, Stale, Text
from shared_apps.core.events import Event
from shared_apps.journal.services import publish
from tenant_apps.catalog.errors import PROBLEMS


class Kept(Protocol):
    """A row that is changed under optimistic locking."""

    pk: Any
    version: int

    def save(self, *, update_fields: list[str]) -> None: ...


class Placed(Kept, Protocol):
    position: int


M = TypeVar("M", bound=Model)
P = TypeVar("P", bound=Placed)


def remember(event: Event, *, actor: Actor) -> None:
    """The one door: every change of the price list and of the units passes here, last."""
    publish(event, actor=actor)


def locked(
    rows: "QuerySet[M]", pk: UUID, missing: type[NotFound], *, version: int | None = None
) -> M:
    """The row, locked until commit. ``version`` is the one its editor saw."""
    row = rows.select_for_update(no_key=True).filter(pk=pk).first()
    if row is None:
        raise missing
    now = row.version  # type: ignore[attr-defined]
    if version not in {None, now}:
        raise Stale(extra={"version": now})
    return row


def changed(row: Kept, values: Mapping[str, Any], *, also: bool = False) -> tuple[str, ...]:
    """Write those ``values`` that are new, and say which. Nothing new, nothing written, unless
    what belongs to the row has changed ``also``."""
    names = tuple(name for name, value in values.items() if getattr(row, name) != value)
    if names or also:
        for name in names:
            setattr(row, name, values[name])
        row.version += 1
        row.save(update_fields=[*names, "version", "updated_at"])
    return names


def last_place(rows: "QuerySet[Any]") -> int:
    """The place after the last one."""
    highest: int | None = rows.aggregate(highest=Max("position"))["highest"]
    return 0 if highest is None else highest + 1


def put_in_order(
    rows: Sequence[P], ids: Sequence[UUID], moved: Callable[[P], Event], *, actor: Actor
) -> None:
    """Give ``rows`` (locked, all that there are) the places of ``ids``; those that were not in
    theirs are remembered. Raises ``Invalid`` unless ``ids`` names each once."""
    by_id = {row.pk: row for row in rows}
    if len(ids) != len(rows) or set(ids) != set(by_id):
        raise Invalid(fields={"ids": PROBLEMS["all_of_them"]})
    for place, pk in enumerate(ids):
        if changed(by_id[pk], {"position": place}):
            remember(moved(by_id[pk]), actor=actor)


def refuse(problems: Mapping[str, Text]) -> None:
    if problems:
        raise Invalid(fields=problems)
