"""Releases that do not exist yet: an app's real migrations with made-up ones on top."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from textwrap import indent
from uuid import uuid4

from django.apps import apps

MIGRATION = """\
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

{before}

class Migration(migrations.Migration):
    atomic = {atomic}
    dependencies = [("{label}", "{parent}"), *{also_after!r}]
    operations = [
{operations}
    ]
"""
SETTINGS = """\
from config.settings.test import *

MIGRATION_MODULES = {modules!r}
"""


class Release:
    """The code of a later day, for one app. ``folder`` goes on the path of whoever runs it."""

    def __init__(self, folder: Path, label: str) -> None:
        self.folder = folder
        self.label = label
        self.package = f"{label}_migrations_{uuid4().hex[:8]}"
        self.modules = {label: self.package}
        source = Path(apps.get_app_config(label).path) / "migrations"
        shutil.copytree(source, folder / self.package, ignore=shutil.ignore_patterns("__pycache__"))

    def add(
        self,
        name: str,
        operations: str,
        *,
        before: str = "",
        atomic: bool = True,
        also_after: Sequence[tuple[str, str]] = (),
    ) -> "Release":
        """One more migration. Its number comes from ``name``: ``9001_nickname``."""
        parent = sorted(path.stem for path in (self.folder / self.package).glob("[0-9]*.py"))[-1]
        text = MIGRATION.format(
            before=before,
            atomic=atomic,
            label=self.label,
            parent=parent,
            also_after=list(also_after),
            operations=indent(operations, " " * 8),
        )
        (self.folder / self.package / f"{name}.py").write_text(text)
        return self

    def environment(self, base: dict[str, str]) -> dict[str, str]:
        """For a process that runs this release."""
        settings = f"settings_{self.package}"
        (self.folder / f"{settings}.py").write_text(SETTINGS.format(modules=self.modules))
        path = os.pathsep.join([str(self.folder), base["PYTHONPATH"]])
        return {**base, "PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": settings}
