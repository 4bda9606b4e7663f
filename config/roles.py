"""TABLE 3: role -> permissions. ``None`` is anybody who is signed in."""

from shared_apps.accounts.enums import Role
from shared_apps.accounts.permissions import SEE_SELF
from tenant_apps.booking.permissions import (
    BLOCK,
    BLOCK_ANY,
    BOOK,
    BOOK_FOR_SELF,
    BOOK_OFF_RULES,
    CANCEL_ANY,
    CHANGE_ANY,
    EDIT_RULES,
    MOVE_ANY,
    NO_SHOW,
    OVERBOOK,
    OVERRIDE,
    PROGRESS,
    REASSIGN,
    SEE_ANY,
    SET_PRICE,
    UNDO,
)
from tenant_apps.catalog.permissions import EDIT_CATALOG, SEE_CATALOG
from tenant_apps.staff.permissions import (
    APPROVE_TIME_OFF,
    EDIT_ROTA,
    EDIT_TEAM,
    REQUEST_TIME_OFF,
    SEE_ROTA,
)
from tenants.permissions import CLOSE_SALON, RENAME_HOST, SUSPEND_SALON

SIGNED_IN = frozenset({SEE_SELF, BOOK_FOR_SELF})
TEAM = frozenset({SEE_ROTA, REQUEST_TIME_OFF, SEE_CATALOG})
# Whoever serves clients says of any visit how it goes, as reception does.
CARE = frozenset({SEE_ANY, PROGRESS, NO_SHOW, UNDO, CANCEL_ANY})
CHAIR = TEAM | CARE | {BLOCK, BOOK, BOOK_OFF_RULES, CHANGE_ANY, MOVE_ANY, OVERBOOK, OVERRIDE}
RECEPTION = CHAIR | {BLOCK_ANY, REASSIGN, SET_PRICE}
MANAGEMENT = RECEPTION | {EDIT_RULES, EDIT_CATALOG, EDIT_TEAM, EDIT_ROTA, APPROVE_TIME_OFF}

ROLES: dict[str | None, frozenset[str]] = {
    None: SIGNED_IN,
    Role.OWNER: MANAGEMENT,
    Role.MANAGER: MANAGEMENT,
    Role.RECEPTIONIST: RECEPTION,
    Role.STYLIST: CHAIR,
    Role.TRAINEE: TEAM | {SEE_ANY, PROGRESS},
    Role.CHAIR_RENTER: TEAM,
    Role.ACCOUNTANT: frozenset(),
    Role.HQ: frozenset(),
    Role.OPERATOR: frozenset({SUSPEND_SALON, CLOSE_SALON, RENAME_HOST}),
}
