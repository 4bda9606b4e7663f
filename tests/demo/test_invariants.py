"""What must hold for every demo salon, read from the tables."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import combinations, groupby, pairwise
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from shared_apps.core.scope import salon_scope
from shared_apps.core.spans import joined, without
from shared_apps.core.wall import days_between
from tenant_apps.booking.management.commands.verify_journal import salon_problems
from tenant_apps.booking.models import Appointment, Line
from tenant_apps.booking.selectors.appointments import get_appointment
from tenant_apps.catalog.selectors import all_option_terms, services_on_offer, units_of
from tenant_apps.demo.calendar import HOURS, holidays_between
from tenant_apps.staff.models import RotaPattern
from tenant_apps.staff.selectors import salon_hours, team_on_show, work_between
from tenants.types import SalonCard
from tests.demo.conftest import AUTUMN, REFERENCE

ZONE = ZoneInfo("Europe/Berlin")
FIRST, LAST = AUTUMN.days[0], AUTUMN.days[-1]

OVERLAPS = """
SELECT count(*) FROM booking_allocation a JOIN booking_allocation b
  ON a.subject_id = b.subject_id AND a.during && b.during AND a.id < b.id
WHERE a.shared_by <> b.shared_by OR a.staff_id IS NOT NULL AND a.shared_by = a.id"""
# Somebody else's visit with the member whose own line is developing.
FILLERS = """
SELECT p.starts_at, p.starts_at + p.minutes * interval '1 minute', lower(a.during), upper(a.during)
FROM booking_phase p JOIN booking_line l ON l.id = p.line_id
JOIN booking_allocation a ON a.staff_id = l.performer_id
 AND a.during && tstzrange(p.starts_at, p.starts_at + p.minutes * interval '1 minute')
WHERE p.kind = 'processing' AND l.state IN ('confirmed', 'completed')
 AND NOT EXISTS (SELECT FROM booking_allocation b
                 WHERE b.shared_by = a.shared_by AND b.id <> a.id)"""
WORK = """
SELECT staff_id, lower(during), upper(during) FROM booking_allocation WHERE staff_id IS NOT NULL"""
OUTCOMES = f"""
SELECT v.starts_at < '{AUTUMN.today}'::timestamp AT TIME ZONE 'Europe/Berlin', a.state, count(*)
FROM booking_appointment a JOIN (
    SELECT l.appointment_id AS id, min(p.starts_at) AS starts_at
    FROM booking_phase p JOIN booking_line l ON l.id = p.line_id GROUP BY 1
) AS v USING (id) GROUP BY 1, 2"""
MISSED = " WHERE state = 'no_show'"
LEFT_OF_NO_SHOWS = """
SELECT count(*) FROM booking_allocation t JOIN booking_phase p ON p.id = t.phase_id
JOIN booking_line l ON l.id = p.line_id JOIN journal_entry j ON j.stream_id = l.appointment_id
WHERE j.event = 'booking.appointment_no_show' AND upper(t.during) > j.recorded_at"""
# Each line that was done: by whom, of which visit, as planned and as it was.
COURSES = """
SELECT l.performer_id, l.appointment_id, min(p.starts_at),
    max(p.starts_at + p.minutes * interval '1 minute'), max(p.actual_start), max(p.actual_end)
