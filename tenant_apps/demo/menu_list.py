"""The price list: services as phases, add-ons and bundles, with a price for each level.

S marks a figure from a public source, A a plausible assumption; prices are S around women's
wash-cut-blow-dry, foils and highlights (UK) and nails (PL), otherwise A.
"""

from collections.abc import Mapping

from tenant_apps.catalog.enums import PriceKind
from tenant_apps.demo.menu import BROWS, COLOUR, CUT, NAILS, SKIN, Craft, Item

MENU = (
    Item(1, CUT, "A30 D20 C5", ("42/49/62", "42/48/62", "130/160/220"), "chair", 20, "A", False),
    Item(2, CUT, "A40 D25 C5", ("52/60/76", "50/58/74", "160/190/260"), "chair", 12, "A", False),
    Item(3, CUT, "D35 C5", ("28/33/42", "26/30/38", "80/100/140"), "chair", 8, "D", False),
    Item(4, CUT, "A30 C5", ("26/30/38", "22/26/34", "70/85/110"), "chair", 14, for_men=True),
    Item(5, CUT, "A20", ("15/18/22", "12/15/18", "50/60/75"), "chair", 4, for_men=True),
    Item(6, CUT, "A25", ("19/22/-", "15/18/-", "50/60/-"), "chair", 5),
    Item(7, CUT, "A10", ("8", "8", "30"), asked=2),
    Item(8, COLOUR, "A35 G35 F20 C5", ("48/55/68", "48/55/68", "170/200/260"), "chair", 10, "F"),
    Item(
        9,
        COLOUR,
        "A35 G35 F65 C5",
        ("88/99/125", "88/98/125", "290/340/450"),
        "chair",
        10,
        "F",
        False,
    ),
    Item(10, COLOUR, "A45 G35 F25 C5", ("62/72/88", "60/70/86", "220/260/330"), "chair", 5, "F"),
    Item(11, COLOUR, "A15 G15 F10", ("25/30/36", "24/28/34", "90/110/140"), "chair", 4, "F"),
    Item(12, COLOUR, "A45 G30 F20 C5", ("62/72/88", "56/61/78", "210/250/320"), "chair", 5, "F"),
    Item(13, COLOUR, "A70 G35 F25 C5", ("78/90/110", "65/71/95", "270/320/400"), "chair", 4, "F"),
    Item(
        14,
        COLOUR,
        "A105 G40 F30 C5",
        ("108/124/150", "86/91/125", "360/420/520"),
        "chair",
        2.5,
        "F",
    ),
    Item(
        15,
        COLOUR,
        "A90 G45 A15 G15 F40 C10",
        ("150/175/215", "135/160/200", "480/580/750"),
        "chair",
        3,
        "F",
        False,
    ),
    Item(
        16,
        COLOUR,
        "A180",
        ("220", "200", "750"),
        "chair",
        0.3,
        price_kind=PriceKind.QUOTED,
        is_online=False,
    ),
    Item(17, COLOUR, "A50 G25 A10 G10 F40", ("78/90/-", "75/85/-", "260/310/-"), "chair", 0.5, "F"),
    Item(
        18, COLOUR, "A120 G20 F60 C10", ("190/220/260", "170/200/240", "500/600/750"), "cabin", 0.7
    ),
    Item(19, COLOUR, "A5 G10 A5", ("20", "18", "70"), asked=1),
    Item(20, CUT, "A15", ("0", "0", "0"), asked=1),
    Item(21, COLOUR, "A5", ("0", "0", "0"), asked=2),
    Item(
        22,
        CUT,
        "A90",
        ("85/110/140", "75/95/125", "250/350/450"),
        "chair",
        0.7,
        for_men=False,
        price_kind=PriceKind.FROM,
    ),
    Item(23, NAILS, "A60 C5", ("38", "34", "130"), "desk", 40),
    Item(24, NAILS, "A120 C10", ("68", "55", "230"), "desk", 12),
    Item(25, NAILS, "A80 C5", ("48", "42", "170"), "desk", 28),
    Item(26, NAILS, "A50 C10", ("42", "38", "150"), "spa_chair", 15, also=Craft.BEAUTY),
    Item(27, NAILS, "", ("75", "68", "260"), asked=8, parts=(23, 26)),
    Item(28, BROWS, "A25 G5 A5 C5", ("28", "22", "80"), "cabin", 4.5),
    Item(29, BROWS, "A15 G15 A15 C5", ("45", "40", "140"), "cabin", 2.2),
    Item(30, BROWS, "A20 G20 A15 C5", ("55", "48", "160"), "cabin", 3),
    Item(31, BROWS, "A120 C10", ("95", "75", "220"), "cabin", 1.6),
    Item(32, BROWS, "A75 C5", ("60", "48", "150"), "cabin", 2.5),
    Item(33, SKIN, "A30 C10", ("42", "38", "140"), "cabin", 2.6),
    Item(34, SKIN, "A60 C10", ("72", "62", "230"), "cabin", 5),
    Item(35, SKIN, "A45 C10", ("85", "75", "280"), "cabin", 1.6),
    Item(36, SKIN, "A25 C10", ("24", "22", "80"), "cabin", 5.5),
    Item(37, SKIN, "A55 C10", ("52", "45", "170"), "cabin", 3.8),
    Item(38, SKIN, "A60 C15", ("68", "60", "220"), "cabin", 8.2),
    Item(39, SKIN, "A60", ("65", "55", "220"), asked=2.5, price_kind=PriceKind.FROM),
    Item(40, BROWS, "A150 C15", ("320", "280", "900"), "cabin", 1.5),
    Item(41, SKIN, "", ("132", "116", "430"), asked=2, parts=(42, 42), together=True),
    Item(42, SKIN, "A60 C15", ("68", "60", "220"), "double_cabin", 0, is_online=False),
)
BY_NUMBER: Mapping[int, Item] = {item.number: item for item in MENU}

