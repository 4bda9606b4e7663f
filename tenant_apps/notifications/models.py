from django.db import models

from shared_apps.core.models import BaseModel


class Delivery(BaseModel):
    """One message to one person about one thing that happened: sent once, however often tried."""

    kind = models.CharField(max_length=40)
    about_id = models.UUIDField()
    version = models.PositiveIntegerField()
    channel = models.CharField(max_length=10)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "about_id", "version", "channel"], name="notifications_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about_id}"
