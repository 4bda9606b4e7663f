from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import Conflict, DomainError, Invalid, NotFound, Unavailable


class SlugRefused(Invalid):
    code = "slug_refused"
    message = _("This address cannot be used.")


class SlugTaken(Conflict):
    code = "slug_taken"
    message = _("This address is taken.")


class NoSuchSalon(NotFound):
    message = _("There is no such salon.")


class NoSalonReady(Unavailable):
    code = "no_salon_ready"
    message = _("We are preparing more salons. Try again in a few seconds.")


class WrongState(DomainError):
    code = "wrong_salon_state"
    message = _("The salon is not in a state that allows this.")
