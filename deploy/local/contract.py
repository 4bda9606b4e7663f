"""The API as others rely on it, and which of its changes would break them.

Both OpenAPI documents and the list of error codes become *facts*: one for each operation, each
parameter, each field of a body or an answer, each code. The facts of the last announced contract
are kept in ``docs/api-contract.json``; what has since changed to somebody's harm must stand
under "Next", "Breaking" in ``docs/api-changes.md`` by its name.
"""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from deploy.local.openapi_facts import Fact, Facts, facts_of
from deploy.local.paths import FRONTEND, ROOT

DOCUMENTS = ("salon", "public")
CONTRACT = ROOT / "docs" / "api-contract.json"
CHANGES = ROOT / "docs" / "api-changes.md"
ERRORS = ROOT / "docs" / "errors.md"
CODE = re.compile(r"^### `(\w+)`\n\n(\d{3}) · ", re.MULTILINE)
NAME = re.compile(r"`([^`]+)`")
PART = re.compile(r"^.+?(\[\]|\{\}|\.[^.\[\]{} ]+| [^.\[\]{} ]+)$")
NEXT = "## Next\n"
BREAKING = "### Breaking\n"
ANNOUNCED = re.compile(r"^## \d{4}-\d\d-\d\d · contract ([0-9a-f]{12})$", re.MULTILINE)
FAILS_WHEN_GREATER = frozenset({"minimum", "minLength", "minItems", "exclusiveMinimum"})


@dataclass(frozen=True, slots=True)
class Break:
    """``name`` is what an announcement has to name, or something that it is part of."""

    name: str
    what: str

    def __str__(self) -> str:
        return f"`{self.name}`: {self.what}"


def breaks(before: Facts, after: Facts) -> list[Break]:
    """What somebody who relies on ``before`` would stumble over; parts of what is gone as a
    whole are not told one by one."""
    found = [*_lost_or_changed(before, after), *_newly_demanded(before, after)]
    gone = {one.name for one in found if one.what == "removed"}
    return [one for one in found if not any(part in gone for part in wholes(one.name))]


def _lost_or_changed(before: Facts, after: Facts) -> Iterator[Break]:
    for name, old in before.items():
        new = after.get(name)
        if new is None:
            yield Break(name, "removed")
        else:
            yield from (Break(name, what) for what in _harm(old, new))


def _newly_demanded(before: Facts, after: Facts) -> Iterator[Break]:
    """A new operation may demand what it likes, and so may a new optional object."""
    for name, new in after.items():
        if name in before or new.side != "request" or not new.required:
            continue
        around = next((whole for whole in wholes(name) if whole in after), None)
        if around in before:
            yield Break(name, "is required and was not known")


def _harm(old: Fact, new: Fact) -> Iterator[str]:
    if old.says != new.says:
        yield f"was {old.says} and is {new.says}"
    if new.side == "request":
        yield from _refuses_more(old, new)
    elif new.side == "answer":
        if old.required and not new.required:
            yield "may be missing from an answer"
        if more := set(new.types) - set(old.types):
            yield f"may also be {', '.join(sorted(more))}"


def _refuses_more(old: Fact, new: Fact) -> Iterator[str]:
    if new.required and not old.required:
        yield "is required and was not"
    if fewer := set(old.types) - set(new.types):
        yield f"may no longer be {', '.join(sorted(fewer))}"
    if new.values and not old.values:
        yield "takes certain values only"
    elif new.values and (fewer := set(old.values) - set(new.values)):
        yield f"no longer takes {', '.join(sorted(fewer))}"
    for limit, bound in new.limits.items():
        if _is_tighter(limit, old.limits.get(limit), bound):
            yield f"has a tighter {limit}"


def _is_tighter(limit: str, old: Any, new: Any) -> bool:
    if old is None or isinstance(new, str | bool):
        return bool(old != new)
    return bool(new > old if limit in FAILS_WHEN_GREATER else new < old)


def wholes(name: str) -> list[str]:
    """What the thing is part of, the nearest first: ``a 200 days[].date`` is part of
    ``a 200 days[]``, ``a 200 days``, ``a 200`` and ``a``."""
    found = []
    while last := PART.search(name):
        name = name[: last.start(1)]
        found.append(name)
    return found


def told_in(text: str) -> set[str]:
    """Every name in backticks in the section of what comes next."""
    return set(NAME.findall(_next_in(text)))


def announced_in(text: str) -> set[str]:
    """Those below its heading Breaking: a mention elsewhere excuses nothing."""
    _before, _heading, rest = _next_in(text).partition(BREAKING)
    return set(NAME.findall(rest.partition("\n### ")[0]))


def _next_in(text: str) -> str:
    _before, _heading, rest = text.partition(NEXT)
    return rest.partition("\n## ")[0]


def unannounced(before: Facts, after: Facts, announced: set[str]) -> list[Break]:
    return [
        one for one in breaks(before, after) if announced.isdisjoint({one.name, *wholes(one.name)})
    ]


def unlisted(before: Facts, after: Facts, told: set[str]) -> list[str]:
    """New operations and error codes that nobody has told people about."""
    added = (name for name in after.keys() - before.keys() if not wholes(name))
    return sorted(name for name in added if name.removeprefix("error/") not in told)


def current() -> Facts:
    """What the exported documents and the page of errors say."""
    facts: Facts = {}
    for name in DOCUMENTS:
        document = json.loads((FRONTEND / "openapi" / f"{name}.json").read_text())
        prefix = "" if name == "salon" else f"{name}/"
        facts |= {f"{prefix}{key}": fact for key, fact in facts_of(document).items()}
    return facts | {
        f"error/{code}": Fact(says=status) for code, status in CODE.findall(ERRORS.read_text())
    }


def kept(text: str) -> Facts:
    return {name: Fact(**fact) for name, fact in json.loads(text).items()}


def as_text(facts: Facts) -> str:
    """A line for each fact, so that a change of the contract is read as one."""
    lines = (
        f"{json.dumps(name)}: {json.dumps(fact.as_json())}" for name, fact in sorted(facts.items())
    )
    return "{\n" + ",\n".join(lines) + "\n}\n"


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]


def problems() -> list[str]:
    """What keeps the contract from being whole, in words."""
    contract, changes = CONTRACT.read_text(), CHANGES.read_text()
    found = [
        f"{one} — name it under “Next”, “Breaking” in {CHANGES.name}, or take it back"
        for one in unannounced(kept(contract), current(), announced_in(changes))
    ]
    last = ANNOUNCED.search(changes)
    if last is None or last[1] != digest(contract):
        found.append(f"{CONTRACT.name} is not the one that {CHANGES.name} announced last")
    return found


def announce(today: date) -> None:
    """What comes next is the contract from now on."""
    text = as_text(current())
    CONTRACT.write_text(text)
    heading = f"{NEXT}\nNothing yet.\n\n## {today} · contract {digest(text)}\n"
    CHANGES.write_text(CHANGES.read_text().replace(NEXT, heading, 1))


def main(words: Sequence[str]) -> int:
    found, announcing = problems(), "--announce" in words
    if announcing:
        new = unlisted(kept(CONTRACT.read_text()), current(), told_in(CHANGES.read_text()))
        found += [f"`{name}`: is new — say so under “Next” in {CHANGES.name}" for name in new]
    print("\n".join(found))
    if announcing and not found:
        announce(datetime.now(UTC).date())
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
