from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from shared_apps.accounts.enums import Role
from shared_apps.core.models import BaseModel


class Account(BaseModel, AbstractBaseUser):
    """Somebody who signs in, known to one salon (or to the platform) only.

    Being staff or a client is a fact that other tables state about an account.
    """

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=5, blank=True)
    roles = ArrayField(models.CharField(max_length=20, choices=Role), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    email_confirmed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="accounts_account_email_is_lower",
            ),
            models.CheckConstraint(
                condition=Q(roles__contained_by=[role.value for role in Role]),
                name="accounts_account_roles_are_known",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Session(BaseModel):
    """One sign-in of a program or an app. A refresh token is good for one ``generation``."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    generation = models.PositiveIntegerField(default=1)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="accounts_session_expiry")]

    def __str__(self) -> str:
        return str(self.pk)
