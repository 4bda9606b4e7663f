"""A closed salon is shut, kept for a while, and dropped."""

from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import ProgrammingError, connection
from django.utils.timezone import now

from shared_apps.core.scope import public_scope, salon_scope
from shared_apps.outbox.models import OutboxMessage
from tenants.enums import SalonState
from tenants.models import Salon
from tenants.schema import closing
from tenants.schema.direct import connect
from tenants.types import SalonCard
from tests.database import APP, WorkerDatabase
from tests.tenants.schema.kill import Point, killed


def close(salon: SalonCard) -> None:
    """Close the salon after the relay has delivered what its opening announced."""
    with public_scope():
        OutboxMessage.objects.all().delete()
        Salon.objects.filter(pk=salon.id).update(state=SalonState.CLOSING)


def state_of(salon: SalonCard) -> str:
    with public_scope():
        return Salon.objects.get(pk=salon.id).state


def schemas_of(salon: SalonCard) -> list[str]:
    with connect() as session:
        found = session.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname LIKE '%%' || %s", [salon.id.hex]
        )
        return [name for (name,) in found]


def message_for(salon: SalonCard) -> None:
    with public_scope():
        OutboxMessage.objects.create(
            salon_id=salon.id,
            handler="nobody",
            event="tenants.salon_closed",
            entry_id=uuid4(),
            stream_id=salon.id,
            version=1,
            created_at=now(),
            claimable_at=now(),
        )


def test_nothing_closing_nothing_done(owner: WorkerDatabase) -> None:
    assert closing.put_away_next() is None
    assert closing.drop_next(closed_before=now()) is None


def test_a_closing_salon_is_put_out_of_reach(
    owner: WorkerDatabase, salon: SalonCard, other_salon: SalonCard
) -> None:
    close(salon)
    done = closing.put_away_next()
    assert done is not None
    assert done.pk == salon.id
    assert closing.put_away_next() is None
    assert (state_of(salon), state_of(other_salon)) == ("closed", "active")
    assert schemas_of(salon) == [f"closed_{salon.id.hex}"]
    with salon_scope(salon), connection.cursor() as cursor, pytest.raises(ProgrammingError):
        cursor.execute("SELECT count(*) FROM clients_client")
    url = owner.servers.database_url(owner.name, APP)
    with psycopg.connect(url) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(f"SELECT count(*) FROM closed_{salon.id.hex}.clients_client".encode())


def test_its_outbox_is_drained_first(owner: WorkerDatabase, salon: SalonCard) -> None:
    close(salon)
    message_for(salon)
    assert closing.put_away_next() is None
    with public_scope():
        OutboxMessage.objects.all().delete()
    assert closing.put_away_next() is not None


def test_another_salons_messages_do_not_hold_it_up(
    owner: WorkerDatabase, salon: SalonCard, other_salon: SalonCard
) -> None:
    close(salon)
    message_for(other_salon)
    assert closing.put_away_next() is not None


def test_its_schema_is_kept_and_then_dropped(owner: WorkerDatabase, salon: SalonCard) -> None:
    close(salon)
    closing.put_away_next()
    assert closing.drop_next(closed_before=now() - timedelta(days=30)) is None
    with public_scope():
        Salon.objects.filter(pk=salon.id).update(state_since=now() - timedelta(days=31))
    dropped = closing.drop_next(closed_before=now() - timedelta(days=30))
    assert dropped is not None
    assert dropped.pk == salon.id
    assert schemas_of(salon) == []
    assert closing.drop_next(closed_before=now()) is None
    assert state_of(salon) == "closed"


def test_a_salon_with_locked_tables_is_left_for_later(
    owner: WorkerDatabase, salon: SalonCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenants.schema.closing.BRIEF_LOCKS", "SET LOCAL lock_timeout = '50ms'")
    close(salon)
    closing.put_away_next()
    with connect() as export:
        export.autocommit = False
        export.execute(f"SELECT FROM closed_{salon.id.hex}.clients_client".encode())
        with pytest.raises(Exception, match="lock timeout"):
            closing.drop_next(closed_before=now())
        export.rollback()
    assert closing.drop_next(closed_before=now()) is not None


@pytest.mark.parametrize(
    "point",
    [
        Point("before", "tenants.schema.closing.rights_withdrawn"),
        Point("before", "tenants.schema.closing.name_after_closing"),
        Point("after", "tenants.schema.closing.now"),
        Point("after", "tenants.schema.closing.put_away_next"),
    ],
    ids=str,
)
def test_killed_while_closing_and_run_again(
    owner: WorkerDatabase, salon: SalonCard, point: Point
) -> None:
    close(salon)
    killed(lambda: closing.put_away_next(), point)
    closing.put_away_next()
    assert state_of(salon) == "closed"
    assert schemas_of(salon) == [f"closed_{salon.id.hex}"]
