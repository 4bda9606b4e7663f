"""How schemas are called."""

from dataclasses import dataclass
from uuid import UUID

TEMPLATE = "s_" + "0" * 32


@dataclass(frozen=True, slots=True)
class TemplateScope:
    """The schema every salon is copied from. Nobody's salon: it holds no rows of business."""

    id: None = None
    schema_name: str = TEMPLATE


def schema_of(salon_id: UUID) -> str:
    return f"s_{salon_id.hex}"


def name_after_closing(schema: str) -> str:
    """Outside the shape of a salon's schema, so that no scope can enter it by mistake."""
    return f"closed_{schema.removeprefix('s_')}"


def rendered(statement: str, schema: str) -> str:
    """A statement written for the template, for ``schema``: equally long, so it is exact."""
    return statement.replace(TEMPLATE, schema)
