from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import Invalid, NotFound


class NoSuchClient(NotFound):
    code = "client_not_found"
    message = _("There is no such client.")


class ContactRefused(Invalid):
    code = "contact_invalid"
    message = _("We cannot reach you with these details.")
