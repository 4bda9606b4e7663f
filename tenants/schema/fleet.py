"""Every salon to the head: canaries first, then the rest in parallel, locked ones again later."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

from shared_apps.core.db import DEADLOCK_DETECTED, LOCK_NOT_AVAILABLE, sqlstate_of
from tenants.models import SchemaStep
from tenants.schema.climb import Behind, Outcome, climb, move
from tenants.schema.direct import connect
from tenants.schema.django_step import DjangoStep
from tenants.schema.ladder import Disk, Leg, key_of, legs

CANARIES = 3
PAUSES = (0.0, 0.5, 1.0, 2.0)
COME_BACK_LATER = frozenset({LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED})

Crew = Callable[[Sequence[Behind]], list[Outcome]]


class CanaryFailed(Exception):
    """The first salons could not climb, so nobody else was asked to."""

    def __init__(self, failures: list[Outcome]) -> None:
        super().__init__("the first salons failed; the others were left alone")
        self.failures = failures


class Fleet:
    def __init__(self, disk: Disk, steps: Sequence[SchemaStep], *, jobs: int) -> None:
        self.disk = disk
        self.steps = steps
        self.jobs = jobs
        self.on_done: Callable[[], object] = lambda: None

    def bring_to_head(
        self, salons: Sequence[Behind], *, on_done: Callable[[], object]
    ) -> list[Outcome]:
        """Those that could not be brought there, each with its reason.

        ``on_done`` hears of every salon that has taken, or failed, one leg of the way.
        """
        self.on_done = on_done
        failures: dict[Behind, Outcome] = {}
        for leg in self._legs(salons):
            fit = [s for s in salons if s.version < leg.target and s not in failures]
            failures.update((outcome.salon, outcome) for outcome in self._take(leg, fit))
        return list(failures.values())

    def count(self, salons: Sequence[Behind]) -> int:
        return sum(s.version < leg.target for leg in self._legs(salons) for s in salons)

    def _legs(self, salons: Sequence[Behind]) -> list[Leg]:
        return legs(self.steps, above=min((s.version for s in salons), default=len(self.steps)))

    def _take(self, leg: Leg, salons: Sequence[Behind]) -> list[Outcome]:
        crew = self._through_django(leg) if leg.through_django else self._by_sql(leg)
        failures = self._patiently(crew, leg, salons[:CANARIES])
        if any(not outcome.is_locked for outcome in failures):
            raise CanaryFailed(failures)
        return failures + self._patiently(crew, leg, salons[CANARIES:])

    def _patiently(self, crew: Crew, leg: Leg, salons: Sequence[Behind]) -> list[Outcome]:
        """A salon whose tables are locked waits its turn while the others go on."""
        broken: list[Outcome] = []
        locked: list[Outcome] = []
        for pause in PAUSES:
            sleep(pause)
            failed = [outcome for outcome in crew(salons) if outcome.error]
            broken += [outcome for outcome in failed if not outcome.is_locked]
            locked = [outcome for outcome in failed if outcome.is_locked]
            salons = [outcome.salon for outcome in locked]
            if not salons:
                break
        _record(broken + locked, leg)
        return broken + locked

    def _by_sql(self, leg: Leg) -> Crew:
        def work(salons: Sequence[Behind]) -> list[Outcome]:
            with connect() as session:
                return [
                    self._attempt(salon, lambda s: climb(session, s, leg.steps_above(s.version)))
                    for salon in salons
                ]

        def crew(salons: Sequence[Behind]) -> list[Outcome]:
            shares = [share for i in range(self.jobs) if (share := salons[i :: self.jobs])]
            with ThreadPoolExecutor(self.jobs, thread_name_prefix="climb") as threads:
                return [outcome for done in threads.map(work, shares) for outcome in done]

        return crew

    def _through_django(self, leg: Leg) -> Crew:
        (step,) = leg.steps
        state = self.disk.state_after(self.steps[: step.number - 1])
        django_step = DjangoStep(step, self.disk.migration(key_of(step)), state)
        return lambda salons: [self._attempt(salon, django_step.take) for salon in salons]

    def _attempt(self, salon: Behind, act: Callable[[Behind], object]) -> Outcome:
        begun = monotonic()
        try:
            act(salon)
        except Exception as error:  # noqa: BLE001 a data migration may raise anything; the others go on
            state = getattr(error, "sqlstate", None) or sqlstate_of(error)
            if state in COME_BACK_LATER:
                return Outcome(salon, _text(error), True, _since(begun))
            self.on_done()
            return Outcome(salon, _text(error), False, _since(begun))
        self.on_done()
        return Outcome(salon)


def _text(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".strip()


def _since(begun: float) -> int:
    return round(1000 * (monotonic() - begun))


def _record(failures: Sequence[Outcome], leg: Leg) -> None:
    if failures:
        with connect() as session, session.transaction():
            for outcome in failures:
                session.execute(
                    move(
                        outcome.salon,
                        (max(outcome.salon.version, leg.steps[0].number - 1), leg.target),
                        error=outcome.error,
                        milliseconds=outcome.milliseconds,
                    ).encode()
                )
