"""Salons join chains, one at a time."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import transaction

from shared_apps.chains.errors import AlreadyInChain
from shared_apps.chains.models import Chain, Membership
from shared_apps.chains.permissions import FOUND_CHAIN
from shared_apps.chains.services import found_chain, join_chain
from shared_apps.core.actor import Channel, system
from shared_apps.core.errors import Forbidden
from shared_apps.journal.models import JournalEntry

pytestmark = pytest.mark.usefixtures("in_public")
FOUNDER = system(Channel.COMMAND, permissions=frozenset({FOUND_CHAIN}))
NOBODY = system(Channel.COMMAND)
DAY = date(2026, 1, 1)


def chain(name: str = "Three Sisters") -> Chain:
    return found_chain(name=name, currency="EUR", actor=FOUNDER)


def test_a_salon_joins_a_chain_and_the_chain_remembers() -> None:
    founded, salon_id = chain(), uuid4()

    membership = join_chain(chain_id=founded.pk, salon_id=salon_id, since=DAY, actor=FOUNDER)

    membership.refresh_from_db()
    assert (membership.during.lower, membership.during.upper) == (DAY, None)
    entries = JournalEntry.objects.filter(stream_id=founded.pk).order_by("version")
    assert [(entry.event, entry.version) for entry in entries] == [
        ("chains.chain_founded", 1),
        ("chains.salon_joined", 2),
    ]


def test_a_salon_is_in_one_chain_at_a_time() -> None:
    first, second, salon_id = chain(), chain("Four Brothers"), uuid4()
    join_chain(chain_id=first.pk, salon_id=salon_id, since=DAY, actor=FOUNDER)

    with pytest.raises(AlreadyInChain), transaction.atomic():
        join_chain(chain_id=second.pk, salon_id=salon_id, since=date(2027, 1, 1), actor=FOUNDER)

    Membership.objects.filter(salon_id=salon_id).update(during=(DAY, date(2027, 1, 1)))
    join_chain(chain_id=second.pk, salon_id=salon_id, since=date(2027, 1, 1), actor=FOUNDER)
    assert Membership.objects.filter(salon_id=salon_id).count() == 2


def test_nobody_founds_or_joins_without_the_right() -> None:
    founded = chain()

    with pytest.raises(Forbidden):
        found_chain(name="x", currency="EUR", actor=NOBODY)
    with pytest.raises(Forbidden):
        join_chain(chain_id=founded.pk, salon_id=uuid4(), since=DAY, actor=NOBODY)
