from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import Conflict


class DayAlreadyClosed(Conflict):
    code = "day_already_closed"
    message = _("The salon is closed on that day already.")
