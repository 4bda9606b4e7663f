"""What PostgreSQL alone can do here and now: pgbench on the same server and tables."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from tests.benchmarks.cpu import cpu_seconds
from tests.benchmarks.figures import Figure, percentile
from tests.benchmarks.system import System

SALON = "bruno"
NOTHING = "SELECT 1;\n"
KEY = "lpad(to_hex(:visit), 32, '0')::uuid"  # the appointment's and the line's
# An appointment, its line, the line's phase with what it takes. Times are too far away to meet.
BOOKING = """
\\set minute random(1, 1000000000)
\\set visit random(1, 4000000000000000000)
BEGIN;
INSERT INTO {schema}.booking_appointment
    (id, created_at, updated_at, state, channel, language, version)
    VALUES ({key}, now(), now(), 'confirmed', 'public', 'en', 1);
INSERT INTO {schema}.booking_line
    (id, created_at, updated_at, position, state, cancel_reason_code, level_at_booking, list_price,
     price, price_kind, currency, tax_category, appointment_id, option_id, performer_id)
    VALUES ({key}, now(), now(), 0, 'confirmed', '', 'stylist', 4000, 4000, 'fixed', 'EUR',
     'service', {key}, '{option}', '{member}');
WITH phase AS (
    INSERT INTO {schema}.booking_phase (id, position, kind, starts_at, minutes, line_id, staff_id)
    VALUES (gen_random_uuid(), 0, 'work',
     timestamptz '2100-01-01' + :minute * interval '1 minute', 1, {key}, '{member}')
    RETURNING id, starts_at
)
INSERT INTO {schema}.booking_allocation (id, staff_id, during, shared_by, phase_id)
    SELECT gen_random_uuid(), '{member}',
     tstzrange(starts_at, starts_at + interval '1 minute'), gen_random_uuid(), id FROM phase;
COMMIT;
"""


@dataclass(frozen=True, slots=True)
class Floor:
    clients: int
    per_second: float
    cpu_milliseconds: float
    p50: float
    p95: float
    p99: float

    def figures(self, name: str) -> list[Figure]:
        return [
            Figure(f"{name}: per second, {self.clients} clients", round(self.per_second)),
            Figure(f"{name}: CPU of PostgreSQL", round(self.cpu_milliseconds, 3), "ms"),
            Figure(f"{name}: p50", round(self.p50, 2), "ms"),
            Figure(f"{name}: p95", round(self.p95, 2), "ms"),
            Figure(f"{name}: p99", round(self.p99, 2), "ms"),
        ]


def nothing(system: System) -> Floor:
    return _run(system, NOTHING, clients=8)


def booking(system: System) -> Floor:
    """Three inserts with their foreign keys under the exclusion constraint, committed durably."""
    schema = system.schema(SALON)
    ((option, member),) = system.query(
        f"SELECT option.id, member.id FROM {schema}.catalog_option AS option,"
        f" {schema}.staff_member AS member LIMIT 1"
    )
    script = BOOKING.format(schema=schema, option=option, member=member, key=KEY)
    return _run(system, script, clients=16)


def _run(system: System, script: str, *, clients: int) -> Floor:
    with TemporaryDirectory() as folder:
        (Path(folder) / "script.sql").write_text(script)
        before = cpu_seconds(system.postgres)
        output = subprocess.run(
            [
                *(Path(system.servers.pg_bin) / "pgbench", "--no-vacuum", "--log"),
                *("--client", str(clients), "--time", str(system.seconds)),
                *("--file", "script.sql"),
            ],
            cwd=folder,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **_address(system.app_url)},
        ).stdout
        spent = cpu_seconds(system.postgres) - before
        times = [
            int(line.split()[2]) / 1000
            for log in Path(folder).glob("pgbench_log.*")
            for line in log.read_text().splitlines()
        ]
    found = re.search(r"^tps = ([0-9.]+)", output, re.MULTILINE)
    assert found, output
    return Floor(
        clients=clients,
        per_second=float(found[1]),
        cpu_milliseconds=1000 * spent / len(times),
        p50=percentile(times, 0.50),
        p95=percentile(times, 0.95),
        p99=percentile(times, 0.99),
    )


def _address(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    return {
        "PGHOST": str(parts.hostname),
        "PGPORT": str(parts.port),
        "PGUSER": str(parts.username),
        "PGPASSWORD": parts.password or "",
        "PGDATABASE": parts.path.removeprefix("/"),
    }
