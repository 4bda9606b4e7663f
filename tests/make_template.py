"""Run as the owner role: public tables, template schema, two open salons, a small pool."""

import django


def main() -> None:
    django.setup()

    from django.core.management import call_command

    call_command("migrate_schemas", shared=True, verbosity=0)
    call_command("migrate_salons", verbosity=0)
    open_salons()
    fill_pool()


def open_salons() -> None:
    from shared_apps.core.actor import Channel, system
    from shared_apps.core.scope import public_scope
    from tenants.enums import Trade
    from tenants.schema.pool import make_ready_schema
    from tenants.services import open_salon

    for name, slug, country in (("Anna", "anna", "DE"), ("Bruno", "bruno", "PL")):
        make_ready_schema()
        with public_scope():
            open_salon(
                name=name,
                slug=slug,
                country=country,
                trade=Trade.HAIR,
                actor=system(Channel.COMMAND),
                confirmed=True,
            )


def fill_pool() -> None:
    from tenants.schema import pool

    pool.fill_pool(2)


if __name__ == "__main__":
    main()
