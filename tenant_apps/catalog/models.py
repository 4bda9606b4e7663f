from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from shared_apps.core.models import BaseModel
from tenant_apps.catalog.enums import Colour, PriceKind, TaxCategory


class Category(BaseModel):
    name = models.CharField(max_length=80)
    colour = models.CharField(max_length=10, choices=Colour)
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name


class Service(BaseModel):
    """What a client asks for by name; sold by its options (short hair, long hair)."""

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="services")
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=400, blank=True)
    position = models.PositiveIntegerField(default=0)
    is_online = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["category", "position"], name="catalog_service_order")]

    def __str__(self) -> str:
        return self.name


class Option(BaseModel):
    """One way to have a service: its phases, and a price and pace for each level.

    ``phases`` and ``levels`` are JSON with the shapes of ``PhaseTerms`` and ``LevelTerms``
    (catalog/codec.py reads and writes them).
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="options")
    name = models.CharField(max_length=80, blank=True)
    position = models.PositiveIntegerField(default=0)
    price_kind = models.CharField(max_length=8, choices=PriceKind, default=PriceKind.FIXED)
    currency = models.CharField(max_length=3)
    tax_category = models.CharField(max_length=10, choices=TaxCategory, default=TaxCategory.SERVICE)
    phases = models.JSONField()
    levels = models.JSONField()
    kinds = ArrayField(models.CharField(max_length=20), default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(phases__0__isnull=False), name="catalog_option_has_a_phase"
            ),
            models.CheckConstraint(condition=~Q(levels={}), name="catalog_option_has_a_price"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.pk)


class Unit(BaseModel):
    """A chair, a backwash, a cabin, a device: one thing that one visit takes at a time."""

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["kind", "position"], name="catalog_unit_by_kind")]

    def __str__(self) -> str:
        return self.name
