"""The benchmarks in the order in which they run: the last ones change the schemas."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.benchmarks.cases import (
    algebra,
    availability,
    booking,
    diary,
    floor,
    large,
    migrate,
    parties,
    race,
    salons,
    signup,
)
from tests.benchmarks.figures import Figure
from tests.benchmarks.system import System


@dataclass(frozen=True, slots=True)
class Case:
    about: str
    measure: Callable[[System], list[Figure]]


BENCHMARKS = {
    "floor": Case("what PostgreSQL alone does here: SELECT 1, a booking's inserts", floor.measure),
    "signup": Case("from sign-up to the first page; making 200 salons' schemas", signup.measure),
    "algebra": Case("availability's masks alone, without a database", algebra.measure),
    "parties": Case("a month for people who come together, likewise", parties.measure),
    "availability": Case("a day of one service; a month of three lines", availability.measure),
    "large": Case("a month of three lines by anybody of forty", large.measure),
    "diary": Case("a day of twelve people, a week of one; as of yesterday", diary.measure),
    "booking": Case("two lines, spread over days and salons, 16 connections", booking.measure),
    "race": Case("200 at once for one time, from four processes", race.measure),
    "salons": Case("bookings in many salons against ten", salons.measure),
    "migrate": Case("migrate_salons over 500 salons", migrate.measure),
}
