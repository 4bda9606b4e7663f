from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import Invalid, NotFound


class NoSuchOption(NotFound):
    code = "option_not_found"
    message = _("This service is not offered here.")


class BadPhases(Invalid):
    code = "phases_invalid"
    message = _("The phases of this service do not fit together.")
