from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Level(TextChoices):
    """How senior somebody is; prices and durations go by it."""

    JUNIOR = "junior", _("Junior")
    STYLIST = "stylist", _("Stylist")
    SENIOR = "senior", _("Senior")
    DIRECTOR = "director", _("Director")


class Colour(TextChoices):
    """The colour family in which a category is drawn everywhere."""

    CUT = "cut", _("Cut")
    COLOUR = "colour", _("Colour")
    NAILS = "nails", _("Nails")
    BROWS = "brows", _("Brows")
    SKIN = "skin", _("Skin")


class PriceKind(TextChoices):
    FIXED = "fixed", _("Fixed")
    FROM = "from", _("From")
    QUOTED = "quoted", _("Quoted")


class TaxCategory(TextChoices):
    """What is taxed; the rate follows from the country and the day."""

    SERVICE = "service", _("Service")
    GOODS = "goods", _("Goods")


class PhaseKind(TextChoices):
    """``work`` takes staff, client and units; ``processing`` frees the staff; ``cleanup``
    takes staff and units without the client."""

    WORK = "work", _("Work")
    PROCESSING = "processing", _("Processing")
    CLEANUP = "cleanup", _("Cleanup")


class Keep(TextChoices):
    """How long a unit, once chosen, stays the same one."""

    PHASE = "phase", _("This phase")
    LINE = "line", _("The whole service")
