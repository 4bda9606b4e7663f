"""The mailbox page of development. In production its addresses do not exist."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tenant_apps.notifications.mailbox import Mail, newest_first

# Letters carry their styles with them, and a frame inherits the page's policy.
LetterPage = Callable[[HttpRequest, str], HttpResponse]
with_own_styles: Callable[[LetterPage], LetterPage] = cast("Any", csp_replace)(
    {"style-src": [SELF, UNSAFE_INLINE]}
)
SHOWN = ("From", "To", "Subject", "Date", "Message-ID")


@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    return render(request, "dev/mail.html", {"messages": [_row(mail) for mail in _mails()]})


@with_own_styles
@require_safe
def mail_message(request: HttpRequest, key: str) -> HttpResponse:
    mails = _mails()
    chosen = next((mail for mail in mails if mail.id == key), None)
    if chosen is None:
        raise Http404
    message = {
        **_row(chosen),
        "headers": [(name, chosen.message[name]) for name in SHOWN],
        "html": chosen.part("html"),
        "text": chosen.part("plain"),
    }
    context = {"messages": [_row(mail) for mail in mails], "message": message}
    return render(request, "dev/mail_message.html", context)


def _mails() -> list[Mail]:
    return newest_first(Path(settings.MAILBOX_DIR)) if settings.MAILBOX_DIR else []


def _row(mail: Mail) -> dict[str, Any]:
    return {
        "id": mail.id,
        "from": mail.message["From"],
        "to": mail.message["To"],
        "subject": mail.message["Subject"],
        "date": mail.message["Date"],
    }
