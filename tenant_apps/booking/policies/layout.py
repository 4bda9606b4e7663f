"""A way's steps in time, counted from its first minute."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tenant_apps.booking.policies.masks import Span, joined
from tenant_apps.booking.policies.visit import Step, UnitNeed


@dataclass(frozen=True, slots=True)
class Task:
    """A step in its place. A step that tidies stands where it would if nothing came after."""

    at: int
    step: Step

    @property
    def span(self) -> Span:
        return self.at, self.at + self.step.minutes


@dataclass(frozen=True, slots=True)
class Occupied:
    """When one choice of units is in use, and when it is cleaned if nobody uses it again."""

    need: UnitNeed
    uses: tuple[Span, ...]
    tidies: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """``held``: when the client may leave; ``ends``: when everything has ended; ``begins``: the
    first minute of each line."""

    tasks: tuple[Task, ...]
    held: int
    ends: int
    begins: tuple[tuple[int, int], ...]
    lead: tuple[Span, ...]
    lead_tidies: tuple[Span, ...]
    client: tuple[Span, ...]
    anyone: tuple[Task, ...]
    units: tuple[Occupied, ...]

    def room_in(self, line: int) -> Iterator[Span]:
        """The processing phases of ``line``."""
        for task in self.tasks:
            if task.step.line == line and task.step.may_hold_others:
                yield task.span


def lay_out(steps: Sequence[Step]) -> Layout:
    tasks = tuple(_in_place(steps))
    return Layout(
        tasks=tasks,
        held=max((task.span[1] for task in tasks if task.step.takes_client), default=0),
        ends=max((task.span[1] for task in tasks), default=0),
        begins=tuple({t.step.line: t.at for t in reversed(tasks)}.items()),
        lead=joined(t.span for t in tasks if t.step.takes_lead and not t.step.tidies),
        lead_tidies=tuple(t.span for t in tasks if t.step.takes_lead and t.step.tidies),
        client=joined(task.span for task in tasks if task.step.takes_client),
        anyone=tuple(task for task in tasks if task.step.takes_staff and task.step.able),
        units=tuple(_occupied(tasks)),
    )


def _in_place(steps: Iterable[Step]) -> Iterator[Task]:
    """Cleaning up does not hold up what comes after it, only other cleaning up."""
    at = tidied = 0
    for step in steps:
        if step.tidies:
            yield Task(max(at, tidied), step)
            tidied = max(at, tidied) + step.minutes
        else:
            yield Task(at, step)
            at += step.minutes
            tidied = at


def key_of(place: object, step: Step, need: UnitNeed) -> tuple[object, UnitNeed]:
    """Needs with the same key are met by the same units; ``place`` tells phases apart."""
    if need.keep == "phase":
        return (place, need)
    return ("visit" if need.keep == "visit" else step.line, need)


def _occupied(tasks: Iterable[Task]) -> Iterator[Occupied]:
    found: dict[tuple[object, UnitNeed], list[Task]] = {}
    for place, task in enumerate(tasks):
        for need in task.step.needs:
            found.setdefault(key_of(("phase", place), task.step, need), []).append(task)
    for (_place, need), needing in found.items():
        yield Occupied(
            need,
            uses=joined(task.span for task in needing if not task.step.tidies),
            tidies=tuple(task.span for task in needing if task.step.tidies),
        )


class LaidOut:
    """Each ``steps`` object is laid out once. It must live as long as this does."""

    def __init__(self) -> None:
        self._known: dict[int, Layout] = {}

    def __call__(self, steps: tuple[Step, ...]) -> Layout:
        found = self._known.get(id(steps))
        if found is None:
            found = self._known[id(steps)] = lay_out(steps)
        return found
