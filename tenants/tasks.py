"""Background work on behalf of a salon. Ids in; the salon is looked up, never believed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast
from uuid import UUID

import structlog
from celery import shared_task
from django.conf import settings
from django.utils.module_loading import import_string

from shared_apps.core.requests import begin_request
from shared_apps.core.scope import public_scope, salon_scope
from shared_apps.journal.selectors import event_at
from shared_apps.outbox import services as outbox
from shared_apps.outbox.models import OutboxMessage
from shared_apps.outbox.registry import NobodyListens, event_type_named, handlers_of, path_of
from shared_apps.outbox.relay import DELIVER
from tenants.enums import SalonState
from tenants.selectors import card_by_id, cards_in

log = structlog.get_logger(__name__)


class SalonRefused(Exception):
    """Work for a salon that is unknown, not open, or not a salon's id at all."""


# What a salon published before it closed is still delivered: its outbox has to be drained.
DELIVERED_TO = (SalonState.ACTIVE, SalonState.CLOSING)


@contextmanager
def open_salon_scope(salon_id: object, *states: SalonState) -> Iterator[None]:
    """The scope of a salon in one of ``states``, else refused before any other query."""
    try:
        wanted = UUID(str(salon_id))
    except ValueError as error:
        raise SalonRefused(f"{salon_id!r} is not a salon's id") from error
    with public_scope():
        card = card_by_id(wanted)
    if card is None or card.state not in states:
        raise SalonRefused(f"{wanted} is not an open salon")
    structlog.contextvars.bind_contextvars(salon_id=str(wanted))
    with salon_scope(card):
        yield


@shared_task(name=DELIVER)
def deliver(message_id: str, lease: str) -> None:
    """Hand one outbox message to its handler, under the salon that wrote it."""
    begin_request()
    with public_scope():
        message = outbox.begin(UUID(message_id), lease=UUID(lease))
    if message is None:
        return  # another worker has it, or it was delivered
    try:
        _handle(message)
    except (SalonRefused, NobodyListens) as error:
        with public_scope():
            outbox.bury(message, str(error))
    except Exception as error:
        log.warning("handler failed", handler=message.handler, exc_info=error)
        with public_scope():
            outbox.put_back(message, error)
    else:
        with public_scope():
            outbox.settle(message)


def _handle(message: OutboxMessage) -> None:
    event_type = event_type_named(message.event)
    handler = _handler_named(message.handler, event_type)
    salon_id = message.salon_id
    with public_scope() if salon_id is None else open_salon_scope(salon_id, *DELIVERED_TO):
        handler(event_at(message.entry_id, event_type))


def _handler_named(path: str, event_type: Any) -> Callable[[Any], None]:
    """Only a handler of the table may run, whatever the message says."""
    for handler in handlers_of(event_type):
        if path_of(handler) == path:
            return handler
    raise NobodyListens(f"{path} does not listen to {event_type.name}")


@shared_task(name="tenants.for_each_salon")
def for_each_salon(work: str) -> None:
    """Queue ``work``, a function named in ``config/schedule.py``, once for every open salon."""
    with public_scope():
        salon_ids = [card.id for card in cards_in(SalonState.ACTIVE)]
    for salon_id in salon_ids:
        in_salon.delay(str(salon_id), work)


@shared_task(name="tenants.in_salon")
def in_salon(salon_id: str, work: str) -> None:
    """Run ``work`` in one salon. A message cannot name any other function."""
    begin_request()
    run = _scheduled(work)
    with open_salon_scope(salon_id, SalonState.ACTIVE):
        run()


@shared_task(name="tenants.in_public")
def in_public(work: str) -> None:
    """The same for the platform's own rows: keys of sign-ups, sessions of operators."""
    begin_request()
    run = _scheduled(work)
    with public_scope():
        run()


def _scheduled(work: str) -> Callable[[], object]:
    if work not in import_string(settings.SALON_WORK):
        raise SalonRefused(f"{work!r} is not scheduled work")
    return cast("Callable[[], object]", import_string(work))
