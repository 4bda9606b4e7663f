"""What clients of a demo salon ask for, and of whom."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from random import Random
from uuid import UUID

from tenant_apps.booking.types import AskedLine
from tenant_apps.demo.demand import Clientele, with_addons
from tenant_apps.demo.furnished import Client, Furnished
from tenant_apps.demo.menu import Item
from tenant_apps.demo.menu_list import FILLERS

MANY = 1_000_000


class Wishes:
    def __init__(self, furnished: Furnished) -> None:
        self._options = furnished.options
        self._does = {
            member.staff_id: member.option_ids for member in furnished.offer.setup.performers
        }
        self._able = {
            option_id: [pk for pk, does in self._does.items() if option_id in does]
            for option_id in self._options.values()
        }
        self._clientele = Clientele(furnished.clients)

    def client(
        self, items: Sequence[Item], luck: Random, *, but: Collection[UUID]
    ) -> Client | None:
        """Somebody who may have all this, if not one of ``but``; guests see only what is sold
        online."""
        client = self._clientele.draw(items, luck)
        person = client.person
        may_have = all(
            item.is_for(is_new=person.is_new) and (item.is_online or not person.is_guest)
            for item in items
        )
        return client if may_have and client.id not in but else None

    def lines(
        self, items: Sequence[Item], client: Client, luck: Random
    ) -> tuple[tuple[AskedLine, ...], tuple[AskedLine, ...]]:
        """With those in whose columns the desk looks first, and with anybody. A client who has
        been here is looked for with the same people every time."""
        turn = luck.random() if client.person.is_new else client.person.weight
        looked_at, anybody = [], []
        for item, extras in with_addons(items, self._goes):
            able = self._doing([item, *(extra for extra in extras if not extra.is_amid)])
            line = AskedLine(
                option_id=self._options[item.number],
                addons=tuple(AskedLine(option_id=self._options[each.number]) for each in extras),
            )
            anybody.append(line)
            first = able[int(turn * MANY) % len(able)] if able else None
            looked_at.append(replace(line, staff_id=first))
        return tuple(looked_at), tuple(anybody)

    def _doing(self, items: Iterable[Item]) -> list[UUID]:
        """Who does all of these; nobody does a bundle, but its parts."""
        able = [self._able[self._options[item.number]] for item in items]
        return [pk for pk in able[0] if all(pk in others for others in able[1:])]

    def _goes(self, item: Item, addon: Item) -> bool:
        return addon.is_amid or bool(self._doing([item, addon]))

    def fillers(
        self, sold: Mapping[int, Item], staff_id: UUID, luck: Random
    ) -> list[tuple[Item, AskedLine]]:
        """The short services out of ``sold`` that this member does, in any order."""
        does = self._does[staff_id]
        able = [
            (sold[number], AskedLine(option_id=self._options[number], staff_id=staff_id))
            for number in FILLERS
            if number in sold and self._options[number] in does
        ]
        luck.shuffle(able)
        return able
