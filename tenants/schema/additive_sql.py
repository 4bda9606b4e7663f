"""Raw SQL that only adds, told by its verb. What is not on the list takes something away.

The list is short on purpose: Django's own operations say more, and are checked in detail.
"""

import re
from collections.abc import Set as AbstractSet

TABLE = r'(?P<table>[\w."]+)'
NEW_TABLE = re.compile(rf"CREATE (UNLOGGED )?TABLE {TABLE} ?\(", re.IGNORECASE)
ADDITIVE = re.compile(
    r"CREATE INDEX |CREATE (UNLOGGED )?TABLE IF NOT EXISTS |COMMENT ON |GRANT |ANALYZE\b",
    re.IGNORECASE,
)
UNIQUE_INDEX = re.compile(rf"CREATE UNIQUE INDEX ([\w\"]+ )?ON {TABLE}", re.IGNORECASE)
ALTER_TABLE = re.compile(rf"ALTER TABLE {TABLE} (?P<actions>.+)", re.IGNORECASE)
STORAGE = re.compile(
    r'SET <>$|ALTER (COLUMN )?[\w"]+ SET (STORAGE|STATISTICS|COMPRESSION) ', re.IGNORECASE
)
ADD_COLUMN = re.compile(r'ADD COLUMN (IF NOT EXISTS )?[\w"]+ (?P<definition>.+)', re.IGNORECASE)
# A column with any of these can refuse rows of code that does not know the column.
DEMANDING = re.compile(
    r"\b(UNIQUE|PRIMARY|CHECK|REFERENCES|CONSTRAINT|GENERATED|(BIG|SMALL)?SERIAL)\b", re.IGNORECASE
)
NOT_NULL = re.compile(r"\bNOT NULL\b", re.IGNORECASE)
DEFAULT = re.compile(r"\bDEFAULT\b", re.IGNORECASE)

QUOTED = re.compile(r"""("\w+")|"[^"]*"|'[^']*'""")
# Comments, dollar quotes and escape strings, in which the end of a text is hard to tell.
OBSCURE = re.compile(r"--|/\*|\$|\bE'", re.IGNORECASE)
BRACKETS = re.compile(r"\([^()]*\)")


def without_texts(statement: str) -> str:
    """On one line, with the contents of its texts left out, so that only SQL is read as SQL."""
    return QUOTED.sub(lambda quoted: quoted[1] or "''", " ".join(statement.split()))


def made_table(statement: str) -> str | None:
    made = NEW_TABLE.match(without_texts(statement))
    return _table(made) if made else None


def only_adds(statement: str, *, fresh: AbstractSet[str]) -> bool:
    """``fresh``: tables that nobody uses yet, so they may become what they like."""
    sql = without_texts(statement)
    if OBSCURE.search(sql):
        return False
    if ADDITIVE.match(sql) or NEW_TABLE.match(sql):
        return True
    if index := UNIQUE_INDEX.match(sql):
        return _table(index) in fresh
    if altered := ALTER_TABLE.match(sql):
        return _table(altered) in fresh or all(map(_action_adds, _actions(altered["actions"])))
    return False


def _table(match: "re.Match[str]") -> str:
    return match["table"].replace('"', "").lower()


def _actions(actions: str) -> list[str]:
    # A comma inside brackets belongs to a type or a default, not to the list of actions.
    while (flat := BRACKETS.sub("<>", actions)) != actions:
        actions = flat
    return [action.strip() for action in actions.split(",")]


def _action_adds(action: str) -> bool:
    if STORAGE.match(action):
        return True
    if not (column := ADD_COLUMN.match(action)):
        return False
    definition = column["definition"]
    takes_no_value = NOT_NULL.search(definition) and not DEFAULT.search(definition)
    return not (takes_no_value or DEMANDING.search(definition))
