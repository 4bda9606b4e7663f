"""Visits and calendars of all kinds, small enough for the oracle."""

from uuid import UUID

from hypothesis import strategies as st

from tenant_apps.booking.policies.masks import Mask, span
from tenant_apps.booking.policies.visit import (
    Free,
    Inside,
    Keep,
    Step,
    Track,
    UnitNeed,
    Visit,
    Way,
    Ways,
)

MINUTES = 40
ALWAYS = span(0, MINUTES)
STAFF = [UUID(int=number) for number in range(1, 4)]
CHAIRS = [UUID(int=number) for number in range(11, 14)]
BASINS = [UUID(int=number) for number in range(21, 23)]
Draw = st.DrawFn

gaps = st.lists(st.tuples(st.integers(0, MINUTES), st.integers(1, 6)), max_size=2)
patience = st.sampled_from([0, 0, 0, 5, 5, 10])
preferences = st.fixed_dictionaries(dict.fromkeys(STAFF, st.integers(0, 2)))
masks = st.integers(min_value=0, max_value=ALWAYS)
mostly_free = gaps.map(lambda found: ALWAYS & ~union(found))


def union(found: list[tuple[int, int]]) -> Mask:
    mask = 0
    for start, length in found:
        mask |= span(start, start + length)
    return mask


@st.composite
def floating(draw: Draw) -> list[tuple[Mask, int]]:
    if not draw(st.booleans()):
        return []
    first, length = draw(st.integers(0, MINUTES - 8)), draw(st.integers(4, 14))
    return [(span(first, first + length), draw(st.integers(2, 5)))]


sold = st.dictionaries(st.integers(0, 3), mostly_free, max_size=1)


def frees(*, breaks: bool = True) -> st.SearchStrategy[Free]:
    return st.builds(
        Free,
        staff=st.fixed_dictionaries(dict.fromkeys(STAFF, mostly_free)),
        units=st.fixed_dictionaries(dict.fromkeys(CHAIRS + BASINS, mostly_free)),
        client=mostly_free,
        floating=st.fixed_dictionaries(dict.fromkeys(STAFF, floating())) if breaks else st.just({}),
        sold=st.just({}) | sold,
    )


def needs(*keeps: Keep) -> st.SearchStrategy[tuple[UnitNeed, ...]]:
    keep = st.sampled_from(keeps)
    chairs = st.builds(
        UnitNeed,
        units=st.sampled_from([tuple(CHAIRS), tuple(CHAIRS[:1]), tuple(CHAIRS[1:])]),
        quantity=st.sampled_from([1, 1, 2]),
        keep=keep,
    )
    basins = st.builds(UnitNeed, units=st.just(tuple(BASINS)), keep=keep)
    return st.just(()) | st.tuples(chairs) | st.tuples(basins) | st.tuples(chairs, basins)


@st.composite
def plain_steps(draw: Draw, line: int) -> tuple[Step, ...]:
    """Work, perhaps processing and a finish, and cleaning up: as nearly all services are."""
    need = draw(needs("phase", "line"))
    found = [Step(draw(st.integers(1, 5)), needs=need, line=line)]
    if draw(st.booleans()):
        able = draw(st.sampled_from([(), (), tuple(STAFF[1:]), tuple(STAFF)]))
        found += [
            Step(
                draw(st.integers(1, 6)),
                takes_staff=False,
                needs=draw(st.sampled_from([need, ()])),
                line=line,
                number=1,
            ),
            Step(draw(st.integers(1, 4)), needs=need, able=able, line=line, number=2),
        ]
    if draw(st.booleans()):
        minutes = draw(st.integers(1, 3))
        found.append(
            Step(minutes, takes_client=False, needs=need, tidies=True, line=line, number=3)
        )
    return tuple(found)


@st.composite
def odd_steps(draw: Draw, line: int) -> tuple[Step, ...]:
    """Anything that can be written down, in any order."""
    found = [Step(draw(st.integers(1, 4)), needs=draw(needs("phase", "line", "visit")), line=line)]
    for number in range(1, draw(st.integers(1, 4))):
        tidies = draw(st.sampled_from([False, False, True]))
        takes_staff = draw(st.booleans())
        able = draw(st.sampled_from([(), (), tuple(STAFF[:2])])) if takes_staff else ()
        found.append(
            Step(
                draw(st.integers(1, 5)),
                takes_staff=takes_staff,
                takes_client=not tidies and draw(st.sampled_from([True, True, False])),
                needs=draw(needs("phase", "line", "visit")),
                able=able,
                tidies=tidies,
                line=line,
                number=number,
            )
        )
    return tuple(found)


@st.composite
def ways(draw: Draw, line: int, *, odd: bool, most: int = 3) -> Ways:
    """Some share their steps, as people of one level do."""
    steps = odd_steps(line) if odd else plain_steps(line)
    shared = draw(steps)
    people = draw(st.lists(st.sampled_from(STAFF), min_size=1, max_size=most, unique=True))
    return tuple(
        Way(who, draw(st.sampled_from([shared, shared, draw(steps)])), draw(st.integers(0, 2)))
        for who in people
    )


@st.composite
def sequences(draw: Draw) -> Visit:
    """Plain lines one after another; some have an add-on after them."""
    groups = []
    line = 0
    for _group in range(draw(st.integers(1, 3))):
        found = draw(ways(line, odd=False))
        lines: tuple[int, ...] = (line,)
        if draw(st.integers(0, 5)) == 0:
            more = draw(plain_steps(line + 1))
            found = tuple(Way(way.staff_id, way.steps + more, way.price) for way in found)
            lines = (line, line + 1)
        groups.append((Track(found, lines),))
        line += len(lines)
    return Visit(tuple(groups), draw(patience))


@st.composite
def insides(draw: Draw, line: int, parent: int) -> Inside:
    steps = [Step(draw(st.integers(1, 3)), needs=draw(needs("phase", "line")), line=line)]
    if draw(st.booleans()):
        steps.append(Step(1, takes_client=False, tidies=True, line=line, number=1))
    people = draw(st.permutations(STAFF))[: draw(st.integers(1, 2))]
    return Inside(tuple(Way(who, tuple(steps), 1) for who in people), line, parent)


@st.composite
def visits(draw: Draw) -> Visit:
    """Any at all: side by side, inside one another, with kept units and odd steps."""
    groups = []
    line = 0
    for _group in range(draw(st.integers(1, 2))):
        tracks = []
        for _track in range(draw(st.integers(1, 2))):
            found = draw(ways(line, odd=True, most=2))
            count = draw(st.sampled_from([0, 0, 1, 2]))
            inside = tuple(draw(insides(line + 1 + n, line)) for n in range(count))
            tracks.append(Track(found, (line,), inside))
            line += 1 + len(inside)
        groups.append(tuple(tracks))
    return Visit(tuple(groups), draw(patience))


@st.composite
def waits(draw: Draw) -> Visit:
    """Lines by any of two that need long cleaning up, and in between, most likely, waiting."""
    groups = []
    for line in range(draw(st.integers(2, 3))):
        steps = [Step(draw(st.integers(2, 5)), line=line)]
        if draw(st.booleans()):
            steps.append(Step(draw(st.integers(2, 7)), takes_staff=False, line=line, number=1))
        steps.append(
            Step(draw(st.integers(2, 7)), takes_client=False, tidies=True, line=line, number=2)
        )
        people = draw(st.permutations(STAFF))[: draw(st.integers(1, 3))]
        groups.append((Track(tuple(Way(who, tuple(steps)) for who in people), (line,)),))
    return Visit(tuple(groups), draw(st.sampled_from([0, 5, 10])))
