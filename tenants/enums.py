from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SalonState(TextChoices):
    """A salon's life. ``creating``: a ready schema that nobody has taken yet."""

    CREATING = "creating", _("Being set up")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    CLOSING = "closing", _("Closing")
    CLOSED = "closed", _("Closed")


class Trade(TextChoices):
    HAIR = "hair", _("Hair salon")
    BARBER = "barber", _("Barber")
    NAILS = "nails", _("Nail studio")
    BEAUTY = "beauty", _("Beauty salon")
    SPA = "spa", _("Spa")
