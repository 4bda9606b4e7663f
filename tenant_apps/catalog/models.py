from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from shared_apps.core.models import BaseModel
from tenant_apps.catalog.enums import (
    AddonPlace,
    Colour,
    FieldEntity,
    FieldKind,
    NewClients,
    PriceKind,
    TaxCategory,
)


class ChainItem(models.Model):
    """A row that a chain's catalogue may send: which item it is, the revision last taken over,
    and the fields in which this salon went its own way."""

    chain_item_id = models.UUIDField(null=True)
    chain_revision = models.PositiveIntegerField(null=True)
    overridden_fields = ArrayField(models.CharField(max_length=40), default=list, db_default=[])

    class Meta:
        abstract = True


class Category(ChainItem, BaseModel):
    name = models.CharField(max_length=80)
    colour = models.CharField(max_length=10, choices=Colour)
    position = models.PositiveIntegerField(default=0)
    archived_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name


class Service(ChainItem, BaseModel):
    """What a client asks for by name; sold by its options (short hair, long hair).

    To whom and when it is sold, its place in a visit and what it may be added to are said of
    the service and hold for all its options: ``OptionTerms`` explains each. ``custom`` holds
    the salon's own fields, by key.
    """

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="services")
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=400, blank=True)
    position = models.PositiveIntegerField(default=0)
    is_online = models.BooleanField(default=True)
    new_clients = models.CharField(
        max_length=12, choices=NewClients, default=NewClients.ANY, db_default=NewClients.ANY
    )
    weekdays = ArrayField(models.PositiveSmallIntegerField(), null=True)
    from_minute = models.PositiveSmallIntegerField(null=True)
    until_minute = models.PositiveSmallIntegerField(null=True)
    notice_minutes = models.PositiveIntegerField(null=True)
    horizon_days = models.PositiveIntegerField(null=True)
    sequence = models.PositiveSmallIntegerField(null=True)
    addon_place = models.CharField(max_length=8, choices=AddonPlace, blank=True, db_default="")
    addon_of = ArrayField(models.UUIDField(), default=list, db_default=[])
    sold_alone = models.BooleanField(default=True, db_default=True)
    custom = models.JSONField(default=dict, db_default={})
    archived_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["category", "position"], name="catalog_service_order")]

    def __str__(self) -> str:
        return self.name


class Option(ChainItem, BaseModel):
    """One way to have a service: its phases, and a price and pace for each level.

    ``phases``, ``levels`` and ``parts`` are JSON with the shapes of ``PhaseTerms``,
    ``LevelTerms`` and ``BundlePart`` (catalog/codec.py reads and writes them).
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="options")
    name = models.CharField(max_length=80, blank=True)
    position = models.PositiveIntegerField(default=0)
    price_kind = models.CharField(max_length=8, choices=PriceKind, default=PriceKind.FIXED)
    currency = models.CharField(max_length=3)
    tax_category = models.CharField(max_length=10, choices=TaxCategory, default=TaxCategory.SERVICE)
    phases = models.JSONField()
    levels = models.JSONField()
    parts = models.JSONField(default=list, db_default=[])
    kinds = ArrayField(models.CharField(max_length=20), default=list)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(phases__0__isnull=False), name="catalog_option_has_a_phase"
            ),
            models.CheckConstraint(condition=~Q(levels={}), name="catalog_option_has_a_price"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.pk)


class UnitKind(BaseModel):
    """What a need may ask for: ``chair``, ``backwash``. Units and needs name it by its code."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="catalog_unitkind_code_once"),
            models.CheckConstraint(
                condition=Q(code__regex="^[a-z][a-z0-9_]*$"), name="catalog_unitkind_code_is_plain"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Unit(ChainItem, BaseModel):
    """A chair, a backwash, a cabin, a device: one thing that one visit takes at a time.
    ``places``: how many of one party find room in it together; a double cabin has 2."""

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    places = models.PositiveSmallIntegerField(default=1, db_default=1)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(places__gte=1), name="catalog_unit_has_a_place")
        ]
        indexes = [models.Index(fields=["kind", "position"], name="catalog_unit_by_kind")]

    def __str__(self) -> str:
        return self.name


class CustomField(BaseModel):
    """A field that a salon has added of its own; the values are in the entity's ``custom``."""

    entity = models.CharField(max_length=12, choices=FieldEntity, default=FieldEntity.SERVICE)
    key = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=FieldKind)
    label = models.CharField(max_length=80)
    required = models.BooleanField(default=False)
    choices = ArrayField(models.CharField(max_length=80), default=list)
    position = models.PositiveIntegerField(default=0)
    archived_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entity", "key"], name="catalog_customfield_key_once"),
            models.CheckConstraint(
                condition=Q(key__regex="^[a-z][a-z0-9_]*$"), name="catalog_customfield_key_is_plain"
            ),
            models.CheckConstraint(
                condition=Q(kind=FieldKind.CHOICE) ^ Q(choices=[]),
                name="catalog_customfield_only_choices_choose",
            ),
        ]

    def __str__(self) -> str:
        return self.key
