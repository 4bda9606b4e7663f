from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """Seven in a salon, two in the public scope. A client's account has none."""

    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    RECEPTIONIST = "receptionist", _("Receptionist")
    STYLIST = "stylist", _("Stylist")
    TRAINEE = "trainee", _("Trainee")
    CHAIR_RENTER = "chair_renter", _("Chair renter")
    ACCOUNTANT = "accountant", _("Accountant")
    HQ = "hq", _("Head office")
    OPERATOR = "operator", _("Platform operator")
