"""What a process keeps of a salon never outlives a change."""

from datetime import date

import pytest
from django.db import transaction

from shared_apps.core.actor import Channel, system
from shared_apps.core.models import uuid7
from shared_apps.core.revisions import renew
from shared_apps.core.scope import salon_scope
from tenant_apps.booking.selectors.setup import (
    Setup,
    SetupChanged,
    kept_setup,
    with_setup,
)
from tenant_apps.booking.services.rota import close_day
from tenant_apps.catalog.models import Option
from tenant_apps.staff.models import Skill
from tenant_apps.staff.permissions import EDIT_ROTA
from tenants.types import SalonCard
from tests.desk import Desk

pytestmark = pytest.mark.django_db
CUT = "Women’s cut and finish"
MANAGER = system(Channel.COMMAND, permissions=frozenset({EDIT_ROTA}))


def offered_days(desk: Desk) -> set[str]:
    return {start["starts_at"][:10] for start in desk.starts(CUT)}


def test_a_day_closed_a_moment_ago_is_offered_no_more(desk: Desk, salon: SalonCard) -> None:
    first = min(offered_days(desk))
    with salon_scope(salon):
        close_day(date=date.fromisoformat(first), reason="holiday", actor=MANAGER)

    assert first not in offered_days(desk)


def test_a_service_that_is_new_is_bookable_where_the_old_price_list_was_kept(
    desk: Desk, salon: SalonCard
) -> None:
    assert offered_days(desk)
    with salon_scope(salon):
        option = Option.objects.get(pk=desk.option(CUT)["id"])
        doing = Skill.objects.get(option=option)
        option.pk = doing.option_id = uuid7()
        doing.pk = uuid7()
        option.save(force_insert=True)
        doing.save(force_insert=True)
        renew()

    query = {"from": "2026-12-01", "to": "2026-12-02", "line": str(option.pk)}
    assert desk.get("/booking/availability", query).status_code == 200
    unknown = desk.get("/booking/availability", {**query, "line": str(uuid7())})
    assert unknown.status_code == 422


def test_what_a_transaction_changed_and_gave_up_is_kept_nowhere(
    desk: Desk, salon: SalonCard
) -> None:
    before = offered_days(desk)
    with salon_scope(salon), transaction.atomic():
        close_day(date=date.fromisoformat(min(before)), reason="holiday", actor=MANAGER)
        assert offered_days(desk) == before - {min(before)}
        transaction.set_rollback(True)

    assert offered_days(desk) == before


def test_one_salons_setup_is_never_anothers(
    desk: Desk, other_desk: Desk, salon: SalonCard, other_salon: SalonCard
) -> None:
    """It may be older than what the salon sells now: other tests' changes were rolled back."""
    for card, other in ((salon, other_salon), (other_salon, salon)):
        with salon_scope(other):
            others = set(Option.objects.values_list("pk", flat=True))
        with salon_scope(card):
            own = set(Option.objects.values_list("pk", flat=True))
            kept = kept_setup().options.keys()
        assert kept & own
        assert not kept & others


def test_who_keeps_on_changing_it_is_not_waited_for_without_end(in_salon: SalonCard) -> None:
    tries = []

    def always_late(setup: Setup) -> None:
        tries.append(setup)
        raise SetupChanged

    with pytest.raises(SetupChanged):
        with_setup(always_late)
    assert 1 < len(tries) < 10
