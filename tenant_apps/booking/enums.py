from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """A visit's life, and each of its lines'."""

    HELD = "held", _("Held")
    REQUESTED = "requested", _("Requested")
    CONFIRMED = "confirmed", _("Confirmed")
    ARRIVED = "arrived", _("Arrived")
    IN_SERVICE = "in_service", _("In service")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")
    NO_SHOW = "no_show", _("No-show")


# A visit in one of these takes its time; the others have given theirs back or used it.
LIVE = frozenset({State.HELD, State.REQUESTED, State.CONFIRMED, State.ARRIVED, State.IN_SERVICE})


class Overridable(TextChoices):
    """The codes of refusals that somebody may set aside who is allowed to."""

    SLOT_TAKEN = "slot_taken", _("Overbook on purpose")
    NOT_OFFERED = "not_offered", _("Outside the rota or the opening hours")
    IN_THE_PAST = "in_the_past", _("In the past")
    TOO_SOON = "too_soon", _("At shorter notice")
    TOO_FAR = "too_far", _("Further ahead")


class CancelReason(TextChoices):
    CLIENT = "client", _("Cancelled by the client")
    SALON = "salon", _("Cancelled by the salon")
    MISTAKE = "mistake", _("Entered by mistake")
    EXPIRED = "expired", _("Not confirmed in time")


class AbsenceReason(TextChoices):
    """Why somebody's visits go to colleagues."""

    ILL = "ill", _("Ill")
    TIME_OFF = "time_off", _("Time off")
    OTHER = "other", _("Other")


class BlockKind(TextChoices):
    """Why time is taken though nobody is served."""

    TRAINING = "training", _("Training")
    MEETING = "meeting", _("Meeting")
    ADMIN = "admin", _("Office work")
    PRIVATE = "private", _("Private")
    OUT_OF_SERVICE = "out_of_service", _("Out of service")
    OTHER = "other", _("Other")
