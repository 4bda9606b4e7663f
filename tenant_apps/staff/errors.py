from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import Conflict, NotFound


class NoSuchMember(NotFound):
    code = "staff_not_found"
    message = _("Nobody of this team goes by that id.")


class DayAlreadyClosed(Conflict):
    code = "day_already_closed"
    message = _("The salon is closed on that day already.")