FROM booking_line l JOIN booking_phase p ON p.line_id = l.id
WHERE l.state = 'completed' GROUP BY l.id ORDER BY 1, 3"""
STARTS = """
SELECT min(p.starts_at) FROM booking_phase p JOIN booking_line l ON l.id = p.line_id
GROUP BY l.appointment_id"""
CLIENTS_A_DAY = """
SELECT count(*) FROM (
    SELECT a.client_id, p.starts_at::date FROM booking_appointment a
    JOIN booking_line l ON l.appointment_id = a.id AND l.position = 0
    JOIN booking_phase p ON p.line_id = l.id AND p.position = 0
    GROUP BY 1, 2 HAVING count(*) > 1) AS twice"""

Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def ask(ottilie: SalonCard) -> Iterator[Ask]:
    def rows(statement: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall())

    with salon_scope(ottilie):
        yield rows


def test_what_is_over_was_done_or_missed_and_what_is_to_come_is_confirmed(ask: Ask) -> None:
    counts: dict[tuple[bool, str], int] = {
        (is_past, state): number for is_past, state, number in ask(OUTCOMES)
    }
    past = {state: number for (is_past, state), number in counts.items() if is_past}
    future = {state: number for (is_past, state), number in counts.items() if not is_past}
    assert past.keys() == {"completed", "cancelled", "no_show"}
    assert future.keys() == {"confirmed", "cancelled"}
    assert past["completed"] > 60
    assert future["confirmed"] > 100
    assert 0.005 < past["no_show"] / sum(past.values()) < 0.1
    for found in (past, future):
        assert 0.03 < found["cancelled"] / sum(found.values()) < 0.2


def test_some_clients_have_missed_a_visit_and_nobody_waited_for_them_after_it(ask: Ask) -> None:
    (clients,) = ask("SELECT count(DISTINCT client_id) FROM booking_appointment" + MISSED)[0]
    assert clients >= 1
    assert ask(LEFT_OF_NO_SHOWS) == [(0,)]


def test_what_was_done_took_about_as_long_as_planned(ask: Ask) -> None:
    courses = ask(COURSES)
    overruns = [(done - ends).total_seconds() / 60 for _, _, _, ends, _, done in courses]
    assert all(starts <= begun < done for _, _, starts, _, begun, done in courses)
    assert -2 < sum(overruns) / len(overruns) < 5
    assert min(overruns) < -3
    assert max(overruns) > 5
    late = [begun for _, _, starts, _, begun, _ in courses if begun > starts]
    assert 0.05 < len(late) / len(courses) < 0.6


def test_nobody_did_two_things_at_once_that_were_planned_apart(ask: Ask) -> None:
    """What fills a gap lies within the line whose gap it fills, by plan and in fact."""
    by_performer = groupby(ask(COURSES), key=itemgetter(0))
    for _performer, courses in by_performer:
        for earlier, later in combinations(list(courses), 2):
            if earlier[3] <= later[2]:
                assert earlier[5] <= later[4]


def test_breaks_are_split_fixed_or_floating_and_those_that_float_find_room(ask: Ask) -> None:
    patterns = list(RotaPattern.objects.values_list("member_id", "breaks"))
    kinds = {len(breaks[0]) if breaks else 0 for _member, breaks in patterns}
    assert kinds == {0, 3, 4}
    floating = [member_id for member_id, breaks in patterns if breaks and len(breaks[0]) == 4]
    work = work_between(set(floating), FIRST, LAST, ZONE)
    taken = defaultdict(list)
    for staff_id, starts, ends in ask(WORK):
        taken[staff_id].append((starts, ends))
    checked = 0
    for member_id in floating:
        for due in work[member_id].floating:
            checked += 1
            free = without([due.window], joined(taken[member_id]))
            assert any(end - start >= timedelta(minutes=due.minutes) for start, end in free)
    assert checked > 10


def test_nobody_and_nothing_is_in_two_places(ask: Ask) -> None:
    assert ask(OVERLAPS) == [(0,)]
    assert ask(CLIENTS_A_DAY) == [(0,)]


def test_every_gap_filler_fits_its_gap(ask: Ask) -> None:
    fillers = ask(FILLERS)
    assert len(fillers) > 5
    assert all(
        gap_starts <= starts and ends <= gap_ends for gap_starts, gap_ends, starts, ends in fillers
    )


def test_every_line_is_within_the_rota(ask: Ask) -> None:
    work = ask(WORK)
    hours = work_between({row[0] for row in work}, FIRST, LAST, ZONE)
    assert work
    for staff_id, starts, ends in work:
        assert any(begins <= starts and ends <= closes for begins, closes in hours[staff_id].spans)


def test_prices_are_those_of_the_level_and_add_up(ask: Ask) -> None:
    terms = all_option_terms()
    for line in Line.objects.filter(bundle_option_id=None):
        assert line.price == terms[line.option_id].levels[line.level_at_booking].price
        assert line.currency == "EUR"
    for pk in Appointment.objects.values_list("pk", flat=True)[:50]:
        prices = Line.objects.filter(appointment=pk).values_list("price", flat=True)
        assert get_appointment(pk).total.amount == sum(prices)


def test_the_weekend_of_the_clock_change_is_busy(ask: Ask) -> None:
    days = [starts_at.astimezone(ZONE).date() for (starts_at,) in ask(STARTS)]
    assert days.count(date(2026, 10, 24)) > 5
    assert days.count(date(2026, 10, 27)) > 5


def test_the_journal_tells_the_same(ask: Ask) -> None:
    assert list(salon_problems()) == []


def test_history_happened_before_the_demo_begins(ask: Ask) -> None:
    entries = ask(
        "SELECT stream_id, version, recorded_at FROM journal_entry WHERE stream = 'appointment'"
        " ORDER BY stream_id, version"
    )
    until = datetime(2026, 10, 22, tzinfo=ZONE)
    assert all(recorded_at <= until for _, _, recorded_at in entries)
    for (stream, _, earlier), (next_stream, _, later) in pairwise(entries):
        assert stream != next_stream or earlier <= later


def test_the_menu_is_in_the_salons_words(ask: Ask) -> None:
    terms = list(all_option_terms().values())
    assert len(terms) == 42
    assert {option.currency for option in terms} == {"EUR"}
    assert services_on_offer().count() == 40
    assert "Ansatzfarbe mit Schnitt & Föhnen" in {option.service_name for option in terms}
    (tint,) = [option for option in terms if option.service_name == "Ansatzfarbe"]
    assert [(str(phase.kind), phase.minutes) for phase in tint.phases] == [
        ("work", 35),
        ("processing", 35),
        ("work", 10),
        ("work", 10),
        ("cleanup", 5),
    ]
    assert {level: (found.price, found.percent) for level, found in tint.levels.items()} == {
        "junior": (4800, 125),
        "stylist": (5500, 100),
        "senior": (6100, 100),
        "director": (6800, 90),
    }


def test_it_has_its_chairs_and_its_team(ask: Ask) -> None:
    kinds = ("chair", "backwash", "cabin", "double_cabin", "desk", "spa_chair")
    assert [len(units_of([kind])) for kind in kinds] == [8, 3, 2, 1, 2, 1]
    assert [unit.places for unit in units_of(["double_cabin", "cabin"])] == [1, 1, 2]
    team = list(team_on_show())
    assert [member.name for member in team] == [colleague.name for colleague in REFERENCE.team]
    assert ask("SELECT count(*) FROM staff_rotapattern WHERE jsonb_array_length(weeks) = 2") == [
        (6,)
    ]
    assert ask("SELECT count(DISTINCT option_id) FROM staff_skill") == [(40,)]


def test_it_is_closed_on_holidays_for_a_year(ask: Ask) -> None:
    hours = salon_hours(FIRST, LAST + timedelta(days=370))
    assert hours.hours == HOURS["DE"]
    assert date(2026, 12, 25) in hours.closed
    assert date(2027, 10, 3) in hours.closed
    assert sorted(hours.closed) == holidays_between(
        "DE", "SN", FIRST, AUTUMN.today + timedelta(days=365)
    )
    assert len(list(days_between(FIRST, LAST))) == len(AUTUMN.days)


def test_clients_have_names_of_all_kinds_and_share_addresses(ask: Ask) -> None:
    names = {name for (name,) in ask("SELECT name FROM clients_client")}
    assert {"مريم الحسيني", "Zoë 💇‍♀️ Ødegård", "Łucja Żółć-Święcicka"} <= names
    assert ask("SELECT count(*) FROM clients_client WHERE phone = ''") != [(0,)]
    for column in ("email", "phone"):
        shared = ask(
            f"SELECT count(*) FROM (SELECT {column} FROM clients_client WHERE {column} <> ''"
            f" GROUP BY 1 HAVING count(*) > 1) AS shared"
        )
        assert shared[0][0] > 3
    assert ask(
        r"SELECT count(*) FROM clients_client WHERE email !~ '@example\.(com|org|net)$'"
        " AND email <> ''"
    ) == [(0,)]
    assert ask(
        "SELECT count(*) FROM clients_client WHERE phone !~"
        r" '^\+49(3023125|6990009|4066969|2214710|8999998)\d{3}$' AND phone <> ''"
    ) == [(0,)]
