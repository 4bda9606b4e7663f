"""An OpenAPI document as flat facts: ``bookAppointment body.lines[].option_id`` and what it is.

Names of schemas and the order of things are nobody's business and do not appear.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

METHODS = frozenset({"get", "put", "post", "delete", "patch"})
LIMITS = (
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    *("minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems"),
)
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fact:
    """``side``: of a ``request``, of an ``answer``, or empty; then only ``says`` counts.

    ``types`` are JSON's with their format, ``values`` those of an enumeration, ``limits`` what
    a value has to keep to.
    """

    side: str = ""
    required: bool = False
    types: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    limits: dict[str, Any] = field(default_factory=dict)
    says: str = ""

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value}


Facts = dict[str, Fact]


def facts_of(document: Json) -> Facts:
    return dict(_Reader(document).everything())


class _Reader:
    def __init__(self, document: Json) -> None:
        self._document = document

    def everything(self) -> Iterator[tuple[str, Fact]]:
        for path, operations in self._document["paths"].items():
            for method, operation in operations.items():
                if method in METHODS:
                    yield from self._operation(method, path, operation)

    def _operation(self, method: str, path: str, operation: Json) -> Iterator[tuple[str, Fact]]:
        name = operation["operationId"]
        yield name, Fact(says=f"{method.upper()} {path}")
        for one in operation.get("parameters", ()):
            place = f"{name} {one['in']}.{one['name']}"
            yield from self._values(place, one["schema"], "request", one.get("required", False))
        if body := operation.get("requestBody"):
            yield from self._content(f"{name} body", body, "request", body.get("required", False))
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                continue  # told apart by their codes
            yield f"{name} {status}", Fact(says="answers")
            yield from self._content(f"{name} {status} ", answer, "answer", required=True)

    def _content(
        self, place: str, told: Json, side: str, required: bool
    ) -> Iterator[tuple[str, Fact]]:
        for content in told.get("content", {}).values():
            yield from self._values(place, content.get("schema", {}), side, required)

    def _values(
        self, place: str, schema: Json, side: str, required: bool, inside: tuple[int, ...] = ()
    ) -> Iterator[tuple[str, Fact]]:
        """The fact about ``place`` and all below it. What holds itself is told once."""
        shapes = list(self._shapes(schema))
        yield place.rstrip(), _fact(shapes, side, required)
        fresh = [shape for shape in shapes if id(shape) not in inside]
        inside = (*inside, *map(id, fresh))
        objects = [shape for shape in fresh if "properties" in shape]
        for key in sorted({key for shape in objects for key in shape["properties"]}):
            schemas = [shape["properties"][key] for shape in objects if key in shape["properties"]]
            always = all(key in shape.get("required", ()) for shape in objects)
            dotted = f"{place}{'' if place.endswith(' ') else '.'}{key}"
            yield from self._values(dotted, {"anyOf": schemas}, side, always, inside)
        for word, mark in (("items", "[]"), ("additionalProperties", "{}")):
            schemas = [shape[word] for shape in fresh if isinstance(shape.get(word), dict)]
            if schemas:
                below = f"{place.rstrip()}{mark}"
                yield from self._values(below, {"anyOf": schemas}, side, True, inside)

    def _shapes(self, schema: Json) -> Iterator[Json]:
        """The plain alternatives behind references and choices."""
        if "$ref" in schema:
            target: Any = self._document
            for step in schema["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            yield from self._shapes(target)
        elif choices := schema.get("anyOf") or schema.get("oneOf"):
            for choice in choices:
                yield from self._shapes(choice)
        elif parts := schema.get("allOf"):
            yield from self._shapes(parts[0]) if len(parts) == 1 else iter([self._merged(parts)])
        else:
            yield schema

    def _merged(self, parts: Any) -> Json:
        shapes = [shape for part in parts for shape in self._shapes(part)]
        merged: dict[str, Any] = {"type": "object", "properties": {}, "required": []}
        for shape in shapes:
            merged["properties"] |= shape.get("properties", {})
            merged["required"] += shape.get("required", [])
        return merged


def _fact(shapes: list[Json], side: str, required: bool) -> Fact:
    enumerated = [value for shape in shapes for value in _enumerated(shape)]
    free = any(not _enumerated(shape) and shape.get("type") != "null" for shape in shapes)
    return Fact(
        side=side,
        required=required,
        types=sorted({_type(shape) for shape in shapes}),
        values=[] if free else sorted(set(enumerated)),
        limits=dict(_limits(shapes)) if side == "request" else {},
    )


def _limits(shapes: list[Json]) -> Iterator[tuple[str, Any]]:
    for shape in shapes:
        yield from ((limit, shape[limit]) for limit in LIMITS if limit in shape)
        if shape.get("additionalProperties") is False:
            yield "knownFieldsOnly", True


def _enumerated(shape: Json) -> list[str]:
    values = shape.get("enum", [shape["const"]] if "const" in shape else [])
    return [str(value) for value in values]


def _type(shape: Json) -> str:
    kind, form = shape.get("type", "anything"), shape.get("format")
    return f"{kind}:{form}" if form else str(kind)
