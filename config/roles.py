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
    OVERBOOK,
    OVERRIDE,
    SEE_ANY,
)
from tenant_apps.catalog.permissions import EDIT_CATALOG
from tenant_apps.staff.permissions import (
    APPROVE_TIME_OFF,
    EDIT_ROTA,
    EDIT_TEAM,
    REQUEST_TIME_OFF,
    SEE_ROTA,
)
from tenants.permissions import CLOSE_SALON, RENAME_HOST, SUSPEND_SALON

SIGNED_IN = frozenset({SEE_SELF, BOOK_FOR_SELF})
TEAM = frozenset({SEE_ROTA, REQUEST_TIME_OFF})
CHAIR = TEAM | {BLOCK, BOOK, BOOK_OFF_RULES, CANCEL_ANY, OVERBOOK, OVERRIDE, SEE_ANY}
RECEPTION = CHAIR | {BLOCK_ANY}
MANAGEMENT = RECEPTION | {EDIT_CATALOG, EDIT_TEAM, EDIT_ROTA, APPROVE_TIME_OFF}

ROLES: dict[str | None, frozenset[str]] = {
    None: SIGNED_IN,
    Role.OWNER: MANAGEMENT,
    Role.MANAGER: MANAGEMENT,
    Role.RECEPTIONIST: RECEPTION,
    Role.STYLIST: CHAIR,
    Role.TRAINEE: TEAM | {SEE_ANY},
    Role.CHAIR_RENTER: TEAM,
    Role.ACCOUNTANT: frozenset(),
    Role.HQ: frozenset(),
    Role.OPERATOR: frozenset({SUSPEND_SALON, CLOSE_SALON, RENAME_HOST}),
}
