"""The provisioner's loop: it alone holds the owner's role while the system runs."""

import threading
from collections.abc import Callable
from time import monotonic

import psycopg
import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.timezone import now

from tenants.schema import closing, pool
from tenants.schema.direct import Work, alone, as_owner
from tenants.schema.errors import AlreadyRunning, NoScript

PAUSE = 0.5
PAUSE_AFTER_FAILURE = 5.0
HOUSEKEEPING_EVERY = 60.0

log = structlog.get_logger(__name__)


def provision_until(stop: threading.Event) -> None:
    """Keep the pool full and put the dead away. A second provisioner stands by for the first."""
    while not stop.is_set():
        try:
            with as_owner(), alone(Work.PROVISIONING) as session:
                log.info("provisioner at work", ready_salons=settings.READY_SALONS)
                _work(stop, session)
        except AlreadyRunning:
            stop.wait(PAUSE)
        except (psycopg.OperationalError, DatabaseError) as error:
            log.warning("provisioner lost the database", error=str(error))
            stop.wait(PAUSE_AFTER_FAILURE)


def _work(stop: threading.Event, session: psycopg.Connection) -> None:
    next_housekeeping = monotonic()
    while not stop.is_set():
        session.execute("SELECT 'still alone'")
        if monotonic() >= next_housekeeping:
            next_housekeeping = monotonic() + HOUSEKEEPING_EVERY
            _attempt(pool.sweep)
            _attempt(_drop_expired)
        _attempt(closing.put_away_next)
        is_full = _attempt(lambda: pool.fill_pool(_wanted(), may_go_on=lambda: not stop.is_set()))
        stop.wait(PAUSE if is_full else PAUSE_AFTER_FAILURE)


def _attempt(act: Callable[[], object]) -> bool:
    """One schema's trouble is logged and must not keep the others waiting."""
    try:
        act()
    except NoScript as error:
        log.warning("no salon can be made yet", reason=str(error))
        return False
    except Exception:
        log.exception("provisioning failed")
        connection.close_if_unusable_or_obsolete()
        return False
    return True


def _wanted() -> int:
    wanted: int = settings.READY_SALONS
    return wanted


def _drop_expired() -> None:
    closing.drop_next(closed_before=now() - settings.CLOSED_SALONS_KEPT)
