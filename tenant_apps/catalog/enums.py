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
    VISIT = "visit", _("The whole visit")


class PhasePerformer(TextChoices):
    """Who works on a phase: whoever does the service (its *lead*), any colleague who does it
    too, or nobody."""

    LEAD = "lead", _("Whoever does the service")
    ANY_QUALIFIED = "any_qualified", _("Anybody who does this service")
    NONE = "none", _("Nobody")


class NewClients(TextChoices):
    """To whom a service is sold: a new client is one who has never been here."""

    ANY = "any", _("Everybody")
    ONLY_NEW = "only_new", _("New clients only")
    ONLY_KNOWN = "only_known", _("Known clients only")


class AddonPlace(TextChoices):
    """Where an add-on goes: around the service it belongs to, or while that develops."""

    BEFORE = "before", _("Before the service")
    AFTER = "after", _("After the service")
    DURING = "during", _("While the service develops")


class FieldEntity(TextChoices):
    """What a salon may add fields of its own to."""

    SERVICE = "service", _("Service")


class FieldKind(TextChoices):
    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    BOOLEAN = "boolean", _("Yes or no")
    CHOICE = "choice", _("Choice")
    DATE = "date", _("Date")
