from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from shared_apps.core.models import BaseModel


class Chain(BaseModel):
    """Salons that belong together. ``currency`` is the one its figures are shown in."""

    name = models.CharField(max_length=120)
    currency = models.CharField(max_length=3)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name


class Membership(BaseModel):
    """A salon is in at most one chain at a time. ``during`` is half-open; no end: still in."""

    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="memberships")
    salon_id = models.UUIDField()
    during = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="chains_membership_one_at_a_time",
                expressions=[
                    ("salon_id", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.salon_id} in {self.chain_id}"
