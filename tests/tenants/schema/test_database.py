"""The tests' own database does what it promises."""

import pytest
from django.db import ProgrammingError, connection

from shared_apps.core.scope import NoScope, public_scope, salon_scope
from tenants.models import Salon
from tenants.types import SalonCard
from tests.database import WorkerDatabase


def test_two_salons_are_open_and_each_has_its_schema(
    db: None, salon: SalonCard, other_salon: SalonCard
) -> None:
    for card in (salon, other_salon):
        with salon_scope(card), connection.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            assert cursor.fetchone() == (card.schema_name,)


def test_tests_run_as_the_application(in_public: None) -> None:
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="denied"):
        cursor.execute("CREATE TABLE mine (id int)")


def test_a_query_without_scope_is_refused(db: None) -> None:
    with pytest.raises(NoScope):
        Salon.objects.count()


@pytest.mark.parametrize("_time", [1, 2])
def test_what_a_test_commits_is_gone_in_the_next(committed: WorkerDatabase, _time: int) -> None:
    with public_scope():
        assert Salon.objects.filter(name="Left behind").count() == 0
        Salon.objects.filter(slug="anna").update(name="Left behind")
