from django.db import models

from shared_apps.accounts.models import Account
from shared_apps.core.models import BaseModel


class Client(BaseModel):
    """The card of somebody who is served. Families share addresses, so none is unique.

    ``is_confirmed``: the person or the reception vouches that card and person belong together.
    """

    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=5, blank=True)
    is_confirmed = models.BooleanField(default=False)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["email"], name="clients_client_email"),
            models.Index(fields=["phone"], name="clients_client_phone"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ContactCode(BaseModel):
    """Six digits on their way to an e-mail address, to prove that somebody reads it there."""

    email = models.EmailField()
    code = models.CharField(max_length=6)
    language = models.CharField(max_length=5, blank=True)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["email", "-id"], name="clients_contactcode_latest")]

    def __str__(self) -> str:
        return str(self.pk)


class ClientAccess(BaseModel):
    """An account may act for a client: oneself, or a parent for a child."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "client"], name="clients_access_once")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} for {self.client_id}"
