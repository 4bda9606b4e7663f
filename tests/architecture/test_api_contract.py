"""Programs rely on the API: nothing that would break them changes without being announced."""

import json
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from deploy.local import contract
from deploy.local.contract import announced_in, breaks, current, told_in, unannounced, wholes
from deploy.local.openapi_facts import Fact, Facts, facts_of
from tests.architecture.api_changes import BREAKING, DOCUMENT, HARMLESS, Change, body


def changed(change: Change) -> list[str]:
    after: Any = deepcopy(DOCUMENT)
    change(after)
    return [str(one) for one in breaks(facts_of(DOCUMENT), facts_of(after))]


@pytest.mark.parametrize(("change", "told"), BREAKING.values(), ids=BREAKING)
def test_a_breaking_change_is_seen(change: Change, told: str) -> None:
    assert told in changed(change)


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_a_harmless_change_is_let_through(change: Change) -> None:
    assert changed(change) == []


def test_what_is_gone_as_a_whole_is_told_once() -> None:
    assert changed(lambda d: d["paths"].clear()) == ["`book`: removed", "`remove`: removed"]
    assert changed(lambda d: body(d)["properties"].pop("lines")) == ["`book body.lines`: removed"]


def test_an_error_code_may_neither_go_nor_change_its_status() -> None:
    before = {"error/slot_taken": Fact(says="409"), "error/stale": Fact(says="409")}
    after = {"error/slot_taken": Fact(says="422"), "error/new": Fact(says="409")}

    assert [str(one) for one in breaks(before, after)] == [
        "`error/slot_taken`: was 409 and is 422",
        "`error/stale`: removed",
    ]


def without(facts: Facts, name: str) -> Facts:
    return {one: fact for one, fact in facts.items() if name not in {one, *wholes(one)}}


def test_whatever_of_the_real_contract_goes_is_missed() -> None:
    facts = current()
    assert len(facts) > 300
    assert {"bookAppointment", "error/slot_taken", "public/signUpSalon"} <= facts.keys()
    for name in sorted(facts)[::11]:
        found = [one.name for one in breaks(facts, without(facts, name))]
        assert found == [name]


def test_the_contract_is_read_back_as_it_was_written() -> None:
    facts = current()

    assert contract.kept(contract.as_text(facts)) == facts
    assert breaks(facts, facts) == []


def test_a_break_is_announced_by_its_name_or_by_what_it_is_part_of() -> None:
    before = facts_of(DOCUMENT)
    after = without(before, "book body.lines[].staff_id")

    for names in ({"book body.lines[].staff_id"}, {"book body.lines"}, {"book"}):
        assert unannounced(before, after, names) == []
    for names in (set(), {"remove"}, {"book body.lines[].staff"}, {"book 201"}):
        assert [one.name for one in unannounced(before, after, names)] == [
            "book body.lines[].staff_id"
        ]


def test_only_what_comes_next_as_breaking_is_announced() -> None:
    text = """# Changes

`a`

## Next

### Added

- `b` and `c`

### Breaking

- `d`: gone

### Deprecated

- `e`

## 2026-01-01

### Breaking

- `f`: gone
"""

    assert announced_in(text) == {"d"}
    assert told_in(text) == {"b", "c", "d", "e"}
    assert announced_in("## Next\n\n`a`\n") == set()


def test_nothing_breaks_unannounced() -> None:
    assert contract.problems() == []


def test_new_operations_and_codes_are_to_be_told() -> None:
    before, after = facts_of(DOCUMENT), facts_of(DOCUMENT)
    after |= {name: Fact(says="new") for name in ("getCat", "getCat 200", "error/no_cat")}

    assert contract.unlisted(before, after, set()) == ["error/no_cat", "getCat"]
    assert contract.unlisted(before, after, {"getCat", "no_cat"}) == []


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copies of the two files, which a test may change."""
    for name in ("CONTRACT", "CHANGES"):
        source: Path = getattr(contract, name)
        copy = tmp_path / source.name
        copy.write_text(source.read_text())
        monkeypatch.setattr(contract, name, copy)
    return tmp_path


def test_a_contract_that_nobody_announced_is_noticed(elsewhere: Path) -> None:
    facts = json.loads(contract.CONTRACT.read_text())
    del facts["bookAppointment 201 total"]
    contract.CONTRACT.write_text(json.dumps(facts))

    assert "announced last" in contract.problems()[-1]


def test_a_field_that_goes_is_a_problem_until_it_is_announced(elsewhere: Path) -> None:
    contract.announce(date(2026, 1, 2))
    facts = contract.kept(contract.CONTRACT.read_text()) | {"getCat": Fact(says="GET /cat")}
    contract.CONTRACT.write_text(contract.as_text(facts))
    digest = contract.digest(contract.CONTRACT.read_text())
    contract.CHANGES.write_text(
        "# Changes\n\n## Next\n\n### Breaking\n\nNothing yet.\n\n"
        f"## 2026-01-02 · contract {digest}\n"
    )

    (problem,) = contract.problems()
    assert problem.startswith("`getCat`: removed")
    assert contract.main(["--announce"]) == 1
    contract.CHANGES.write_text(
        contract.CHANGES.read_text().replace("Nothing yet.", "- `getCat` is gone: use a dog.")
    )
    assert contract.problems() == []

    assert contract.main(["--announce"]) == 0
    assert contract.problems() == []
    assert announced_in(contract.CHANGES.read_text()) == set()
    assert "getCat` is gone" in contract.CHANGES.read_text()
    assert "getCat" not in contract.CONTRACT.read_text()
