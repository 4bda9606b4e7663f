"""A real mail server for tests, the letters it took, and a worker that brings them there."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from deploy.local.ports import free_port
from shared_apps.core.scope import public_scope
from shared_apps.outbox.models import OutboxMessage
from tenants.tasks import deliver


class PostOffice(Controller):
    """Takes letters over SMTP in a thread of its own. ``refuses``: the next so many are not."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.refuses = 0
        super().__init__(self, hostname="127.0.0.1", port=free_port())

    def factory(self) -> SMTP:
        return SMTP(self.handler, enable_SMTPUTF8=True, hostname="post.test")

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refuses:
            self.refuses -= 1
            return "451 try again later"
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 taken"


@contextmanager
def open_post_office() -> Iterator[PostOffice]:
    office = PostOffice()
    office.start()
    try:
        yield office
    finally:
        office.stop()


def text_of(letter: EmailMessage, kind: str = "plain") -> str:
    body = letter.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def messages_about(visit: dict[str, Any]) -> list[OutboxMessage]:
    """What waits in the outbox, the oldest first."""
    with public_scope():
        return list(OutboxMessage.objects.filter(stream_id=visit["id"]).order_by("id"))


def deliver_now(message: OutboxMessage) -> None:
    lease = UUID(int=7)
    with public_scope():
        OutboxMessage.objects.filter(pk=message.pk).update(lease=lease)
    deliver(str(message.pk), str(lease))


def deliver_all(visit: dict[str, Any]) -> None:
    for message in messages_about(visit):
        deliver_now(message)
    assert messages_about(visit) == []
