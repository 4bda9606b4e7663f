"""The tests' own database does what it promises."""

import pytest
from django.db import ProgrammingError, connection

from shared_apps.core.scope import NoScope, public_scope, salon_scope
from tenants.models import Salon
from tenants.types import SalonCard
from tests.database import ROOT, WHAT_THE_TEMPLATE_IS_MADE_OF, WorkerDatabase


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


@pytest.mark.parametrize("pattern", WHAT_THE_TEMPLATE_IS_MADE_OF)
def test_a_kept_template_goes_by_files_that_exist(pattern: str) -> None:
    assert list(ROOT.glob(pattern)) or pattern.endswith("models/*.py")


def test_a_new_translation_makes_a_new_template() -> None:
    """The salons in it were furnished in their own language."""
    watched = {path for pattern in WHAT_THE_TEMPLATE_IS_MADE_OF for path in ROOT.glob(pattern)}

    assert set(ROOT.glob("locale/*/LC_MESSAGES/django.po")) < watched
