"""E-mails: one template pair in the reader's language, sent through Django's SMTP backend."""

from dataclasses import dataclass, field
from email.utils import formataddr, parseaddr
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from tenants.selectors import current_salon, salon_url


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """``template`` names ``<template>.txt`` (first line: the subject) and ``<template>.html``."""

    template: str
    to: str
    language: str
    about_id: UUID
    version: int
    context: dict[str, Any] = field(default_factory=dict)
    attachments: tuple[tuple[str, bytes, str], ...] = ()


PERMANENT = 500


class AddressRefused(Exception):
    """The mail server will never take a letter for this address."""


class MailNotTaken(Exception):
    """The mail server refused the letter or went away."""


def send(letter: Letter) -> None:
    """Hand the letter to the mail server, or raise so that the outbox tries again.

    The Message-ID is the same at every try, so a mailbox can drop a second copy.
    """
    salon = current_salon()
    with translation.override(letter.language or salon.language):
        context = {"salon": salon, "salon_url": salon_url(salon), **letter.context}
        text = render_to_string(f"notifications/{letter.template}.txt", context)
        html = render_to_string(f"notifications/{letter.template}.html", context)
    subject, _, body = text.partition("\n")
    message = EmailMultiAlternatives(
        subject=subject.strip(),
        body=body.strip() + "\n",
        to=[letter.to],
        headers={
            "Message-ID": f"<{letter.template}.{letter.about_id}.{letter.version}@{salon.host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.from_email = _from(message, salon.name)
    message.attach_alternative(html, "text/html")
    for name, content, kind in letter.attachments:
        message.attach(name, content, kind)
    try:
        message.send()
    except SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        if all(code >= PERMANENT for code in codes):
            raise AddressRefused from None
        raise MailNotTaken(type(error).__name__) from None
    except SMTPException as error:
        # From None: the server's words may quote the address, and logs must not.
        raise MailNotTaken(type(error).__name__) from None


def _from(message: EmailMultiAlternatives, name: str) -> str:
    """The salon's name over the platform's address: only that one is allowed to send."""
    return formataddr((name, parseaddr(message.from_email)[1]))
