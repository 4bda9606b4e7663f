"""Knowing whether what a process keeps in its memory still holds.

Whoever changes it calls ``renew`` in the same transaction (``publish`` does so for every
``SetupEvent``). Whoever keeps it reads the token first and the thing second: what was read is
then never older than its token says.
"""

from uuid import UUID

from shared_apps.core.db import rows
from shared_apps.core.models import uuid7

SETUP = "setup"
CURRENT = "SELECT token FROM core_revision WHERE name = 'setup'"
RENEW = """
INSERT INTO core_revision (name, token) VALUES (%s, %s)
ON CONFLICT (name) DO UPDATE SET token = excluded.token RETURNING token
"""


def renew(name: str = SETUP) -> UUID:
    """From the commit on everybody reads the thing anew."""
    ((token,),) = rows(RENEW, name, uuid7())
    found: UUID = token
    return found


def current_token() -> UUID | None:
    """``None``: nothing was ever changed."""
    found = rows(CURRENT)
    return found[0][0] if found else None
