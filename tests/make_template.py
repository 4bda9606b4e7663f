"""Run as the owner role: public tables, template schema, two open salons, a small pool."""

import django

OWNER_PASSWORD = "a horse reads maps"
SALONS = (("Anna", "anna", "GB"), ("Bruno", "bruno", "PL"))
READY = 2


def main() -> None:
    django.setup()

    from django.core.management import call_command

    from tenants.schema import pool

    call_command("migrate_schemas", shared=True, verbosity=0)
    call_command("migrate_salons", verbosity=0)
    for _ in SALONS:
        pool.make_ready_schema()
    open_salons()
    deliver()
    pool.fill_pool(READY)


def open_salons() -> None:
    """As anybody would: each with an owner, a price list, hours and one member."""
    from shared_apps.core.actor import Channel, system
    from shared_apps.core.scope import public_scope
    from tenant_apps.onboarding.services import sign_up
    from tenant_apps.onboarding.types import Owner, SignUp
    from tenants.enums import Trade
    from tenants.services import confirm_owner

    actor = system(Channel.COMMAND)
    for name, slug, country in SALONS:
        owner = Owner(name=f"{name} Owner", email=f"{slug}@example.com", password=OWNER_PASSWORD)
        request = SignUp(name=name, slug=slug, country=country, trade=Trade.HAIR, owner=owner)
        salon_id = sign_up(request=request, actor=actor)
        with public_scope():
            confirm_owner(salon_id=salon_id, actor=actor)


def deliver() -> None:
    """A kept template is older than the relay may lag: nothing in it waits to be delivered."""
    from shared_apps.core.scope import public_scope
    from shared_apps.outbox.models import OutboxMessage

    with public_scope():
        OutboxMessage.objects.all().delete()


if __name__ == "__main__":
    main()
