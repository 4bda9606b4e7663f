"""What is taken: from PostgreSQL for whoever decides, from Redis for whoever only looks.

Redis keeps a mask for each person and unit and each salon day. Whoever changes a day gives it a
new version when they commit (services/days.py); a mask that was read under another version is
worth nothing, so nobody can write an old one back. Redis may lose any of it, or be lost: that
is only slower. What is out of date for a moment can cost a 409, never a double booking.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import connection

from shared_apps.core.cache import drop_masks, keep_masks, keep_versions, kept_masks
from shared_apps.core.db import rows
from shared_apps.core.revisions import CURRENT, current_token
from shared_apps.core.wall import DAY, at_wall, days_between
from tenant_apps.booking.policies.masks import Mask, Window, span

TAKEN = f"""
SELECT subject_id, {{begins}}, {{ends}}, expires_at, NULL::uuid, {{companion}}
FROM booking_allocation
WHERE subject_id = ANY(%(subjects)s) AND during && tstzrange(%(start)s, %(end)s) {{but}}
UNION ALL SELECT NULL, NULL, NULL, NULL, ({CURRENT}), NULL
"""  # noqa: S608 our own words
BUT = """
  AND NOT EXISTS (
      SELECT FROM booking_phase AS phase JOIN booking_line AS line ON line.id = phase.line_id
      WHERE phase.id = phase_id AND line.appointment_id = ANY(%(ignoring)s))
"""
# Whose visit it is that shares this unit with one of those which are ignored.
COMPANION = """
  CASE WHEN unit_id IS NOT NULL AND shared_by IN (
      SELECT party_id FROM booking_appointment WHERE id = ANY(%(ignoring)s)
  ) THEN (
      SELECT line.appointment_id
      FROM booking_phase AS phase JOIN booking_line AS line ON line.id = phase.line_id
      WHERE phase.id = phase_id
  ) END
"""
NOBODY = "NULL::uuid"
INSTANTS = {"begins": "lower(during)", "ends": "upper(during)"}
# Rounded outwards: half a minute taken is a minute taken.
MINUTES = {
    "begins": "floor(extract(epoch FROM lower(during) - %(start)s) / 60)::int",
    "ends": "ceil(extract(epoch FROM upper(during) - %(start)s) / 60)::int",
}
FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an answer was made of. The same again while nothing of it has changed, before
    ``until``, when somebody's hold runs out."""

    token: UUID | None
    versions: tuple[tuple[date, str], ...]
    until: datetime


@dataclass(slots=True)
class Taken:
    """``token``: that of the setup which held in the same moment. ``has_expired``: rows of a
    hold that ran out are still there; they take nothing. ``companions``: by unit, what each
    visit of the same party takes of it as one visit's place, not as the whole unit. ``stamp``:
    of what Redis knows."""

    token: UUID | None = None
    masks: dict[UUID, Mask] = field(default_factory=dict)
    companions: dict[UUID, dict[UUID, Mask]] = field(default_factory=dict)
    has_expired: bool = False
    stamp: Stamp | None = None


def read_taken(
    subjects: Collection[UUID],
    window: Window,
    *,
    moment: datetime,
    ignoring: Collection[UUID] = (),
) -> Taken:
    """One query. ``ignoring``: visits of one party, or one visit, that take nothing here."""
    found = rows(
        TAKEN.format(**MINUTES, but=BUT, companion=COMPANION)
        if ignoring
        else TAKEN.format(**MINUTES, but="", companion=NOBODY),
        subjects=list(subjects),
        start=window.start,
        end=window.end,
        ignoring=list(ignoring),
    )
    taken = Taken()
    for subject_id, begins, ends, expires_at, token, companion in found:
        if subject_id is None:
            taken.token = token
        elif expires_at is not None and expires_at <= moment:
            taken.has_expired = True
        else:
            masks, key = taken.masks, subject_id
            if companion is not None:
                masks, key = taken.companions.setdefault(subject_id, {}), companion
            masks[key] = masks.get(key, 0) | span(max(0, begins), min(window.minutes, ends))
    return taken


