"""The development mailbox: what the local SMTP server took, read from its Maildir."""

import re
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from mailbox import Maildir
from pathlib import Path

MOST = 200


@dataclass(frozen=True, slots=True)
class Mail:
    id: str
    message: EmailMessage

    def part(self, kind: str) -> str:
        """The body as ``plain`` or ``html``; empty when there is none."""
        body = self.message.get_body((kind,))
        return str(body.get_content()) if body else ""


def newest_first(folder: Path) -> list[Mail]:
    """The messages in ``folder``."""
    if not (folder / "cur").is_dir():  # nothing has arrived yet
        return []
    box = Maildir(folder, create=False)
    parser = BytesParser(policy=policy.default)
    keys = sorted(box.keys(), key=_arrival, reverse=True)[:MOST]
    return [Mail(key, parser.parsebytes(box.get_bytes(key))) for key in keys]


def _arrival(key: str) -> list[int]:
    """A name begins with seconds and microseconds, written without leading zeros."""
    return [int(number) for number in re.findall(r"\d+", key)]
