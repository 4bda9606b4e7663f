"""In an OpenAPI document a schema is known by its class's name alone: two of one name would
silently become one."""

from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module

from ninja import Schema

from tests.architecture.source import PACKAGES


def all_below(kind: type[Schema]) -> Iterator[type[Schema]]:
    for narrower in kind.__subclasses__():
        yield narrower
        yield from all_below(narrower)


def test_every_schema_has_a_name_of_its_own() -> None:
    import_module("config.api")
    places = defaultdict[str, set[str]](set)
    for schema in all_below(Schema):
        if schema.__module__.startswith(PACKAGES) and schema.model_fields:
            places[schema.__name__].add(schema.__module__)

    assert len(places) > 20
    assert {name: found for name, found in places.items() if len(found) > 1} == {}
