from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shared_apps.accounts.models import Account
from shared_apps.core.models import BaseModel
from tenant_apps.catalog.enums import Level
from tenant_apps.catalog.models import Option


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
    times are minutes after local midnight, past 1440 on a shift over midnight.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="patterns")
    anchor = models.DateField()
    weeks = models.JSONField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

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
        ]
        indexes = [models.Index(fields=["member", "valid_from"], name="staff_pattern_by_member")]

    def __str__(self) -> str:
        return f"{self.member_id} from {self.valid_from}"


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
