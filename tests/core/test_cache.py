"""What a salon caches is its own, and losing the cache only costs time."""

import pytest
from django.core.cache import cache, caches
from django.core.cache.backends.redis import RedisCache

from shared_apps.core.cache import remembered, salon_key
from shared_apps.core.scope import NoScope, public_scope, salon_scope
from tenants.types import SalonCard

pytestmark = pytest.mark.django_db


def test_the_same_key_of_two_salons_is_two_keys(salon: SalonCard, other_salon: SalonCard) -> None:
    with salon_scope(salon):
        cache.set("colour", "plum")
    with salon_scope(other_salon):
        assert cache.get("colour") is None
        cache.set("colour", "moss")
    with salon_scope(salon):
        assert cache.get("colour") == "plum"


def test_the_salon_cache_needs_a_salon() -> None:
    with pytest.raises(NoScope):
        cache.get("colour")
    with public_scope(), pytest.raises(NoScope):
        cache.set("colour", "plum")


def test_a_salon_key_names_the_salon_by_its_id_and_not_by_its_schema(salon: SalonCard) -> None:
    with salon_scope(salon):
        key = cache.make_key("colour")

    assert str(salon.id) in key
    assert salon.schema_name not in key


def test_the_platform_cache_is_one_for_all(salon: SalonCard, other_salon: SalonCard) -> None:
    with salon_scope(salon):
        caches["platform"].set("release", "7")
    with salon_scope(other_salon):
        assert caches["platform"].get("release") == "7"


def test_what_was_made_is_remembered_even_when_it_is_nothing(in_salon: SalonCard) -> None:
    made: list[int] = []

    def make() -> list[int]:
        made.append(1)
        return []

    assert [remembered("empty", make, seconds=60), remembered("empty", make, seconds=60)] == [
        [],
        [],
    ]
    assert len(made) == 1
    cache.delete("empty")


def test_without_redis_it_is_made_each_time(
    in_salon: SalonCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = RedisCache("redis://127.0.0.1:1/0", {"KEY_FUNCTION": salon_key})
    monkeypatch.setattr("shared_apps.core.cache.cache", away)
    made: list[int] = []

    for _ in range(2):
        remembered("colour", lambda: made.append(1), seconds=60)

    assert made == [1, 1]
