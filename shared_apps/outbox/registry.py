"""Who listens to what. The table is named by ``settings.SUBSCRIPTIONS``."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, cast

from django.conf import settings
from django.utils.module_loading import import_string

from shared_apps.core.events import Event

Handler = Callable[[Any], None]
Subscriptions = Mapping[type[Event], tuple[Handler, ...]]


@lru_cache
def subscriptions() -> Subscriptions:
    return cast("Subscriptions", import_string(settings.SUBSCRIPTIONS))


def path_of(handler: Handler) -> str:
    return f"{handler.__module__}.{handler.__qualname__}"


def handlers_of(event_type: type[Event]) -> tuple[Handler, ...]:
    return subscriptions().get(event_type, ())


class NobodyListens(LookupError):
    """A message for a handler or an event that the table does not know."""


def event_type_named(name: str) -> type[Event]:
    """The class of a subscribed event; raises ``NobodyListens`` for any other."""
    for event_type in subscriptions():
        if event_type.name == name:
            return event_type
    raise NobodyListens(f"nobody subscribes to {name}")
