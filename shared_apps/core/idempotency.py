"""Do a creating request once, however often it is sent (``Idempotency-Key``)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from shared_apps.core.actor import Actor
from shared_apps.core.errors import DomainError, Invalid
from shared_apps.core.models import IdempotencyKey, uuid7

KEPT = timedelta(hours=24)
LONGEST = 200


class KeyReused(DomainError):
    code = "idempotency_key_reused"
    message = _("This Idempotency-Key was used for another request. Use a new one.")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request: who, which route, under which key, with which body."""

    actor: Actor
    route: str
    key: str
    body: bytes

    @property
    def body_hash(self) -> str:
        """Keyed: a body may hold a password, which a plain hash would let anybody guess at."""
        return salted_hmac("parlour.idempotency", self.body, algorithm="sha256").hexdigest()


def checked_key(key: str | None, *, required: bool) -> str | None:
    """Guests share one name space; only the very same body renders the first result again, so
    a key that two of them think of gives nothing away."""
    if not key:
        if required:
            raise Invalid(
                fields={"Idempotency-Key": _("Send this header with a new UUID for each booking.")}
            )
        return None
    if len(key) > LONGEST or not (key.isascii() and key.isprintable()):
        raise Invalid(fields={"Idempotency-Key": _("Use at most 200 printable characters.")})
    return key


def once(attempt: Attempt | None, command: Callable[[UUID], UUID], *, status: int = 201) -> UUID:
    """Run ``command`` in a transaction, unless the same request came before.

    ``command`` is given an id for what it makes and answers with the one it used. The key is
    written in the command's own transaction: a process that dies between commit and answer
    leaves a key that renders the same result, one that dies before leaves none. A second
    request under way with the same key waits on the unique index for the first.
    """
    planned = uuid7()
    with transaction.atomic():
        if attempt is None:
            return command(planned)
        claimed = _claim(attempt, planned, status)
        if claimed is None:
            return _first_result(attempt)
        resource_id = command(planned)
        if resource_id != planned:
            IdempotencyKey.objects.filter(pk=claimed).update(resource_id=resource_id)
        return resource_id


def _claim(attempt: Attempt, planned: UUID, status: int) -> UUID | None:
    """Write the key; ``None`` when it is there already. A key past its day is a new one."""
    moment = now()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO core_idempotencykey AS kept
                (id, actor, route, key, body_hash, status, resource_id, created_at)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
            ON CONFLICT (actor, route, key) DO UPDATE SET
                id = excluded.id, body_hash = excluded.body_hash, status = excluded.status,
                resource_id = excluded.resource_id, created_at = excluded.created_at
            WHERE kept.created_at < %s
            RETURNING id
            """,
            [
                uuid7(),
                attempt.actor.key,
                attempt.route,
                attempt.key,
                attempt.body_hash,
                status,
                planned,
                moment,
                moment - KEPT,
            ],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _first_result(attempt: Attempt) -> UUID:
    first = IdempotencyKey.objects.get(
        actor=attempt.actor.key, route=attempt.route, key=attempt.key
    )
    if first.body_hash != attempt.body_hash:
        raise KeyReused
    return first.resource_id


def forget_old_keys() -> int:
    """Delete keys past their day in the scope at hand."""
    deleted, _by_model = IdempotencyKey.objects.filter(created_at__lt=now() - KEPT).delete()
    return deleted
