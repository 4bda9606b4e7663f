"""Our source as the tests of the architecture read it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("config", "tenants", "shared_apps", "tenant_apps")


@dataclass(frozen=True)
class Module:
    """``name`` is dotted, without a final ``__init__``."""

    name: str
    tree: ast.Module

    @property
    def domain(self) -> str:
        """``tenants``, ``shared_apps.core``, ``tenant_apps.booking``."""
        parts = self.name.split(".")
        return parts[0] if parts[0] in {"tenants", "config"} else ".".join(parts[:2])

    def part(self) -> str:
        """The file's name in its domain: ``services`` for every module of that package."""
        rest = self.name.removeprefix(self.domain).strip(".")
        return rest.split(".")[0]


def modules() -> list[Module]:
    return [
        Module(name_of(path), ast.parse(path.read_text()))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """``(module, name)`` of every import of ours; ``name`` is empty for ``import module``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGES):
            yield from ((str(node.module), alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((a.name, "") for a in node.names if a.name.startswith(PACKAGES))


def dotted(node: ast.AST) -> str:
    """``a.b.c`` as text; empty for anything that is not a plain chain of names."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""