COMPANIONS: Mapping[int, tuple[int, ...]] = {
    1: (7, 19, 11, 21),
    2: (7, 19, 11, 21),
    3: (11, 19),
    4: (5, 20),
    5: (4,),
    6: (7,),
    7: (3,),
    8: (1, 3, 2, 19),
    9: (19, 7, 11),
    10: (2, 1, 3, 19),
    11: (3, 1),
    12: (1, 3, 11),
    13: (1, 2, 3, 11, 19),
    14: (2, 1, 3, 11, 19),
    15: (19, 7),
    17: (1, 19),
    18: (7,),
    21: (20, 1, 4),
    23: (26, 28),
    24: (26, 28),
    25: (26, 28),
    26: (23,),
    27: (28,),
    28: (36, 30),
    29: (30, 36),
    30: (28, 33),
    31: (28, 36),
    32: (28,),
    33: (28, 29, 36),
    34: (28, 30, 36),
    35: (28, 29),
    36: (28, 33),
    37: (28, 33),
    38: (33, 34),
    41: (33, 34),
    39: (28, 30),
}
"""What people add to a visit, the likeliest first. A."""

FILLERS = (4, 5, 6, 7, 3, 20, 21)
"""What is short enough to be done while somebody else's colour develops."""


def sold_with(kinds: frozenset[str], heads: Mapping[Craft, int]) -> list[Item]:
    """What a salon with these units, and so many people of each craft, can sell."""
    single = [
        item
        for item in MENU
        if heads.get(item.section.craft) and (not item.unit or item.unit in kinds)
    ]
    numbers = {item.number for item in single}
    return [
        item
        for item in single
        if numbers.issuperset(item.parts) and (not item.together or side_by_side(item, heads))
    ]


def side_by_side(bundle: Item, heads: Mapping[Craft, int]) -> bool:
    """Whether there is somebody for each of its parts at once."""
    crafts = {craft for number in bundle.parts for craft in BY_NUMBER[number].crafts}
    return sum(heads.get(craft, 0) for craft in crafts) >= len(bundle.parts)
