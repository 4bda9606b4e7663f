"""Events to journal rows and back."""

from dataclasses import fields
from typing import Any, TypeVar
from uuid import UUID

from pydantic import TypeAdapter

from shared_apps.core.events import Event

COMMON = frozenset(field.name for field in fields(Event))
E = TypeVar("E", bound=Event)


_adapters: dict[type[Event], TypeAdapter[Any]] = {}


def _adapter(event_type: type[Event]) -> TypeAdapter[Any]:
    """Building one costs milliseconds; each event class needs one."""
    if event_type not in _adapters:
        _adapters[event_type] = TypeAdapter(event_type)
    return _adapters[event_type]


def facts_of(event: Event) -> dict[str, Any]:
    """What is particular to this event, ready for JSON."""
    everything: dict[str, Any] = _adapter(type(event)).dump_python(event, mode="json")
    return {name: value for name, value in everything.items() if name not in COMMON}


def rebuild(
    event_type: type[E], *, stream_id: UUID, version: int, days: Any, data: dict[str, Any]
) -> E:
    """The event as it was published; unknown facts of a later release are ignored."""
    known = {field.name for field in fields(event_type)}
    facts = {name: value for name, value in data.items() if name in known}
    event: E = _adapter(event_type).validate_python(
        {**facts, "stream_id": stream_id, "version": version, "days": days}
    )
    return event
