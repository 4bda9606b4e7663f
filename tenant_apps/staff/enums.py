from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TimeOffKind(TextChoices):
    HOLIDAY = "holiday", _("Holiday")
    SICK = "sick", _("Sick")
    PARENTAL = "parental", _("Parental leave")
    UNPAID = "unpaid", _("Unpaid leave")
    OTHER = "other", _("Something else")


class TimeOffState(TextChoices):
    REQUESTED = "requested", _("Requested")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ClosedFor(TextChoices):
    """Why the salon stays shut on a day."""

    HOLIDAY = "holiday", _("Public holiday")
    VACATION = "vacation", _("Salon holidays")
    WORKS = "works", _("Building works")
    TRAINING = "training", _("Training of the team")
    OTHER = "other", _("Something else")
