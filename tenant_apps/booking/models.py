from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce

from shared_apps.core.models import BaseModel, uuid7
from tenant_apps.booking.enums import BlockKind, CancelReason, State
from tenant_apps.catalog.enums import Level, PhaseKind, PriceKind, TaxCategory
from tenant_apps.catalog.models import Option, Unit
from tenant_apps.clients.models import Client
from tenant_apps.staff.models import Member


class BookingRules(BaseModel):
    """How this salon sells its time online. One row."""

    grid_minutes = models.PositiveSmallIntegerField(default=15)
    notice_minutes = models.PositiveIntegerField(default=60)
    horizon_days = models.PositiveSmallIntegerField(default=180)
    free_cancel_hours = models.PositiveSmallIntegerField(default=24)
    hold_minutes = models.PositiveSmallIntegerField(db_default=10, default=10)
    min_gap_minutes = models.PositiveSmallIntegerField(db_default=0, default=0)
    approve_online = models.BooleanField(db_default=False, default=False)
    max_wait_minutes = models.PositiveSmallIntegerField(db_default=0, default=0)
    refuse_crumbs = models.BooleanField(db_default=False, default=False)
    only = models.BooleanField(default=True, unique=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(only=True), name="booking_rules_one_row"),
            models.CheckConstraint(
                condition=Q(grid_minutes__in=[5, 10, 15, 20, 30, 60]), name="booking_rules_grid"
            ),
        ]

    def __str__(self) -> str:
        return "booking rules"


class DiaryDay(models.Model):
    """The row that whoever changes what is taken on a day locks first."""

    date = models.DateField(primary_key=True)

    def __str__(self) -> str:
        return str(self.date)


class Party(BaseModel):
    """People who come together, each with a visit of their own. ``organiser``: who booked."""

    organiser = models.ForeignKey(Client, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "parties"

    def __str__(self) -> str:
        return str(self.pk)


class Appointment(BaseModel):
    """One person's visit. A hold is a visit in the state ``held``: ``hold_key`` is the hash of
    its owner's token, and at ``expires_at`` its time is free again."""

    client = models.ForeignKey(Client, null=True, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="visits")
    state = models.CharField(max_length=12, choices=State)
    channel = models.CharField(max_length=10)
    language = models.CharField(max_length=5, blank=True)
    hold_key = models.CharField(max_length=64, db_default="", default="", blank=True)
    held_from = models.CharField(max_length=64, db_default="", default="", blank=True)
    expires_at = models.DateTimeField(null=True)
    moves_count = models.PositiveSmallIntegerField(db_default=0, default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hold_key"],
                name="booking_appointment_hold_once",
                condition=~Q(hold_key=""),
            ),
            models.CheckConstraint(
                condition=(
                    (Q(state=State.HELD, expires_at__isnull=False) & ~Q(hold_key=""))
                    | (~Q(state=State.HELD) & Q(hold_key="", expires_at=None))
                ),
                name="booking_appointment_held_until",
            ),
        ]
        indexes = [
            models.Index(fields=["client", "-id"], name="booking_appointment_client"),
            models.Index(
                fields=["expires_at"],
                name="booking_appointment_expiry",
                condition=Q(expires_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Line(BaseModel):
    """One service of a visit. Price, tax category and level are frozen at booking: whoever
    does it in the end, the client pays what was agreed, and ``level_at_booking`` says with whom.

    Lines of one ``parallel_group`` begin together, each with a person of its own. An add-on
    hangs under its ``parent_line``; ``bundle_option_id`` is what the client asked for when the
    line is part of it. ``own_minutes``: how long each of the option's phases takes here, when
    that is not what the price list says.
    """

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    parallel_group = models.PositiveSmallIntegerField(null=True)
    parent_line = models.ForeignKey(
        "self", null=True, on_delete=models.CASCADE, related_name="addons"
    )
    bundle_option_id = models.UUIDField(null=True)
    option = models.ForeignKey(Option, on_delete=models.PROTECT, related_name="+")
    requested_staff = models.ForeignKey(
        Member, null=True, on_delete=models.PROTECT, related_name="+"
    )
    performer = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State)
    cancel_reason_code = models.CharField(max_length=20, choices=CancelReason, blank=True)
    level_at_booking = models.CharField(max_length=10, choices=Level)
    list_price = models.PositiveIntegerField()
    price = models.PositiveIntegerField()
    price_kind = models.CharField(max_length=8, choices=PriceKind)
    currency = models.CharField(max_length=3)
    tax_category = models.CharField(max_length=10, choices=TaxCategory)
    own_minutes = ArrayField(models.PositiveSmallIntegerField(), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "position"], name="booking_line_position_once"
            ),
            models.CheckConstraint(
                condition=Q(state=State.CANCELLED) | Q(cancel_reason_code=""),
                name="booking_line_reason_only_when_cancelled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appointment_id} line {self.position}"


class Phase(models.Model):
    """A stretch of a line. ``starts_at`` and ``minutes`` are the plan, the actual times what
    became of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="phases")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=PhaseKind)
    starts_at = models.DateTimeField()
    minutes = models.PositiveIntegerField()
    staff = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    with_client = models.BooleanField(db_default=True, default=True)
    actual_start = models.DateTimeField(null=True)
    actual_end = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line", "position"], name="booking_phase_position_once"
            ),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="booking_phase_takes_time"),
            models.CheckConstraint(
                condition=Q(actual_end=None) | Q(actual_end__gte=F("actual_start")),
                name="booking_phase_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["starts_at"], name="booking_phase_start")]

    def __str__(self) -> str:
        return f"{self.line_id} phase {self.position}"


class ClientTiming(BaseModel):
    """How long the phases of an option take with one client: thick hair, a slow nail. ``minutes``
    has one for each phase; 0 leaves it out."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    option = models.ForeignKey(Option, on_delete=models.CASCADE, related_name="+")
    minutes = ArrayField(models.PositiveSmallIntegerField())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "option"], name="booking_clienttiming_once")
        ]

    def __str__(self) -> str:
        return f"{self.option_id} for {self.client_id}"


