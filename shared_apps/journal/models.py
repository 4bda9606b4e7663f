from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func

from shared_apps.core.models import uuid7


class CurrentTransaction(Func):
    """PostgreSQL's 64-bit transaction id: readers follow the journal in commit order by it."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()


class JournalEntry(models.Model):
    """One fact of the salon's (or the platform's) history.

    Append-only: the application's role holds no UPDATE or DELETE on this table.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    stream = models.CharField(max_length=40)
    stream_id = models.UUIDField()
    version = models.PositiveIntegerField()
    event = models.CharField(max_length=80)
    data = models.JSONField()
    days = ArrayField(models.DateField(), default=list)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    channel = models.CharField(max_length=10)
    request_id = models.CharField(max_length=64, blank=True)
    recorded_at = models.DateTimeField()
    transaction_id = models.BigIntegerField(db_default=CurrentTransaction())

    class Meta:
        db_table = "journal_entry"
        constraints = [
            models.UniqueConstraint(
                fields=["stream", "stream_id", "version"], name="journal_entry_version_once"
            )
        ]
        indexes = [
            GinIndex(fields=["days"], name="journal_entry_days"),
            models.Index(fields=["recorded_at"], name="journal_entry_recorded"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.stream_id} v{self.version}"
