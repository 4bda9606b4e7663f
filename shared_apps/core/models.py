from uuid import UUID

from django.db import models
from uuid_utils.compat import uuid7 as _uuid7


def uuid7() -> UUID:
    """A UUID that grows with time, so that new rows land together in the index."""
    return UUID(bytes=_uuid7().bytes)


class BaseModel(models.Model):
    """What every row of ours has: an opaque key and two timestamps."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class IdempotencyKey(models.Model):
    """A creating request that was answered: never its bodies, only what it made."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor = models.CharField(max_length=80)
    route = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    resource_id = models.UUIDField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["actor", "route", "key"], name="core_idempotency_key_once"
            )
        ]
        indexes = [models.Index(fields=["created_at"], name="core_idempotency_age")]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"


class Revision(models.Model):
    """A token that is new after every change of what is read often and changed rarely.

    Never a number: one that a failed transaction counted up to would be given out again.
    """

    name = models.CharField(max_length=20, primary_key=True)
    token = models.UUIDField()

    def __str__(self) -> str:
        return str(self.token)
