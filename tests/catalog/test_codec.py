"""The JSON of an option reads as it was written, by this release or the one before."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.catalog.codec import (
    read_levels,
    read_parts,
    read_phases,
    write_levels,
    write_parts,
    write_phases,
)
from tenant_apps.catalog.enums import Keep, PhaseKind, PhasePerformer
from tenant_apps.catalog.types import BundlePart, LevelTerms, Need, PhaseTerms

WORK, PROCESSING, CLEANUP = PhaseKind.WORK, PhaseKind.PROCESSING, PhaseKind.CLEANUP
TEXT = st.text(max_size=20)
NEEDS = st.builds(
    Need,
    kinds=st.lists(TEXT, max_size=3).map(tuple),
    quantity=st.integers(1, 9),
    keep=st.sampled_from(Keep),
)
PHASES = st.builds(
    PhaseTerms,
    kind=st.sampled_from(PhaseKind),
    minutes=st.integers(1, 1440),
    name=TEXT,
    performer=st.sampled_from(PhasePerformer),
    client=st.booleans(),
    merge_key=TEXT,
    needs=st.lists(NEEDS, max_size=3).map(tuple),
    gap_only_if_followed=st.booleans(),
)


@given(st.lists(PHASES, max_size=4).map(tuple))
def test_phases_are_read_as_they_were_written(phases: tuple[PhaseTerms, ...]) -> None:
    assert read_phases(write_phases(phases)) == phases


OWN_MINUTES = st.none() | st.lists(st.integers(0, 90)).map(tuple)
LEVEL_TERMS = st.builds(LevelTerms, price=st.integers(), percent=st.integers(), phases=OWN_MINUTES)


@given(st.dictionaries(TEXT, LEVEL_TERMS))
def test_levels_are_read_as_they_were_written(levels: dict[str, LevelTerms]) -> None:
    assert read_levels(write_levels(levels)) == levels


@given(st.lists(st.builds(BundlePart, option_id=st.uuids(), parallel_group=st.integers(0, 9))))
def test_parts_are_read_as_they_were_written(parts: list[BundlePart]) -> None:
    assert read_parts(write_parts(parts)) == tuple(parts)


def test_what_was_written_before_there_was_more_to_say_reads_with_defaults() -> None:
    old: list[dict[str, Any]] = [
        {"kind": "work", "minutes": 50, "name": "Cut", "needs": []},
        {"kind": "processing", "minutes": 30, "name": "", "needs": []},
        {
            "kind": "cleanup",
            "minutes": 5,
            "name": "",
            "needs": [{"any_of": ["chair"], "quantity": 1, "keep": "line"}],
        },
    ]

    assert read_phases(old) == (
        PhaseTerms(kind=WORK, minutes=50, name="Cut"),
        PhaseTerms(kind=PROCESSING, minutes=30),
        PhaseTerms(kind=CLEANUP, minutes=5, needs=(Need(kinds=("chair",), keep=Keep.LINE),)),
    )
    assert read_levels({"stylist": {"price": 4200, "percent": 100}}) == {
        "stylist": LevelTerms(price=4200)
    }
