"""Errors that business code raises. They know nothing of HTTP."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class DomainError(Exception):
    """A rule of the business said no.

    ``code`` is stable: clients switch on it. ``fields`` names what to mend, by path
    (``"lines.0.option_id"``). ``extra`` is what a client needs to go on, ready for JSON.
    """

    code: ClassVar[str] = "refused"
    message: ClassVar[Text] = _("The request was refused.")

    def __init__(
        self,
        message: Text | None = None,
        *,
        fields: Mapping[str, Text] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self.text = message or self.message
        self.fields = dict(fields or {})
        self.extra = dict(extra or {})
        super().__init__(self.text)

    def __str__(self) -> str:
        return str(self.text)


class Invalid(DomainError):
    code = "invalid"
    message = _("Some fields are not valid.")


class Unauthenticated(DomainError):
    code = "unauthenticated"
    message = _("Sign in first.")


class Forbidden(DomainError):
    code = "forbidden"
    message = _("You may not do this.")


class NotFound(DomainError):
    code = "not_found"
    message = _("There is no such record.")


class Gone(DomainError):
    code = "gone"
    message = _("This link has ended.")


class Conflict(DomainError):
    code = "conflict"
    message = _("The record clashes with another.")


class Stale(Conflict):
    code = "stale"
    message = _("Somebody changed this record meanwhile. Load it again.")


class TooMany(DomainError):
    """``retry_after`` is in whole seconds."""

    code = "too_many_requests"
    message = _("Too many requests. Try again later.")

    def __init__(self, *, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after


class Unavailable(DomainError):
    """``retry_after`` is in whole seconds."""

    code = "unavailable"
    message = _("This is not available at the moment. Try again shortly.")

    def __init__(self, message: Text | None = None, *, retry_after: int = 5) -> None:
        super().__init__(message)
        self.retry_after = retry_after
