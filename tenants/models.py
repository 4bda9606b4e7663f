from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shared_apps.core.models import BaseModel
from tenants.enums import SalonState, Trade


class Salon(BaseModel):
    """One site: one schema, one diary, one currency, one zone, one legal entity.

    A row begins in state ``creating`` as a ready schema without a name; sign-up takes one.
    """

    schema_name = models.CharField(max_length=34, unique=True)
    schema_version = models.PositiveIntegerField(default=0)
    schema_ready_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=SalonState, default=SalonState.CREATING)
    version = models.PositiveIntegerField(default=0)
    state_since = models.DateTimeField(auto_now_add=True)

    name = models.CharField(max_length=120, blank=True)
    slug = models.CharField(max_length=40, blank=True)
    trade = models.CharField(max_length=10, choices=Trade, blank=True)
    country = models.CharField(max_length=2, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    timezone = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=5, blank=True)
    tax_set = models.CharField(max_length=10, blank=True)
    legal_entity_id = models.UUIDField(null=True)
    owner_confirmed_at = models.DateTimeField(null=True)

    accent = models.CharField(max_length=7, blank=True)
    tagline = models.CharField(max_length=160, blank=True)
    street = models.CharField(max_length=120, blank=True)
    postal_code = models.CharField(max_length=12, blank=True)
    city = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=20, blank=True)

    # django-tenants asks when a row is deleted; only tenants/schema drops schemas.
    auto_drop_schema = False

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(schema_name__regex=r"^s_[0-9a-f]{32}$"),
                name="tenants_salon_schema_name_is_ours",
            ),
            models.CheckConstraint(
                condition=Q(state=SalonState.CREATING)
                | (
                    ~Q(name="")
                    & ~Q(slug="")
                    & ~Q(country="")
                    & ~Q(currency="")
                    & ~Q(timezone="")
                    & ~Q(language="")
                    & Q(legal_entity_id__isnull=False)
                    & Q(schema_ready_at__isnull=False)
                ),
                name="tenants_salon_complete_once_open",
            ),
            models.UniqueConstraint(
                fields=["slug"],
                condition=~Q(slug="") & ~Q(state=SalonState.CLOSED),
                name="tenants_salon_slug_once",
            ),
        ]
        indexes = [
            models.Index(
                F("id"),
                condition=Q(state=SalonState.CREATING, schema_ready_at__isnull=False),
                name="tenants_salon_pool",
            ),
            models.Index(fields=["schema_version"], name="tenants_salon_version"),
        ]

    def __str__(self) -> str:
        return self.slug or self.schema_name


class Domain(BaseModel):
    """A host name that leads to a salon."""

    domain = models.CharField(max_length=253, unique=True)
    tenant = models.ForeignKey(Salon, on_delete=models.PROTECT, related_name="domains")
    is_primary = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(is_primary=True), name="tenants_domain_one_primary"
            ),
            models.CheckConstraint(
                condition=Q(domain__regex=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$"),
                name="tenants_domain_is_normal",
            ),
        ]

    def __str__(self) -> str:
        return self.domain


class FreedSlug(BaseModel):
    """An address given up; nobody else gets it until its links have been forgotten."""

    slug = models.CharField(max_length=40, unique=True)
    freed_on = models.DateField()

    def __str__(self) -> str:
        return self.slug


class SchemaStep(models.Model):
    """One rung from a salon schema version to the next, kept so that any salon can climb."""

    number = models.PositiveIntegerField(primary_key=True)
    app_label = models.CharField(max_length=60)
    migration = models.CharField(max_length=120)
    statements = ArrayField(models.TextField(), default=list)
    through_django = models.BooleanField(default=False)
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["app_label", "migration"], name="tenants_schemastep_migration_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.app_label}.{self.migration}"


class SchemaScript(models.Model):
    """The statements that make a whole salon schema at one version, written for the template."""

    version = models.PositiveIntegerField(primary_key=True)
    statements = ArrayField(models.TextField())
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"version {self.version}"


class SchemaMove(BaseModel):
    """What became of bringing one salon to the head: the record of ``migrate_salons``."""

    salon = models.ForeignKey(Salon, on_delete=models.CASCADE, related_name="moves")
    from_version = models.PositiveIntegerField()
    to_version = models.PositiveIntegerField()
    succeeded = models.BooleanField()
    error = models.TextField(blank=True)
    milliseconds = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["salon", "-created_at"], name="tenants_move_by_salon")]

    def __str__(self) -> str:
        return f"{self.salon_id}: {self.from_version} -> {self.to_version}"
