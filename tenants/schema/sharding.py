"""What a salon schema must not hold, so that it can be moved to another node as it is.

Found by running schema-based sharding (Citus 13): each of these was refused there, or broke
quietly. Plain PostgreSQL accepts them all, so the template is asked.
"""

from psycopg import Cursor

OBJECTS = (
    "WITH objects AS (SELECT oid, relname, relkind FROM pg_class"
    " WHERE relnamespace = %(schema)s::regnamespace) "
)
QUESTIONS = {
    "a foreign key crosses the schema's border": (
        "SELECT conname FROM pg_constraint WHERE contype = 'f'"
        " AND (conrelid IN (SELECT oid FROM objects))"
        " <> (confrelid IN (SELECT oid FROM objects))"
    ),
    "a trigger": (
        "SELECT tgname FROM pg_trigger JOIN objects o ON o.oid = tgrelid WHERE NOT tgisinternal"
    ),
    "not an ordinary table": (
        "SELECT relname FROM objects WHERE relkind NOT IN ('r', 'i', 'S', 't', 'c')"
    ),
    "a rule": (
        "SELECT rulename FROM pg_rewrite JOIN objects o ON o.oid = ev_class WHERE relkind = 'r'"
    ),
    "a table inherits": (
        "SELECT inhrelid::regclass FROM pg_inherits JOIN objects o"
        " ON o.oid IN (inhrelid, inhparent) WHERE relkind = 'r'"
    ),
    "an identity or sequence of fewer than 64 bits": (
        "SELECT relname FROM pg_sequence JOIN objects o ON o.oid = seqrelid"
        " WHERE seqtypid <> 'bigint'::regtype"
        " UNION SELECT relname FROM pg_attribute JOIN objects o ON o.oid = attrelid"
        " WHERE attidentity <> '' AND atttypid <> 'bigint'::regtype"
    ),
    "a serial column instead of an identity": (
        "SELECT relname FROM pg_attrdef JOIN objects o ON o.oid = adrelid"
        " WHERE pg_get_expr(adbin, adrelid) LIKE 'nextval(%%'"
    ),
    "a table without a primary key": (
        "SELECT relname FROM objects o WHERE relkind = 'r' AND NOT EXISTS"
        " (SELECT FROM pg_constraint WHERE conrelid = o.oid AND contype = 'p')"
    ),
    "a deferrable unique or exclusion constraint": (
        "SELECT conname FROM pg_constraint JOIN objects o ON o.oid = conrelid"
        " WHERE condeferrable AND contype IN ('p', 'u', 'x')"
    ),
    "a function": ("SELECT proname FROM pg_proc WHERE pronamespace = %(schema)s::regnamespace"),
    "an extension": (
        "SELECT extname FROM pg_extension WHERE extnamespace = %(schema)s::regnamespace"
    ),
}


def hindrances(cursor: Cursor, schema: str) -> list[str]:
    """What stands in the way of sharding ``schema``; nothing when it is ready."""
    found = []
    for what, question in QUESTIONS.items():
        cursor.execute((OBJECTS + question).encode(), {"schema": schema})
        found += [f"{what}: {name}" for (name,) in cursor.fetchall()]
    return found
