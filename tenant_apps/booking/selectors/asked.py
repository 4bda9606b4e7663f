"""What somebody asks for as the lines of a visit: bundles opened, add-ons under their lines."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shared_apps.core.actor import Actor
from shared_apps.core.errors import Invalid
from tenant_apps.booking.errors import WrongOrder
from tenant_apps.booking.permissions import BOOK
from tenant_apps.booking.types import AskedLine
from tenant_apps.catalog.errors import NoSuchOption, worded
from tenant_apps.catalog.policies.prices import bundle_shares
from tenant_apps.catalog.policies.visit import addon_problems, merged, order_problems
from tenant_apps.catalog.types import OptionTerms, VisitLine

Known = Mapping[UUID, OptionTerms]
# Of one visit, add-ons and parts of bundles among them; and of those, begun together.
MOST_LINES, MOST_AT_ONCE = 10, 4
TOO_MANY = _("Ask for at most 10 services at once, add-ons and parts of bundles included.")
TOO_MANY_AT_ONCE = _("Ask for at most 4 services side by side.")


@dataclass(frozen=True, slots=True)
class DemandLine:
    """A line as it will be booked.

    - ``path``: where it stands in what was asked.
    - ``among``: whom somebody would have it from, if not from anyone.
    - ``group``: of lines that begin together; groups follow one another.
    - ``parent``: the place of the line that it is added to.
    - ``bundle`` and ``share``: what it is part of, and its part of that price.
    """

    path: str
    option_id: UUID
    staff_id: UUID | None
    group: int
    among: frozenset[UUID] = frozenset()
    parent: int | None = None
    bundle: OptionTerms | None = None
    share: int | None = None


def option_ids_of(asked: Sequence[AskedLine], known: Known) -> set[UUID]:
    """Of everything that ``asked`` comes down to, as far as it is known."""
    found = {line.option_id for line in asked}
    found |= {addon.option_id for line in asked for addon in line.addons}
    parts = (known[pk].parts for pk in tuple(found) if pk in known)
    return found | {part.option_id for of_bundle in parts for part in of_bundle}


def lines_of(
    asked: Sequence[AskedLine], known: Known, actor: Actor, *, is_again: bool = False
) -> tuple[tuple[DemandLine, ...], tuple[OptionTerms, ...]]:
    """The lines, and each one's terms with the finish that several share done once.

    Raises an error that names the line which this actor cannot have, or not there.
    """
    _check_options(asked, known, actor, is_again=is_again)
    lines = tuple(_flat(asked, known))
    if not is_again:
        _check_size(lines)
    visit = [
        VisitLine(terms=known[line.option_id], parallel_group=line.group, parent=line.parent)
        for line in lines
    ]
    if problems := addon_problems(visit):
        raise Invalid(fields=worded(_by_path(problems, lines)))
    if problems := order_problems(visit):
        raise WrongOrder(fields=worded(_by_path(problems, lines)))
    return lines, merged(visit)


def _check_options(
    asked: Sequence[AskedLine], known: Known, actor: Actor, *, is_again: bool
) -> None:
    paths = {f"lines.{place}": line for place, line in enumerate(asked)}
    for path, line in tuple(paths.items()):
        paths |= {f"{path}.addons.{place}": addon for place, addon in enumerate(line.addons)}
    missing = {
        f"{path}.option_id": NoSuchOption.message
        for path, line in paths.items()
        if not _is_sold(known.get(line.option_id), actor, is_again=is_again)
    }
    if missing:
        raise Invalid(fields=missing)


def _check_size(lines: Sequence[DemandLine]) -> None:
    """The work of finding a time grows steeply with these."""
    if len(lines) > MOST_LINES:
        raise Invalid(fields={f"{lines[MOST_LINES].path}.option_id": TOO_MANY})
    at_once: Counter[int] = Counter()
    for line in lines:
        at_once[line.group] += line.parent is None
        if at_once[line.group] > MOST_AT_ONCE:
            raise Invalid(fields={f"{line.path}.option_id": TOO_MANY_AT_ONCE})


def _is_sold(terms: OptionTerms | None, actor: Actor, *, is_again: bool) -> bool:
    if terms is None or (is_again and terms.is_bundle):  # it has no phases any more
        return False
    return is_again or (not terms.is_archived and (terms.is_online or actor.may(BOOK)))


def _by_path(problems: Mapping[int, str], lines: Sequence[DemandLine]) -> dict[str, str]:
    return {f"{lines[place].path}.option_id": why for place, why in problems.items()}


def _flat(asked: Sequence[AskedLine], known: Known) -> Iterator[DemandLine]:
    """Groups are numbered as they first come up; a bundle's follow one another."""
    group = place = 0
    named: dict[int, int] = {}
    for number, line in enumerate(asked):
        path, terms = f"lines.{number}", known[line.option_id]
        found = list(_parts(path, line, terms, known, group)) if terms.is_bundle else []
        if not found:
            own = (
                group
                if line.parallel_group is None
                else named.setdefault(line.parallel_group, group)
            )
            found = [DemandLine(path, line.option_id, line.staff_id, own, line.among)]
        yield from found
        group = max(group, *(top.group + 1 for top in found))
        for extra, addon in enumerate(line.addons):
            yield DemandLine(
                f"{path}.addons.{extra}",
                addon.option_id,
                addon.staff_id,
                found[0].group,
                addon.among,
                place,
            )
        place += len(found) + len(line.addons)


def _parts(
    path: str, line: AskedLine, bundle: OptionTerms, known: Known, group: int
) -> Iterator[DemandLine]:
    shares = bundle_shares(bundle, [known[part.option_id] for part in bundle.parts])
    wanted = [*line.part_staff, *([line.staff_id] * len(bundle.parts))]
    for part, share, staff_id in zip(bundle.parts, shares, wanted, strict=False):
        yield DemandLine(
            path,
            part.option_id,
            staff_id,
            group + part.parallel_group,
            line.among,
            None,
            bundle,
            share,
        )
