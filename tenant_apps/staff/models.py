from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q

from shared_apps.accounts.models import Account
from shared_apps.core.models import BaseModel
from tenant_apps.catalog.enums import Level
from tenant_apps.catalog.models import Option
from tenant_apps.staff.enums import TimeOffKind, TimeOffState

LATEST = 2 * 24 * 60  # a shift may run over one midnight, not over two


class IsListOf(Func):
    """Each item of a JSON list fits ``shape``, a filter in SQL/JSON path; nothing else does."""

    template = (
        "jsonb_path_query_array(%(expressions)s, 'strict $[*] ? (%(shape)s)', '{}', true)"
        " = %(expressions)s"
    )
    output_field = models.BooleanField()
    conditional = True


def _whole(*places: int) -> str:
    return " && ".join(f"@[{place}] == @[{place}].floor()" for place in places)


def _span(start: int) -> str:
    """``from`` and ``to`` at this place of a list and the next."""
    return (
        f"@.size() == {start + 2} && {_whole(start, start + 1)}"
        f" && @[{start}] >= 0 && @[{start}] < @[{start + 1}] && @[{start + 1}] <= {LATEST}"
    )


def _floating(start: int) -> str:
    """``minutes`` at this place, then the window in which they must fit."""
    return (
        f"{_span(start + 1)} && {_whole(start)}"
        f" && @[{start}] >= 1 && @[{start}] <= @[{start + 2}] - @[{start + 1}]"
    )


SPAN = _span(0)
BREAK = f"({SPAN}) || ({_floating(0)})"
WEEKDAY = "@[0] >= 0 && @[0] <= 6 && @[0] == @[0].floor()"
WEEKLY_BREAK = f"{WEEKDAY} && (({_span(1)}) || ({_floating(1)}))"


class Member(BaseModel):
    """Somebody of the team who serves clients. ``person_id`` joins one person's many salons."""

    name = models.CharField(max_length=120)
    title = models.CharField(max_length=80, blank=True)
    level = models.CharField(max_length=10, choices=Level, default=Level.STYLIST)
    languages = ArrayField(models.CharField(max_length=5), default=list, blank=True)
    account = models.OneToOneField(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    person_id = models.UUIDField(null=True)
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    is_online = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name


class Skill(BaseModel):
    """A member does an option."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="skills")
    option = models.ForeignKey(Option, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["option", "member"], name="staff_skill_once")
        ]

    def __str__(self) -> str:
        return f"{self.member_id} does {self.option_id}"


class RotaPattern(BaseModel):
    """A member's repeating weeks, counted from the Monday ``anchor`` on.

    ``weeks``: one list for each week of the cycle, of ``[weekday, from, to]``: Monday is 0,
    times are minutes after local midnight, past 1440 on a shift over midnight. ``breaks``, in
    every week: ``[weekday, from, to]``, or floating ``[weekday, minutes, from, to]``.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="patterns")
    anchor = models.DateField()
    weeks = models.JSONField()
    breaks = models.JSONField(default=list, db_default=[])
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(anchor__week_day=2), name="staff_rotapattern_anchor_is_monday"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="staff_rotapattern_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(weeks__0__isnull=False), name="staff_rotapattern_has_a_week"
            ),
            models.CheckConstraint(
                condition=Q(IsListOf("breaks", shape=WEEKLY_BREAK)),
                name="staff_rotapattern_breaks_have_their_shape",
            ),
        ]
        indexes = [models.Index(fields=["member", "valid_from"], name="staff_pattern_by_member")]

    def __str__(self) -> str:
        return f"{self.member_id} from {self.valid_from}"


class RotaDay(BaseModel):
    """What is different for a member on one day.

    Lists of ``[from, to]`` in minutes after local midnight. ``replaced`` stands in for the
    pattern (an empty list: no work), ``added`` and ``removed`` change what either gives.
    ``breaks`` stand in for the pattern's: ``[from, to]`` or floating ``[minutes, from, to]``.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="rota_days")
    date = models.DateField()
    replaced = models.JSONField(null=True)
    added = models.JSONField(default=list)
    removed = models.JSONField(default=list)
    breaks = models.JSONField(null=True)
    open_anyway = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "date"], name="staff_rotaday_once"),
            models.CheckConstraint(
                condition=Q(IsListOf("replaced", shape=SPAN))
                & Q(IsListOf("added", shape=SPAN))
                & Q(IsListOf("removed", shape=SPAN))
                & Q(IsListOf("breaks", shape=BREAK)),
                name="staff_rotaday_times_have_their_shape",
            ),
            models.CheckConstraint(
                condition=Q(replaced__isnull=False)
                | ~Q(added=[])
                | ~Q(removed=[])
                | Q(breaks__isnull=False)
                | Q(open_anyway=True),
                name="staff_rotaday_differs",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} on {self.date}"


class TimeOff(BaseModel):
    """Days on which a member does not work. Counts once it is approved, and then always.

    From ``from_minute`` of the first day until ``until_minute`` of the last; without them from
    the beginning, and to the end of the shifts that begin on the last day.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="times_off")
    first_day = models.DateField()
    last_day = models.DateField()
    from_minute = models.PositiveSmallIntegerField(null=True)
    until_minute = models.PositiveSmallIntegerField(null=True)
    kind = models.CharField(max_length=12, choices=TimeOffKind)
    state = models.CharField(max_length=12, choices=TimeOffState, default=TimeOffState.REQUESTED)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gt=F("first_day"))
                | (
                    Q(last_day=F("first_day"))
                    & (
                        Q(from_minute__isnull=True)
                        | Q(until_minute__isnull=True)
                        | Q(until_minute__gt=F("from_minute"))
                    )
                ),
                name="staff_timeoff_ends_after_start",
            ),
            models.CheckConstraint(
                condition=(Q(from_minute__isnull=True) | Q(from_minute__lt=LATEST // 2))
                & (
                    Q(until_minute__isnull=True)
                    | (Q(until_minute__gte=1) & Q(until_minute__lte=LATEST))
                ),
                name="staff_timeoff_minutes_of_a_day",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=TimeOffKind.values), name="staff_timeoff_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=TimeOffState.WITHDRAWN)
                | Q(state=TimeOffState.REQUESTED, decided_at=None, decided_by=None)
                | Q(
                    state__in=[TimeOffState.APPROVED, TimeOffState.DECLINED],
                    decided_at__isnull=False,
                ),
                name="staff_timeoff_decided_or_not",
            ),
        ]
        indexes = [models.Index(fields=["member", "last_day"], name="staff_timeoff_by_member")]

    def __str__(self) -> str:
        return f"{self.member_id} off from {self.first_day}"


class SalonHours(BaseModel):
    """When the salon is open in an ordinary week: ``[weekday, from, to]`` as in a rota."""

    week = models.JSONField()
    only = models.BooleanField(default=True, unique=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(only=True), name="staff_salonhours_one_row")
        ]

    def __str__(self) -> str:
        return "opening hours"


class Closure(BaseModel):
    """A day on which the salon stays shut. ``reason`` is a code, such as ``holiday``."""

    date = models.DateField(unique=True)
    reason = models.CharField(max_length=20)

    def __str__(self) -> str:
        return f"{self.date} {self.reason}"


class SpecialHours(BaseModel):
    """A day on which the salon keeps other hours than its week says: a list of ``[from, to]``.
    A day without any is a closure."""

    date = models.DateField(unique=True)
    spans = models.JSONField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(IsListOf("spans", shape=SPAN)) & ~Q(spans=[]),
                name="staff_specialhours_times_have_their_shape",
            )
        ]

    def __str__(self) -> str:
        return str(self.date)
