from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import Conflict, NotFound


class DayAlreadyClosed(Conflict):
    code = "day_already_closed"
    message = _("The salon is closed on that day already.")


class NoSuchMember(NotFound):
    code = "member_not_found"
    message = _("There is nobody of that id in the team.")


class AccountHasMember(Conflict):
    code = "account_has_member"
    message = _("Somebody else of the team signs in with this account.")


class NoSuchTimeOff(NotFound):
    code = "time_off_not_found"
    message = _("There is no such time off.")


class TimeOffSettled(Conflict):
    """``extra["state"]``: what became of it."""

    code = "time_off_settled"
    message = _("This time off has been decided already.")
