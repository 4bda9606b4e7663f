"""docs/data-model.md names every table and every constraint of ours."""

from pathlib import Path

import pytest
from django.apps import apps

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "data-model.md").read_text()
OURS = ("tenants", "shared_apps.", "tenant_apps.")
MODELS = [model for model in apps.get_models() if model.__module__.startswith(OURS)]


@pytest.mark.parametrize("table", sorted(model._meta.db_table for model in MODELS))
def test_every_table_is_drawn(table: str) -> None:
    assert f"\n    {table} {{\n" in PAGE


@pytest.mark.parametrize(
    "constraint", sorted(c.name for model in MODELS for c in model._meta.constraints)
)
def test_every_constraint_is_explained(constraint: str) -> None:
    assert f"`{constraint}`" in PAGE
