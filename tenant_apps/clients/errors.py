from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import Invalid, NotFound


class NoSuchClient(NotFound):
    code = "client_not_found"
    message = _("There is no such client.")


class CodeRefused(Invalid):
    """The same for a wrong code, an old one, and an address that no code was sent to."""

    code = "code_refused"
    message = _("This code is wrong or too old. Ask for a new one.")


class ContactRefused(Invalid):
    code = "contact_invalid"
    message = _("We cannot reach you with these details.")
