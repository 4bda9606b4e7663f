"""Who works in a demo salon."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tenant_apps.catalog.enums import Level
from tenant_apps.demo.menu import Craft, Item
from tenant_apps.demo.menu_list import MENU

MISSING_SKILLS = 0.12  # A
IN_BUNDLES = frozenset(number for item in MENU for number in item.parts)


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
    not, but every service is somebody's, and what is part of a bundle is everybody's."""
    found = [
        {
            item.number
            for item in items
            if _can_learn(colleague, item)
            and (item.number in IN_BUNDLES or luck.random() >= MISSING_SKILLS)
        }
        for colleague in team
    ]
    for item in items:
        if not item.parts and not any(item.number in skills for skills in found):
            found[_first_able(team, item)].add(item.number)
    return found


def _first_able(team: Sequence[Colleague], item: Item) -> int:
    return next(place for place, colleague in enumerate(team) if _can_learn(colleague, item))


def _can_learn(colleague: Colleague, item: Item) -> bool:
    return colleague.craft in item.crafts and colleague.level.value in item.levels("EUR")
