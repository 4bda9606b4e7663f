from django.db import models
from django.db.models import Q

from shared_apps.core.models import uuid7


class OutboxMessage(models.Model):
    """One event on its way to one handler.

    Lives in the public schema so that one relay serves every salon, and is written in the
    salon's own transaction so that it can never be lost. Delivered rows are deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    salon_id = models.UUIDField(null=True)
    handler = models.CharField(max_length=200)
    event = models.CharField(max_length=80)
    entry_id = models.UUIDField()
    stream_id = models.UUIDField()
    version = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    claimable_at = models.DateTimeField()
    lease = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    dead_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "outbox_message"
        constraints = [
            models.UniqueConstraint(
                fields=["handler", "entry_id"], name="outbox_message_once_per_handler"
            )
        ]
        indexes = [
            models.Index(
                fields=["salon_id", "id"], condition=Q(dead_at=None), name="outbox_message_waiting"
            ),
            models.Index(fields=["handler", "stream_id", "version"], name="outbox_message_stream"),
        ]

    def __str__(self) -> str:
        return f"{self.event} -> {self.handler}"
