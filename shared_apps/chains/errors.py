from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import Conflict


class AlreadyInChain(Conflict):
    code = "already_in_chain"
    message = _("This salon belongs to a chain at that time.")
