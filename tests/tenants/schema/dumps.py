"""What a schema is, in forms that can be compared."""

import difflib
import re

from tenants.schema.direct import connect
from tenants.schema.names import TEMPLATE
from tenants.schema.script import pg_dump

LIST = re.compile(r"\(\(ARRAY\[(.*?)\]\)::text\[\]\)")


def structure(schema: str) -> list[str]:
    """Every object of the schema as pg_dump writes it, with owners and rights, in the
    template's name."""
    dump = pg_dump("--schema-only", f"--schema={schema}").replace(schema, TEMPLATE)
    noise = ("--", "\\", "SET ", "SELECT pg_catalog.set_config")
    return [
        LIST.sub(_each_one_cast, line)
        for line in dump.splitlines()
        if line and not line.startswith(noise)
    ]


def _each_one_cast(found: re.Match[str]) -> str:
    """PostgreSQL writes ``state IN ('a', 'b')`` with the cast around the list, and once it has
    read that again, around each of its items."""
    return "(ARRAY[" + ", ".join(f"({item})::text" for item in found[1].split(", ")) + "])"


def difference(one: str, other: str) -> str:
    lines = difflib.unified_diff(structure(one), structure(other), one, other, lineterm="", n=0)
    return "\n".join(lines)


def rows(schema: str, table: str, columns: str) -> list[tuple[object, ...]]:
    with connect() as session:
        query = f'SELECT {columns} FROM {schema}."{table}" ORDER BY {columns}'
        return list(session.execute(query.encode()))
