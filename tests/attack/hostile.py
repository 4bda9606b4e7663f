"""Requests made from the API's own description: ordinary ones, and each of them with one value
that nobody in their senses sends."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT: dict[str, Any] = json.loads((ROOT / "frontend/openapi/salon.json").read_text())
NOBODY = str(UUID(int=0))
LONG = "a" * 20_000
HOSTILE: Mapping[str, tuple[Any, ...]] = {
    "date-time": (
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2199-12-31T23:59:00-12:00"),
        *("2000-01-01T00:00:00+14:00", "2027-03-28T01:30:00", 10**30, LONG),
    ),
    "date": ("0001-01-01", "9999-12-31", "2199-12-31", "2000-01-01", "2028-02-30", 10**30, LONG),
    "time": ("24:00", "23:59:59.999999+14:00", -1),
    "uuid": (NOBODY, "0" * 32 + "x", 7),
    "integer": (0, -1, 2**15, 2**31, 2**63, 10**30, 0.5, True),
    "number": (0, -1, 10**30, "NaN"),
    "string": ("", "\x00", "\ud800", "\u202e\U0001f487\ufeff", LONG, 7, {"a": "b"}),
    "boolean": ("perhaps", 7),
    "array": ([], [None], [[]], {}, "a"),
    "object": ({}, [], {"no_such_field": 1}, "a"),
}


@dataclass(frozen=True)
class Operation:
    """One of the API's, by its name."""

    name: str
    method: str
    path: str
    description: dict[str, Any]

    def requests(self, known: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any], Any]]:
        """Path, query and body: an ordinary request, then one with each hostile value."""
        values = [_Value(known, at) for at in self.description.get("parameters", [])]
        values = [value for value in values if value.where in {"path", "query"}]
        body = self._body(known)
        yield self._filled(values), _query(values), body
        for value in values:
            for hostile in value.hostile:
                others = [each for each in values if each is not value]
                twisted = [*others, value.being(hostile)]
                yield self._filled(twisted), _query(twisted), body
        for twisted_body in _twisted(self._schema(), body, known):
            yield self._filled(values), _query(values), twisted_body

    def _schema(self) -> Any:
        content = self.description.get("requestBody", {}).get("content", {})
        return content.get("application/json", {}).get("schema")

    def _body(self, known: Mapping[str, Any]) -> Any:
        schema = self._schema()
        return None if schema is None else _ordinary(schema, self.name, known)

    def _filled(self, values: "list[_Value]") -> str:
        path = self.path
        for value in values:
            if value.where == "path":
                path = path.replace("{" + value.name + "}", str(value.ordinary))
        return path


class _Value:
    """A parameter of path or query."""

    def __init__(self, known: Mapping[str, Any], at: Mapping[str, Any]) -> None:
        self.name, self.where = at["name"], at["in"]
        self._schema = at["schema"]
        must_be = self.where == "path" or at.get("required", False)
        self.ordinary = _ordinary(self._schema, self.name, known) if must_be else None

    @property
    def hostile(self) -> Iterator[Any]:
        for value in HOSTILE[_kind(_one(self._schema))]:
            if self.where == "query" or (str(value).isprintable() and "/" not in str(value)):
                yield value

    def being(self, value: Any) -> "_Value":
        twisted = deepcopy(self)
        twisted.ordinary = value
        return twisted


OPERATIONS = {
    found["operationId"]: Operation(found["operationId"], method.upper(), path, found)
    for path, methods in DOCUMENT["paths"].items()
    for method, found in methods.items()
}


def _query(values: "list[_Value]") -> dict[str, Any]:
    return {
        value.name: _in_query(value.ordinary)
        for value in values
        if value.where == "query" and value.ordinary is not None
    }


def _in_query(value: Any) -> Any:
    if isinstance(value, list):
        return [_in_query(each) for each in value]
    return str(value).encode("utf-8", "replace")


def _one(schema: Any) -> Any:
    """The schema itself, of a reference or of the first choice."""
    if "$ref" in schema:
        return _one(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return _one(next(each for each in schema[several] if each.get("type") != "null"))
    return schema


def _kind(schema: Any) -> str:
    plain: str = schema.get("type", "object")
    wanted: str = schema.get("format", plain)
    return wanted if wanted in HOSTILE else plain


def _ordinary(schema: Any, name: str, known: Mapping[str, Any]) -> Any:
    """What must be there, and as little else as possible."""
    schema = _one(schema)
    kind = _kind(schema)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for key in (f"{name}:{kind}", name):
        if key in known:
            return known[key]
    if kind == "object":
        fields = schema.get("properties", {})
        return {key: _ordinary(fields[key], key, known) for key in schema.get("required", ())}
    if kind == "array":
        return [_ordinary(schema["items"], name.removesuffix("s"), known)]
    usual = {"boolean": False, "integer": schema.get("minimum", 1), "uuid": NOBODY, "time": "10:00"}
    return usual.get(kind, known.get(kind, "ordinary"))


def _twisted(schema: Any, body: Any, known: Mapping[str, Any]) -> Iterator[Any]:
    """``body`` with each hostile value in each of its places."""
    if schema is None:
        return
    schema = _one(schema)
    yield from HOSTILE[_kind(schema)]
    if isinstance(body, dict):
        for key, found in schema.get("properties", {}).items():
            yield {name: value for name, value in body.items() if name != key}
            ordinary = body[key] if body.get(key) else _ordinary(found, key, known)
            for twisted in (None, *_twisted(found, ordinary, known)):
                yield {**body, key: twisted}
    elif isinstance(body, list) and body:
        for twisted in _twisted(schema["items"], body[0], known):
            yield [twisted]
        yield body * 300