def glance_at_taken(
    subjects: Collection[UUID],
    everybody: Collection[UUID],
    window: Window,
    zone: ZoneInfo,
    *,
    moment: datetime,
) -> Taken:
    """The same by what Redis knows, in one query; two more for days that it does not know, which
    are then kept for ``everybody``. Inside a transaction only PostgreSQL knows what is taken."""
    if connection.in_atomic_block:
        return read_taken(subjects, window, moment=moment)
    days = list(days_between(*_ends(window, zone)))
    taken = Taken(token=current_token())
    known = _kept(days, moment, taken.token)
    missing = [day for day in days if day not in known]
    if missing:
        known |= _read_days(missing, everybody, zone, moment, taken.token)
    taken.stamp = Stamp(
        token=taken.token,
        versions=tuple((day, known[day]["version"]) for day in days),
        until=min(kept["until"] for kept in known.values()),
    )
    for day, kept in known.items():
        shift = window.minute_of(at_wall(day, 0, zone))
        for subject_id in subjects:
            mask = kept["masks"].get(subject_id, 0)
            if mask:
                moved = mask << shift if shift >= 0 else mask >> -shift
                taken.masks[subject_id] = taken.masks.get(subject_id, 0) | moved & window.all
    return taken


def still_holds(stamp: Stamp) -> bool:
    """One query, and one look into Redis."""
    found = kept_masks([_version_key(day) for day, _version in stamp.versions])
    return (
        all(found.get(_version_key(day)) == version for day, version in stamp.versions)
        and current_token() == stamp.token
    )


def forget_days(days: Iterable[date]) -> None:
    """What is kept of ``days`` is worth nothing from now on."""
    drop_masks({_version_key(day): uuid4().hex for day in days})


def _ends(window: Window, zone: ZoneInfo) -> tuple[date, date]:
    last = window.end - timedelta(minutes=1)
    return window.start.astimezone(zone).date(), last.astimezone(zone).date()


def _version_key(day: date) -> str:
    return f"masks-version:{day}"


def _masks_key(day: date) -> str:
    return f"masks:{day}"


KeptDay = Mapping[str, Any]
"""``version`` and ``token`` under which ``masks`` were made, and ``until`` when they hold."""


def _kept(days: Sequence[date], moment: datetime, token: UUID | None) -> dict[date, KeptDay]:
    """The days whose masks were made under the version that they have still, and for the team
    and the units that there are now."""
    found = kept_masks([key(day) for day in days for key in (_version_key, _masks_key)])
    known = {}
    for day in days:
        kept: KeptDay | None = found.get(_masks_key(day))
        made_under = kept and (kept["version"], kept["token"])
        if (
            kept
            and kept["version"]
            and made_under == (found.get(_version_key(day)), token)
            and moment < kept["until"]
        ):
            known[day] = kept
    return known


def _read_days(
    days: Sequence[date],
    everybody: Collection[UUID],
    zone: ZoneInfo,
    moment: datetime,
    token: UUID | None,
) -> dict[date, KeptDay]:
    """The versions first: what is read after may be newer than they say, never older."""
    versions = _versions(days)
    windows = {
        day: Window.between(at_wall(day, 0, zone), at_wall(day + DAY, 0, zone)) for day in days
    }
    masks: dict[date, dict[UUID, Mask]] = {day: defaultdict(int) for day in days}
    until = dict.fromkeys(days, FOREVER)
    found = rows(
        TAKEN.format(**INSTANTS, but="", companion=NOBODY),
        subjects=list(everybody),
        start=windows[days[0]].start,
        end=windows[days[-1]].end,
    )
    for subject_id, starts_at, ends_at, expires_at, _token, _companion in found:
        if subject_id is None or (expires_at is not None and expires_at <= moment):
            continue
        for day in days_between(starts_at.astimezone(zone).date(), ends_at.astimezone(zone).date()):
            if day in windows:
                masks[day][subject_id] |= windows[day].covered(starts_at, ends_at)
                if expires_at is not None:
                    until[day] = min(until[day], expires_at)
    made: dict[date, KeptDay] = {
        day: {
            "version": versions[day],
            "token": token,
            "until": until[day],
            "masks": dict(masks[day]),
        }
        for day in days
    }
    keep_masks({_masks_key(day): kept for day, kept in made.items()})
    return made


def _versions(days: Sequence[date]) -> dict[date, str]:
    """Each day's, a new one where there is none: an answer that somebody keeps must not hold
    again because Redis lost what said that it does not."""
    found = kept_masks([_version_key(day) for day in days])
    made = {day: found.get(_version_key(day)) or uuid4().hex for day in days}
    new = {key: made[day] for day in days if (key := _version_key(day)) not in found}
    if new:
        keep_versions(new)
    return made
