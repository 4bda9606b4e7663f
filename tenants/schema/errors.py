class SchemaTrouble(Exception):
    """For the operator: one sentence says what is wrong and what to do."""


class NotTheOwner(SchemaTrouble):
    """DATABASE_URL names a role that may not run DDL."""


class LadderBroken(SchemaTrouble):
    """The database's rungs and the code's migrations cannot be brought together."""


class NoScript(SchemaTrouble):
    """No template script yet: ``migrate_salons`` has never finished."""


class TemplateHoldsRows(SchemaTrouble):
    """A migration wrote business rows into the template; a salon's script carries none."""


class DumpFailed(SchemaTrouble):
    """pg_dump is missing, too old, or could not read the template."""


class Unfoldable(SchemaTrouble):
    """The dump holds something that has no place in a salon's schema."""


class AlreadyRunning(Exception):
    """Another process does this work."""
