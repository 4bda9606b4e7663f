from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """A visit's life, and each of its lines'."""

    CONFIRMED = "confirmed", _("Confirmed")
    CANCELLED = "cancelled", _("Cancelled")


class CancelReason(TextChoices):
    CLIENT = "client", _("Cancelled by the client")
    SALON = "salon", _("Cancelled by the salon")
