"""Programs switch on an error's code, so docs/errors.md names each one, and no other."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from shared_apps.core.error_pages import CODES
from shared_apps.core.errors import DomainError
from shared_apps.core.http import status_of

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("tenants", "shared_apps", "tenant_apps")
ENTRY = re.compile(r"^### `(\w+)`\n\n(\d{3}) · \S", re.MULTILINE)
EDGES = ("http.py", "error_pages.py")
BY_HAND = re.compile(r'status=(\d{3}), code="(\w+)"')
UNREADABLE = {"unreadable": 400}  # its status comes with the request


def raised_codes() -> dict[str, int]:
    """Every code that a client can meet, and its status."""
    for package in PACKAGES:
        for file in (ROOT / package).rglob("errors.py"):
            import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
    import_module("config.api")  # and whatever else defines errors of its own
    ours = {
        kind.code: status_of(kind.__new__(kind))
        for kind in all_below(DomainError)
        if kind.__module__.startswith(PACKAGES)
    }
    return ours | codes_of_the_edges() | UNREADABLE


def codes_of_the_edges() -> dict[str, int]:
    """Answers to requests that no business code has seen."""
    texts = [(ROOT / "shared_apps" / "core" / name).read_text() for name in EDGES]
    by_hand = {code: int(status) for text in texts for status, code in BY_HAND.findall(text)}
    return by_hand | {code: status for status, code in CODES.items()}


def all_below(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from all_below(narrower)


def documented_codes() -> dict[str, int]:
    page = (ROOT / "docs" / "errors.md").read_text()
    entries = ENTRY.findall(page)
    assert len(entries) == page.count("\n### "), "each heading is a code, its status below it"
    assert len(entries) == len(dict(entries)), "a code stands there twice"
    return {code: int(status) for code, status in entries}


def test_every_code_is_documented_with_its_status() -> None:
    assert documented_codes() == raised_codes()
