"""A salon's own fields and what is written into them. Pure."""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from tenant_apps.catalog.enums import FieldKind
from tenant_apps.catalog.policies.phases import Problem
from tenant_apps.catalog.types import FieldTerms

LONGEST_TEXT = 400
LARGEST_NUMBER = 10**12
PLAIN = re.compile(r"[a-z][a-z0-9_]*")


def is_plain(code: str) -> bool:
    """Fit to be stored, and written into a program."""
    return PLAIN.fullmatch(code) is not None


def filled_in(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without the fields that were left empty."""
    return {key: value for key, value in values.items() if value not in (None, "")}


def value_problems(fields: Sequence[FieldTerms], values: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with ``values``, by key. They are JSON: a date is a text, ``2026-12-24``.
    What comes along for an archived field is let be."""
    known = {field.key: field for field in fields}
    return dict(_wrong(known, filled_in(values)))


def _wrong(known: Mapping[str, FieldTerms], values: Mapping[str, Any]) -> Iterator[Problem]:
    for key, value in values.items():
        if key not in known:
            yield key, "no_such_field"
        elif not known[key].is_archived and not FITS[known[key].kind](known[key], value):
            yield key, f"not_a_{known[key].kind}"
    for key, field in known.items():
        if field.required and not field.is_archived and key not in values:
            yield key, "required"


def _is_text(_field: FieldTerms, value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= LONGEST_TEXT


def _is_number(_field: FieldTerms, value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and abs(value) <= LARGEST_NUMBER


def _is_boolean(_field: FieldTerms, value: Any) -> bool:
    return isinstance(value, bool)


def _is_choice(field: FieldTerms, value: Any) -> bool:
    return isinstance(value, str) and value in field.choices


def _is_date(_field: FieldTerms, value: Any) -> bool:
    with suppress(TypeError, ValueError):
        return bool(date.fromisoformat(value).isoformat() == value)
    return False


FITS: Mapping[FieldKind, Callable[[FieldTerms, Any], bool]] = {
    FieldKind.TEXT: _is_text,
    FieldKind.NUMBER: _is_number,
    FieldKind.BOOLEAN: _is_boolean,
    FieldKind.CHOICE: _is_choice,
    FieldKind.DATE: _is_date,
}


def field_problems(*, kind: FieldKind, label: str, choices: Sequence[str]) -> dict[str, str]:
    """What is wrong with a field as somebody defines it."""
    problems = {} if label.strip() else {"label": "no_name"}
    if why := _choices_problem(kind, choices):
        problems["choices"] = why
    return problems


def _choices_problem(kind: FieldKind, choices: Sequence[str]) -> str:
    if kind is not FieldKind.CHOICE:
        return "only_for_choices" if choices else ""
    if len(choices) < 2:
        return "two_choices"
    blank = not all(choice.strip() for choice in choices)
    return "choices_differ" if blank or len(set(choices)) < len(choices) else ""
