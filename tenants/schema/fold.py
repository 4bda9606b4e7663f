"""From pg_dump's text to few, single statements. Pure.

pg_dump writes a table first and its identity, keys and constraints afterwards. Folded into
CREATE TABLE they are a third fewer statements, and the only form a sharded database takes
(it refuses ADD COLUMN ... IDENTITY).
"""

import re
from collections.abc import Iterable

from tenants.schema.errors import Unfoldable

NOISE = ("--", "\\", "SET ", "SELECT pg_catalog.set_config(")
KNOWN = re.compile(
    r"CREATE (SCHEMA|TABLE|(UNIQUE )?INDEX) |ALTER TABLE |INSERT INTO |SELECT pg_catalog\.setval\("
)
TABLE = re.compile(r"CREATE TABLE (\S+) \(\n")
IDENTITY = re.compile(r"ALTER TABLE (\S+) ALTER COLUMN (\S+) ADD (GENERATED .+)", re.DOTALL)
CONSTRAINT = re.compile(
    r"ALTER TABLE ONLY (\S+)\s+ADD (CONSTRAINT \S+ (FOREIGN KEY)?.+)", re.DOTALL
)


def statements(dump: str) -> list[str]:
    """The dump's statements without comments, settings and psql's own commands."""
    lines = [line for line in dump.splitlines() if line and not line.startswith(NOISE)]
    parts = [part.strip().removesuffix(";") for part in re.split(r";\n", "\n".join(lines))]
    found = [part for part in parts if part]
    for statement in found:
        if not KNOWN.match(statement):
            raise Unfoldable(f"no place in a salon's schema for: {statement[:200]}")
    return found


def folded(ddl: Iterable[str]) -> list[str]:
    """Identity, primary key, UNIQUE, EXCLUDE and CHECK move into CREATE TABLE; the foreign
    keys of a table become one ALTER, after every table and index."""
    tables: dict[str, str] = {}
    foreign_keys: dict[str, list[str]] = {}
    first, last = [], []
    for statement in ddl:
        if table := TABLE.match(statement):
            tables[table[1]] = statement
        elif identity := IDENTITY.fullmatch(statement):
            tables[identity[1]] = _with_identity(tables[identity[1]], identity[2], identity[3])
        elif (constraint := CONSTRAINT.fullmatch(statement)) and constraint[3]:
            foreign_keys.setdefault(constraint[1], []).append(constraint[2])
        elif constraint:
            tables[constraint[1]] = _with_constraint(tables[constraint[1]], constraint[2])
        elif statement.startswith("CREATE SCHEMA "):
            first.append(statement)
        else:
            last.append(statement)
    added = [
        f"ALTER TABLE {table} ADD " + ", ADD ".join(constraints)
        for table, constraints in foreign_keys.items()
    ]
    return [*first, *tables.values(), *last, *added]


def _with_identity(table: str, column: str, generated: str) -> str:
    line = re.compile(rf"^(    {re.escape(column)} .+?)( NOT NULL,?)$", re.MULTILINE)
    text = " ".join(generated.split())
    return line.sub(lambda found: f"{found[1]} {text}{found[2]}", table, count=1)


def _with_constraint(table: str, constraint: str) -> str:
    body, end, options = table.rpartition("\n)")
    return f"{body},\n    {constraint}{end}{options}"