class Block(BaseModel):
    """Time of a person or a unit that is taken by no visit: a training, a broken chair."""

    kind = models.CharField(max_length=16, choices=BlockKind)
    staff = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="booking_block_takes_time"
            ),
            models.CheckConstraint(
                condition=Q(staff__isnull=True) ^ Q(unit__isnull=True),
                name="booking_block_one_subject",
            ),
        ]
        indexes = [models.Index(fields=["starts_at"], name="booking_block_start")]

    def __str__(self) -> str:
        return f"{self.kind} from {self.starts_at}"


class IsPlainRange(Func):
    """Half-open, finite and not empty: the only kind of time that can be taken."""

    template = (
        "(NOT isempty(%(expressions)s) AND lower_inc(%(expressions)s)"
        " AND NOT upper_inc(%(expressions)s) AND NOT upper_inf(%(expressions)s)"
        " AND isfinite(lower(%(expressions)s)) AND isfinite(upper(%(expressions)s)))"
    )
    output_field = models.BooleanField()
    conditional = True


class Allocation(models.Model):
    """What a phase or a block takes of one person, unit or client. Exists only while it takes
    something.

    Two of one subject may overlap only under the same ``shared_by``: by default a member's is
    the allocation's own id, a unit's and a client's the appointment's or its party's. What was
    overbooked deliberately carries one ``shared_by`` with all it overlaps. A hold's allocations
    take nothing from ``expires_at`` on, though they stay until somebody wants their time.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    staff = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, null=True, on_delete=models.PROTECT, related_name="+")
    subject_id = models.GeneratedField(
        expression=Coalesce("staff", "unit", "client"),
        output_field=models.UUIDField(),
        db_persist=True,
    )
    during = DateTimeRangeField()
    shared_by = models.UUIDField()
    expires_at = models.DateTimeField(null=True)
    phase = models.ForeignKey(
        Phase, null=True, on_delete=models.CASCADE, related_name="allocations"
    )
    block = models.ForeignKey(
        Block, null=True, on_delete=models.CASCADE, related_name="allocations"
    )

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="booking_allocation_no_double_booking",
                expressions=[
                    ("subject_id", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                    ("shared_by", RangeOperators.NOT_EQUAL),
                ],
            ),
            models.CheckConstraint(
                condition=(
                    Q(staff__isnull=False, unit__isnull=True, client__isnull=True)
                    | Q(staff__isnull=True, unit__isnull=False, client__isnull=True)
                    | Q(staff__isnull=True, unit__isnull=True, client__isnull=False)
                ),
                name="booking_allocation_one_subject",
            ),
            models.CheckConstraint(
                condition=Q(phase__isnull=True) ^ Q(block__isnull=True),
                name="booking_allocation_one_source",
            ),
            models.CheckConstraint(
                condition=IsPlainRange(F("during")), name="booking_allocation_plain_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_id} {self.during}"
