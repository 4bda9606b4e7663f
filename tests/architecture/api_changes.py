"""A small API, what would break those who use it, and what would not."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

Change = Callable[[Any], object]
LINE = {
    "type": "object",
    "required": ["option_id"],
    "properties": {
        "option_id": {"type": "string", "format": "uuid"},
        "staff_id": {"anyOf": [{"type": "string", "format": "uuid"}, {"type": "null"}]},
    },
}
DOCUMENT = {
    "components": {
        "schemas": {
            "Line": LINE,
            "Kind": {"type": "string", "enum": ["cut", "colour"]},
            "Tree": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string"},
                    "below": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
                },
            },
        }
    },
    "paths": {
        "/visits": {
            "post": {
                "operationId": "book",
                "parameters": [
                    {"in": "query", "name": "dry", "schema": {"type": "boolean"}},
                    {"in": "header", "name": "Key", "required": True, "schema": {"type": "string"}},
                ],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["lines"],
                                "properties": {
                                    "lines": {
                                        "type": "array",
                                        "maxItems": 10,
                                        "items": {"$ref": "#/components/schemas/Line"},
                                    },
                                    "kind": {"allOf": [{"$ref": "#/components/schemas/Kind"}]},
                                    "note": {"type": "string", "minLength": 1, "pattern": "^a"},
                                },
                            }
                        }
                    },
                },
                "responses": {
                    "201": {
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Tree"}}
                        }
                    },
                    "409": {},
                },
            }
        },
        "/visits/{id}": {"delete": {"operationId": "remove", "responses": {"204": {}}}},
    },
}


def book(document: Any) -> Any:
    return document["paths"]["/visits"]["post"]


def body(document: Any) -> Any:
    return book(document)["requestBody"]["content"]["application/json"]["schema"]


def schemas(document: Any) -> Any:
    return document["components"]["schemas"]


BREAKING: dict[str, tuple[Change, str]] = {
    "an operation is gone": (
        lambda d: d["paths"].pop("/visits"),
        "`book`: removed",
    ),
    "an operation has another name": (
        lambda d: book(d).update(operationId="bookVisit"),
        "`book`: removed",
    ),
    "an operation has another path": (
        lambda d: d["paths"].update({"/appointments": d["paths"].pop("/visits")}),
        "`book`: was POST /visits and is POST /appointments",
    ),
    "an operation has another method": (
        lambda d: d["paths"]["/visits"].update(put=d["paths"]["/visits"].pop("post")),
        "`book`: was POST /visits and is PUT /visits",
    ),
    "an operation succeeds with another status": (
        lambda d: book(d)["responses"].update({"200": book(d)["responses"].pop("201")}),
        "`book 201`: removed",
    ),
    "a parameter is gone": (
        lambda d: book(d)["parameters"].pop(0),
        "`book query.dry`: removed",
    ),
    "a parameter is required now": (
        lambda d: book(d)["parameters"][0].update(required=True),
        "`book query.dry`: is required and was not",
    ),
    "a new parameter is required": (
        lambda d: book(d)["parameters"].append(
            {"in": "query", "name": "why", "required": True, "schema": {"type": "string"}}
        ),
        "`book query.why`: is required and was not known",
    ),
    "a field of a request is gone": (
        lambda d: body(d)["properties"].pop("note"),
        "`book body.note`: removed",
    ),
    "a field of a request is required now": (
        lambda d: body(d)["required"].append("note"),
        "`book body.note`: is required and was not",
    ),
    "a new field of a request is required": (
        lambda d: LINES(d).update(
            required=["option_id", "length"],
            properties={**LINES(d)["properties"], "length": {"type": "integer"}},
        ),
        "`book body.lines[].length`: is required and was not known",
    ),
    "a request may not be null any more": (
        lambda d: LINES(d)["properties"].update(staff_id={"type": "string", "format": "uuid"}),
        "`book body.lines[].staff_id`: may no longer be null",
    ),
    "a request takes another type": (
        lambda d: body(d)["properties"]["note"].update(type="integer"),
        "`book body.note`: may no longer be string",
    ),
    "a request's text needs a form": (
        lambda d: body(d)["properties"]["note"].update(format="date"),
        "`book body.note`: may no longer be string",
    ),
    "a request takes a value no longer": (
        lambda d: schemas(d)["Kind"].update(enum=["cut"]),
        "`book body.kind`: no longer takes colour",
    ),
    "a request takes certain values only": (
        lambda d: body(d)["properties"]["note"].update(enum=["a"]),
        "`book body.note`: takes certain values only",
    ),
    "a list may hold less": (
        lambda d: body(d)["properties"]["lines"].update(maxItems=5),
        "`book body.lines`: has a tighter maxItems",
    ),
    "a list has a limit": (
        lambda d: body(d)["properties"]["lines"].update(minItems=1),
        "`book body.lines`: has a tighter minItems",
    ),
    "a text must be longer": (
        lambda d: body(d)["properties"]["note"].update(minLength=2),
        "`book body.note`: has a tighter minLength",
    ),
    "a text must look otherwise": (
        lambda d: body(d)["properties"]["note"].update(pattern="^b"),
        "`book body.note`: has a tighter pattern",
    ),
    "a request may say nothing else any more": (
        lambda d: body(d).update(additionalProperties=False),
        "`book body`: has a tighter knownFieldsOnly",
    ),
    "a field of an answer is gone": (
        lambda d: schemas(d)["Tree"]["properties"].pop("name"),
        "`book 201 name`: removed",
    ),
    "a field of an answer may be missing": (
        lambda d: schemas(d)["Tree"].update(required=[]),
        "`book 201 name`: may be missing from an answer",
    ),
    "a field of an answer may be null": (
        lambda d: schemas(d)["Tree"]["properties"].update(
            name={"anyOf": [{"type": "string"}, {"type": "null"}]}
        ),
        "`book 201 name`: may also be null",
    ),
    "a field of an answer has another type": (
        lambda d: schemas(d)["Tree"]["properties"].update(name={"type": "integer"}),
        "`book 201 name`: may also be integer",
    ),
}


def LINES(document: Any) -> Any:  # noqa: N802 a name like a constant's reads best above
    return schemas(document)["Line"]


HARMLESS: dict[str, Change] = {
    "a new operation": lambda d: d["paths"].update(
        {"/new": {"get": {**deepcopy(book(d)), "operationId": "new"}}}
    ),
    "a new field that nobody has to send": lambda d: LINES(d)["properties"].update(
        length={"type": "integer"}
    ),
    "a new optional object with fields that it needs": lambda d: body(d)["properties"].update(
        override={"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}
    ),
    "a new optional parameter": lambda d: book(d)["parameters"].append(
        {"in": "query", "name": "why", "schema": {"type": "string"}}
    ),
    "a field that is not required any more": lambda d: body(d).update(required=[]),
    "a wider limit": lambda d: body(d)["properties"]["lines"].update(maxItems=20),
    "no pattern any more": lambda d: body(d)["properties"]["note"].pop("pattern"),
    "a further value": lambda d: schemas(d)["Kind"].update(enum=["cut", "colour", "wash"]),
    "a request that may be null": lambda d: body(d)["properties"].update(
        note={"anyOf": [{"type": "string", "minLength": 1, "pattern": "^a"}, {"type": "null"}]}
    ),
    "a new field of an answer": lambda d: schemas(d)["Tree"]["properties"].update(
        age={"type": "integer"}
    ),
    "a field of an answer that always comes": lambda d: schemas(d)["Tree"].update(
        required=["name", "below"]
    ),
    "a further refusal": lambda d: book(d)["responses"].update({"410": {}}),
    "another name of a schema": lambda d: rename_line(d),
    "other words": lambda d: book(d).update(summary="Book", description="Much better now."),
}


def rename_line(document: Any) -> None:
    schemas(document)["LineOfAVisit"] = schemas(document).pop("Line")
    body(document)["properties"]["lines"]["items"]["$ref"] = "#/components/schemas/LineOfAVisit"
