from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import Conflict, Gone, Invalid, NotFound


class SlotTaken(Conflict):
    """``extra["alternatives"]``: the nearest times that are free. When it was a block that was
    refused, ``extra["in_the_way"]``: what is there."""

    code = "slot_taken"
    message = _("This time has just been taken.")


class NotOffered(Conflict):
    """Nobody works then, or the services do not fit before closing."""

    code = "not_offered"
    message = _("The salon does not offer this time.")


class InThePast(Invalid):
    code = "in_the_past"
    message = _("This time has passed.")


class TooSoon(Invalid):
    code = "too_soon"
    message = _("This time is too soon to be booked online.")


class TooFar(Invalid):
    code = "too_far"
    message = _("The diary is not open that far ahead yet.")


class NobodyDoesThis(Invalid):
    code = "nobody_does_this"
    message = _("This person does not do this service.")


class WrongOrder(Invalid):
    code = "wrong_order"
    message = _("These services have to come in another order.")


class NotForThisClient(Invalid):
    code = "not_for_this_client"
    message = _("This service is sold to certain clients only: to new ones, or to known ones.")


class PriceChanged(Conflict):
    """``extra["total"]``: what it costs now."""

    code = "price_changed"
    message = _("The price has changed meanwhile.")


class NoSuchAppointment(NotFound):
    code = "appointment_not_found"
    message = _("There is no such appointment.")


class NoSuchParty(NotFound):
    """Never was, or is somebody else's."""

    code = "party_not_found"
    message = _("There is no such party.")


class NoSuchBlock(NotFound):
    """Never was, or was removed."""

    code = "block_not_found"
    message = _("There is no such block.")


class PriceIsFixed(Conflict):
    """What is to come off is for the till to take off."""

    code = "price_is_fixed"
    message = _("The price of this service is fixed.")


class NoSuchLine(NotFound):
    code = "line_not_found"
    message = _("This appointment has no such line.")


class WrongState(Conflict):
    """``extra``: the ``state`` it is in, and what is ``possible`` from there; where one of several
    ``lines`` has to be named, those."""

    code = "wrong_state"
    message = _("This cannot be done with the appointment as it is now.")


class NotCancellable(Conflict):
    """``extra`` as of ``WrongState``."""

    code = "not_cancellable"
    message = _("This appointment cannot be cancelled any more.")


class LinkEnded(Gone):
    code = "link_ended"


class NotMovable(Conflict):
    code = "not_movable"
    message = _("This appointment cannot be moved any more.")


class NotToday(Conflict):
    code = "not_today"
    message = _("Nobody can do this any more today.")


class NoSuchHold(NotFound):
    code = "hold_not_found"
    message = _("Nothing is held with this token.")


class HoldExpired(Conflict):
    code = "hold_expired"
    message = _("The time was held for a few minutes only. Please choose one again.")


class TooManyHolds(Conflict):
    """By one network, or on one day by all strangers together."""

    code = "too_many_holds"
    message = _("Too many times are being held at once. Please book one of them first.")
