"""What somebody asks for as the lines of a visit: bundles opened, add-ons under their lines."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shared_apps.core.actor import Actor
from shared_apps.core.errors import Forbidden, Invalid
from tenant_apps.booking.errors import WrongOrder
from tenant_apps.booking.permissions import BOOK
from tenant_apps.booking.types import AskedLine
from tenant_apps.catalog.errors import NoSuchOption, worded
from tenant_apps.catalog.policies.own import own_problem, with_own_minutes
from tenant_apps.catalog.policies.prices import bundle_shares
from tenant_apps.catalog.policies.visit import addon_problems, merged, order_problems
from tenant_apps.catalog.types import OptionTerms, VisitLine

Known = Mapping[UUID, OptionTerms]
# Of one visit, add-ons and parts of bundles among them; and of those, begun together.
MOST_LINES, MOST_AT_ONCE = 10, 4
NOTHING_SAID = AskedLine(option_id=UUID(int=0))
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
    - ``own_minutes``: how long its phases take, if not as the price list says.
    - ``asked``: what was said of it, the units named by hand among them.
    """

    path: str
    option_id: UUID
    staff_id: UUID | None
    group: int
    among: frozenset[UUID] = frozenset()
    parent: int | None = None
    bundle: OptionTerms | None = None
    share: int | None = None
    own_minutes: tuple[int, ...] | None = None
    asked: AskedLine = NOTHING_SAID

    @property
    def unit_ids(self) -> frozenset[UUID]:
        return self.asked.unit_ids


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
    paths = _paths(asked)
    _check_options(paths, known, actor, is_again=is_again)
    _check_said_by_hand(paths, known, actor, is_again=is_again)
    lines = tuple(_flat(asked, known))
    visit = [
        VisitLine(terms=_terms(line, known), parallel_group=line.group, parent=line.parent)
        for line in lines
    ]
    if not is_again or any(line.asked.is_new for line in lines):
        _check_size(lines)
        _check_together(lines, visit, is_again=is_again)
    return _to_come(lines, merged(visit))


def _check_together(
    lines: Sequence[DemandLine], visit: Sequence[VisitLine], *, is_again: bool
) -> None:
    """Whoever was sold without the service it belongs to is not asked again."""
    problems = {
        place: why
        for place, why in addon_problems(visit).items()
        if not is_again or lines[place].asked.is_new or lines[place].parent is not None
    }
    if problems:
        raise Invalid(fields=worded(_by_path(problems, lines)))
    if problems := order_problems(visit):
        raise WrongOrder(fields=worded(_by_path(problems, lines)))


def _to_come(
    lines: Sequence[DemandLine], terms: Sequence[OptionTerms]
) -> tuple[tuple[DemandLine, ...], tuple[OptionTerms, ...]]:
    """Without those that are over; what was added to one of them stands for itself."""
    left = [place for place, line in enumerate(lines) if not line.asked.is_done]
    now_at = {place: number for number, place in enumerate(left)}

    def moved_up(line: DemandLine) -> DemandLine:
        return line if line.parent is None else replace(line, parent=now_at.get(line.parent))

    return tuple(moved_up(lines[place]) for place in left), tuple(terms[place] for place in left)


def _terms(line: DemandLine, known: Known) -> OptionTerms:
    terms = known[line.option_id]
    return terms if line.own_minutes is None else with_own_minutes(terms, line.own_minutes)


def _paths(asked: Sequence[AskedLine]) -> dict[str, AskedLine]:
    """The lines and their add-ons, by where they stand."""
    paths = {f"lines.{place}": line for place, line in enumerate(asked)}
    for path, line in tuple(paths.items()):
        paths |= {f"{path}.addons.{place}": addon for place, addon in enumerate(line.addons)}
    return paths


def _check_options(
    paths: Mapping[str, AskedLine], known: Known, actor: Actor, *, is_again: bool
) -> None:
    missing = {
        f"{path}.option_id": NoSuchOption.message
        for path, line in paths.items()
        if not _is_sold(known.get(line.option_id), actor, is_again=is_again and not line.is_new)
    }
    if missing:
        raise Invalid(fields=missing)


def _check_said_by_hand(
    paths: Mapping[str, AskedLine], known: Known, actor: Actor, *, is_again: bool
) -> None:
    """Only staff say how long something takes, and on which chair; a visit keeps its own."""
    said = {path: line for path, line in paths.items() if line.own_minutes is not None}
    has_units = not is_again and any(line.unit_ids for line in paths.values())
    if (said or has_units) and not actor.may(BOOK):
        raise Forbidden
    problems = {
        f"{path}.own_minutes": why
        for path, line in said.items()
        if (why := own_problem(known[line.option_id].phases, line.own_minutes or ()))
    }
    if problems:
        raise Invalid(fields=worded(problems))


def _own_minutes(line: AskedLine, terms: OptionTerms) -> tuple[int, ...] | None:
    """What the line says, or what is usual with its client; nothing that does not fit the
    phases of today."""
    said = line.own_minutes
    if said is None:
        said = next((found for pk, found in line.timings if pk == terms.option_id), None)
    return said if said is not None and not own_problem(terms.phases, said) else None


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
            found = [
                DemandLine(
                    path,
                    line.option_id,
                    line.staff_id,
                    own,
                    line.among,
                    own_minutes=_own_minutes(line, terms),
                    asked=line,
                )
            ]
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
                own_minutes=_own_minutes(addon, known[addon.option_id]),
                asked=addon,
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
            own_minutes=_own_minutes(line, known[part.option_id]),
            asked=line,
        )
