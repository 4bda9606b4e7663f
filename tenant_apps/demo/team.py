"""Who works in a demo salon."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tenant_apps.catalog.enums import Level
from tenant_apps.demo.menu import Craft, Item

MISSING_SKILLS = 0.12  # A


@dataclass(frozen=True, slots=True)
class Colleague:
    """``days`` a week; ``alternates``: other days and hours every second week. ``person``
    joins the two rows of somebody who works in two salons."""

    name: str
    title: str
    level: Level
    craft: Craft
    days: int
    alternates: bool = False
    languages: tuple[str, ...] = ()
    person: str = ""
    only_weekdays: tuple[int, ...] = ()


def skills_of(team: Sequence[Colleague], items: Sequence[Item], luck: Random) -> list[set[int]]:
    """The numbers of the services that each of ``team`` does: a few of their craft they do
    not, but every service is somebody's."""
    found = [
        {
            item.number
            for item in items
            if item.section.craft is colleague.craft
            and colleague.level.value in item.levels("EUR")
            and luck.random() >= MISSING_SKILLS
        }
        for colleague in team
    ]
    for item in items:
        if not any(item.number in skills for skills in found):
            found[_first_able(team, item)].add(item.number)
    return found


def _first_able(team: Sequence[Colleague], item: Item) -> int:
    return next(
        place
        for place, colleague in enumerate(team)
        if colleague.craft is item.section.craft and colleague.level.value in item.levels("EUR")
    )
