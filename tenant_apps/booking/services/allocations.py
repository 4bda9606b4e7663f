"""The only file that writes what is taken. Whoever calls has locked the days, or frees only."""

from collections.abc import Callable, Iterable, Sequence

from shared_apps.core.copying import copy_in, insert, inserting
from shared_apps.core.db import EXCLUSION_VIOLATION, Statement, refused_as
from tenant_apps.booking.errors import SlotTaken
from tenant_apps.booking.models import Allocation


def take(allocations: Iterable[Allocation]) -> None:
    """Raises ``SlotTaken`` when anybody or anything is taken already; the transaction is lost."""
    with refused_as(EXCLUSION_VIOLATION, SlotTaken):
        insert(list(allocations))


def take_together(
    allocations: Sequence[Allocation], send: Callable[[list[Statement]], None]
) -> None:
    """``take``, as a statement that ``send`` sends together with others."""
    with refused_as(EXCLUSION_VIOLATION, SlotTaken):
        send([inserting(allocations)] if allocations else [])


def take_many(allocations: Iterable[Allocation]) -> None:
    """The same for thousands."""
    with refused_as(EXCLUSION_VIOLATION, SlotTaken):
        copy_in(allocations)


def give_back(allocations: Iterable[Allocation]) -> None:
    Allocation.objects.filter(pk__in=[taken.pk for taken in allocations]).delete()


def cut_short(allocations: Iterable[Allocation]) -> None:
    """Write ``during``, which ends earlier now."""
    for taken in allocations:
        taken.save(update_fields=["during"])


def keep_for_good(allocations: Iterable[Allocation]) -> None:
    """What was held is taken."""
    found = list(allocations)
    for taken in found:
        taken.expires_at = None
    Allocation.objects.filter(pk__in=[taken.pk for taken in found]).update(expires_at=None)


def rewrite(allocations: Iterable[Allocation]) -> None:
    """Write rows that are there already with another ``shared_by``: away and back again, for
    changed row by row the first would hit the others, which still share with one another."""
    found = list(allocations)
    give_back(found)
    take(found)
