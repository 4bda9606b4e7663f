from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import Conflict, Unauthenticated


class WrongCredentials(Unauthenticated):
    """The same for an unknown address and a wrong password."""

    code = "wrong_credentials"
    message = _("The e-mail address or the password is not right.")


class InvalidToken(Unauthenticated):
    code = "invalid_token"
    message = _("Sign in again.")


class EmailTaken(Conflict):
    code = "email_taken"
    message = _("There is an account with this e-mail address.")
