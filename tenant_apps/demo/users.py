"""Who can sign in to the demo, and the file that says so.

The file is written before the first salon, as a draft: a run that is killed half-way has
told the next one which passwords it gave away.
"""

import json
import os
import secrets
import string
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from shared_apps.accounts.enums import Role
from shared_apps.accounts.services import hash_password
from tenant_apps.demo.salons import DemoSalon
from tenants.types import SalonCard

ROLES: Mapping[str, Sequence[Role]] = {
    "owner": [Role.OWNER],
    "manager": [Role.MANAGER],
    "receptionist": [Role.RECEPTIONIST],
    "stylist": [Role.STYLIST],
    "client": [],
}
HQ_EMAIL, OPERATOR_EMAIL = "hq@linden-lune.example", "operator@parlour.example"
ALPHABET = string.ascii_letters + string.digits
PASSWORD_LENGTH = 16

User = dict[str, str | None]
Document = dict[str, Any]
Hashes = Mapping[str, str]


def new_document(salons: Sequence[DemoSalon]) -> Document:
    return {
        "salons": [
            {
                "slug": salon.slug,
                "name": salon.name,
                "users": {role: _user(salon.email(role)) for role in ROLES},
            }
            for salon in salons
        ],
        "hq": _user(HQ_EMAIL),
        "operator": _user(OPERATOR_EMAIL),
    }


def _user(email: str) -> User:
    password = "".join(secrets.choice(ALPHABET) for _ in range(PASSWORD_LENGTH))
    return {"email": email, "password": password, "totp_secret": None}  # nosec B105


def hashes_of(document: Document) -> Hashes:
    """By e-mail address. Argon2 is slow on purpose; it leaves the interpreter's lock alone."""
    users = [
        *(user for salon in document["salons"] for user in salon["users"].values()),
        document["hq"],
        document["operator"],
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        hashes = pool.map(hash_password, [user["password"] for user in users])
        return {user["email"]: done for user, done in zip(users, hashes, strict=True)}


class UsersFile:
    def __init__(self, home: Path) -> None:
        self.path = home / "demo-users.json"
        self._draft = home / "demo-users.draft.json"

    @property
    def is_finished(self) -> bool:
        return self.path.exists()

    def read(self) -> Document | None:
        for path in (self.path, self._draft):
            if path.exists():
                found: Document = json.loads(path.read_text())
                return found
        return None

    def draft(self, document: Document) -> None:
        write_private(self._draft, document)

    def finish(self, document: Document, cards: Mapping[str, SalonCard]) -> None:
        for salon in document["salons"]:
            card = cards[salon["slug"]]
            salon |= {
                "schema": card.schema_name,
                "country": card.country,
                "currency": card.currency,
                "timezone": card.timezone,
            }
        write_private(self.path, document)
        self._draft.unlink(missing_ok=True)


def write_private(path: Path, document: Document) -> None:
    """For nobody else's eyes, and never half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    being_written = path.with_suffix(".part")
    being_written.unlink(missing_ok=True)
    with os.fdopen(
        os.open(being_written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w"
    ) as file:
        json.dump(document, file, ensure_ascii=False, indent=2)
    being_written.replace(path)
