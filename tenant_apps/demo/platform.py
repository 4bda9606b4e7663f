"""What the demo has outside its salons: the chain, its head office, the platform's operator."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction

from shared_apps.accounts.enums import Role
from shared_apps.accounts.errors import EmailTaken
from shared_apps.accounts.services import open_account
from shared_apps.chains.permissions import FOUND_CHAIN
from shared_apps.chains.services import found_chain, join_chain
from shared_apps.core.actor import Channel, system
from shared_apps.core.scope import public_scope
from tenant_apps.demo.salons import CHAIN, CHAIN_CURRENCY, CHAIN_NAME
from tenant_apps.demo.users import HQ_EMAIL, OPERATOR_EMAIL, Hashes
from tenants.types import SalonCard

IN_CHAIN_FOR = timedelta(days=730)
PEOPLE = (
    (HQ_EMAIL, "Luna Seidel", Role.HQ),
    (OPERATOR_EMAIL, "Robin Parlour", Role.OPERATOR),
)


def furnish_platform(salons: Mapping[str, SalonCard], *, today: date, hashes: Hashes) -> None:
    """All or nothing; a second time it finds its accounts there and leaves all as it is."""
    try:
        with public_scope():
            _furnish(salons, today, hashes)
    except EmailTaken:
        return


@transaction.atomic
def _furnish(salons: Mapping[str, SalonCard], today: date, hashes: Hashes) -> None:
    actor = system(Channel.COMMAND, permissions=frozenset({FOUND_CHAIN}))
    for email, name, role in PEOPLE:
        open_account(
            email=email,
            name=name,
            password_hash=hashes[email],
            roles=[role],
            actor=actor,
            confirmed=True,
        )
    chain = found_chain(name=CHAIN_NAME, currency=CHAIN_CURRENCY, actor=actor)
    for salon in CHAIN:
        join_chain(
            chain_id=chain.pk,
            salon_id=salons[salon.slug].id,
            since=today - IN_CHAIN_FOR,
            actor=actor,
        )
