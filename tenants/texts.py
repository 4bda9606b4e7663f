"""Words for people about codes that programs switch on."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SLUG_PROBLEMS: dict[str, str | Promise] = {
    "format": _("Use 3 to 40 lower-case letters, digits and single hyphens."),
    "reserved": _("This address is reserved. Choose another."),
    "taken": _("This address is taken. Choose another."),
    "resting": _("This address was given up lately and rests for a while. Choose another."),
}
