"""The demo's salons. Names, people and addresses are made up; phone numbers are such as the
regulators keep for films (Poland keeps none: there an area code that nobody has)."""
# ruff: noqa: RUF001 - Turkish has an i without a dot

from collections import Counter
from dataclasses import dataclass

from tenant_apps.catalog.enums import Level
from tenant_apps.demo.menu import Craft
from tenant_apps.demo.team import Colleague
from tenants.enums import Trade

JUNIOR, STYLIST, SENIOR, DIRECTOR = Level.JUNIOR, Level.STYLIST, Level.SENIOR, Level.DIRECTOR
HAIR, NAILS, BEAUTY = Craft.HAIR, Craft.NAILS, Craft.BEAUTY


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoSalon:
    """``region``: whose holidays. ``units``: how many of each kind. ``cards``: clients.
    ``men``: their share. ``stylist``: whose name the stylist's sign-in has, by place.
    ``breaks_in_rota``: some breaks are fixed and some float; otherwise shifts are split."""

    slug: str
    name: str
    country: str
    language: str
    trade: Trade
    region: str
    street: str
    postal_code: str
    city: str
    phone: str
    accent: str
    tagline: str
    owner: str
    manager: str
    receptionist: str
    stylist: int
    units: tuple[tuple[str, int], ...]
    team: tuple[Colleague, ...]
    cards: int
    client: str
    men: float = 0.1  # S
    utilisation: float = 0.72  # S: 70 to 76 %
    breaks_in_rota: bool = False

    def email(self, role: str) -> str:
        return f"{role}@{self.slug}.example"

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(kind for kind, _count in self.units)

    @property
    def heads(self) -> Counter[Craft]:
        """How many there are of each craft."""
        return Counter(colleague.craft for colleague in self.team)


OLA = DemoSalon(
    slug="paznokcie-ola",
    name="Paznokcie u Oli",
    country="PL",
    language="pl",
    trade=Trade.NAILS,
    region="",
    street="ul. Pastelowa 0/4",
    postal_code="30-000",
    city="Kraków",
    phone="+48205550100",
    accent="#8a2f4f",
    tagline="Jedno stanowisko, cała uwaga dla Ciebie.",
    owner="Aleksandra Wiśniewska",
    manager="Aleksandra Wiśniewska",
    receptionist="Zofia Wiśniewska",
    stylist=0,
    units=(("desk", 1), ("spa_chair", 1)),
    team=(Colleague("Ola Wiśniewska", "Stylistka paznokci", SENIOR, NAILS, 5, languages=("pl",)),),
    cards=180,
    client="Karolina Sikora",
    men=0.02,
)

OTTILIE = DemoSalon(
    slug="ottilie",
    name="Ottilie Haar & Kosmetik",
    country="DE",
    language="de",
    trade=Trade.HAIR,
    region="SN",
    street="Am Lockenbogen 7",
    postal_code="04000",
    city="Leipzig",
    phone="+493023125100",
    accent="#5b2145",
    tagline="Haar, Haut und Hände unter einem Dach.",
    owner="Ottilie Brandt",
    manager="Miriam Köhler",
    receptionist="Tabea Fuchs",
    stylist=4,
    units=(
        ("chair", 8),
        ("backwash", 3),
        ("cabin", 2),
        ("double_cabin", 1),
        ("desk", 2),
        ("spa_chair", 1),
    ),
    team=(
        Colleague("Ottilie Brandt", "Friseurmeisterin", DIRECTOR, HAIR, 4, languages=("de", "en")),
        Colleague("Jannis Petridis", "Colorist", SENIOR, HAIR, 4, True, ("de", "el", "en")),
        Colleague("Miriam Köhler", "Friseurmeisterin", SENIOR, HAIR, 4, languages=("de",)),
        Colleague("Björn Süßmuth", "Friseur", SENIOR, HAIR, 3, True, ("de", "en")),
        Colleague("Leyla Yıldız", "Friseurin", STYLIST, HAIR, 4, True, ("de", "tr")),
        Colleague("Annika Groß", "Friseurin", STYLIST, HAIR, 3, languages=("de",)),
        Colleague("Đorđe Marković", "Friseur", STYLIST, HAIR, 3, True, ("de", "sr")),
        Colleague("Finja Albrecht", "Jungfriseurin", JUNIOR, HAIR, 4, languages=("de",)),
        Colleague("Noah Winter", "Jungfriseur", JUNIOR, HAIR, 3, True, ("de", "en")),
        Colleague("Swetlana Hahn", "Kosmetikerin", SENIOR, BEAUTY, 3, languages=("de", "ru")),
        Colleague("Carla Jäger", "Kosmetikerin", STYLIST, BEAUTY, 3, True, ("de",)),
        Colleague("Thu Hà Nguyễn", "Naildesignerin", STYLIST, NAILS, 4, languages=("de", "vi")),
    ),
    cards=1750,
    client="Johanna Ebert",
    breaks_in_rota=True,
)

TILLY = DemoSalon(
    slug="tilly-and-wren",
    name="Tilly & Wren",
    country="GB",
    language="en",
    trade=Trade.HAIR,
    region="ENG",
    street="3 Combmaker Row",
    postal_code="BS0 0AA",
    city="Bristol",
    phone="+441174960100",
    accent="#1f5a55",
    tagline="On the high street since there was one.",
    owner="Matilda Ashworth",
    manager="Wren Okafor",
    receptionist="Poppy Lacey",
    stylist=3,
    units=(("chair", 7), ("cabin", 1)),
    team=(
        Colleague("Matilda Ashworth", "Director", DIRECTOR, HAIR, 4, languages=("en",)),
        Colleague("Wren Okafor", "Senior stylist", SENIOR, HAIR, 5, languages=("en", "ig")),
        Colleague("Siân Pritchard", "Colourist", SENIOR, HAIR, 4, True, ("en", "cy")),
        Colleague("Callum Reid", "Stylist and barber", STYLIST, HAIR, 5, True, ("en",)),
        Colleague("Aoife Ní Bhriain", "Stylist", STYLIST, HAIR, 4, languages=("en", "ga")),
        Colleague("Marta Zielińska", "Stylist", STYLIST, HAIR, 5, True, ("en", "pl")),
        Colleague("Jade Thompson", "Junior stylist", JUNIOR, HAIR, 4, languages=("en",)),
        Colleague("Ravi Sethi", "Junior stylist", JUNIOR, HAIR, 3, True, ("en", "hi")),
        Colleague("Imogen Clarke", "Beauty therapist", STYLIST, BEAUTY, 5, languages=("en",)),
    ),
    cards=1400,
    client="Harriet Lowe",
    men=0.25,
)

CHAIN_NAME, CHAIN_CURRENCY = "Linden & Lune", "EUR"
TRAVELLER = "linden-art-director"

LINDEN_BERLIN = DemoSalon(
    slug="linden-berlin",
    name="Linden & Lune Berlin",
    country="DE",
    language="de",
    trade=Trade.HAIR,
    region="BE",
    street="Mondscheinufer 12",
    postal_code="10000",
    city="Berlin",
    phone="+493023125200",
    accent="#2d4a7c",
    tagline="Farbe, die mit Ihnen wächst.",
    owner="Valentin Lindner",
    manager="Greta Sommer",
    receptionist="Emre Aydın",
    stylist=2,
    units=(("chair", 5), ("backwash", 2), ("desk", 1), ("spa_chair", 1)),
    team=(
        Colleague(
            "Valentin Lindner",
            "Art Director",
            DIRECTOR,
            HAIR,
            3,
            languages=("de", "pl"),
            person=TRAVELLER,
            only_weekdays=(3, 4, 5),
        ),
        Colleague("Greta Sommer", "Coloristin", SENIOR, HAIR, 5, languages=("de", "en")),
        Colleague("Pelin Aksoy", "Friseurin", STYLIST, HAIR, 4, True, ("de", "tr")),
        Colleague("Matteo Ricci", "Friseur", STYLIST, HAIR, 4, True, ("de", "it")),
        Colleague("Lotte Engel", "Jungfriseurin", JUNIOR, HAIR, 4, languages=("de",)),
        Colleague("Kim-Ly Trần", "Naildesignerin", STYLIST, NAILS, 4, True, ("de", "vi")),
    ),
    cards=800,
    client="Paula Sauer",
    breaks_in_rota=True,
)

LINDEN_POZNAN = DemoSalon(
    slug="linden-poznan",
    name="Linden & Lune Poznań",
    country="PL",
    language="pl",
    trade=Trade.HAIR,
    region="",
    street="ul. Księżycowa 0",
    postal_code="60-000",
    city="Poznań",
    phone="+48205550200",
    accent="#2d4a7c",
    tagline="Kolor, który rośnie razem z Tobą.",
    owner="Halina Kaźmierczak",
    manager="Łukasz Dąbrowski",
    receptionist="Maja Pietrzak",
    stylist=2,
    units=(("chair", 5), ("backwash", 2), ("cabin", 1), ("desk", 1), ("spa_chair", 1)),
    team=(
        Colleague(
            "Valentin Lindner",
            "Dyrektor artystyczny",
            DIRECTOR,
            HAIR,
            2,
            languages=("de", "pl"),
            person=TRAVELLER,
            only_weekdays=(0, 1),
        ),
        Colleague("Łukasz Dąbrowski", "Starszy stylista", SENIOR, HAIR, 5, languages=("pl",)),
        Colleague("Kinga Wójcik", "Stylistka", STYLIST, HAIR, 5, True, ("pl", "en")),
        Colleague("Oksana Шевчук", "Stylistka", STYLIST, HAIR, 4, True, ("pl", "uk")),
        Colleague("Zuzanna Bąk", "Młodsza stylistka", JUNIOR, HAIR, 4, languages=("pl",)),
        Colleague("Agnieszka Mróz", "Kosmetolog", SENIOR, BEAUTY, 5, languages=("pl",)),
        Colleague("Ewelina Żak", "Stylistka paznokci", STYLIST, NAILS, 4, True, ("pl",)),
    ),
    cards=850,
    client="Wiktoria Walczak",
    breaks_in_rota=True,
)

LINDEN_MANCHESTER = DemoSalon(
    slug="linden-manchester",
    name="Linden & Lune Manchester",
    country="GB",
    language="en",
    trade=Trade.HAIR,
    region="ENG",
    street="0 Moonrise Arcade",
    postal_code="M0 0AA",
    city="Manchester",
    phone="+441614960100",
    accent="#2d4a7c",
    tagline="Colour that grows out well.",
    owner="Francesca Doyle",
    manager="Tariq Mahmood",
    receptionist="Beth Hargreaves",
    stylist=2,
    units=(("chair", 6), ("backwash", 2), ("cabin", 2), ("double_cabin", 1)),
    team=(
        Colleague("Francesca Doyle", "Director", DIRECTOR, HAIR, 4, languages=("en", "it")),
        Colleague("Tariq Mahmood", "Senior stylist", SENIOR, HAIR, 5, languages=("en", "ur")),
        Colleague("Niamh Gallagher", "Colourist", SENIOR, HAIR, 4, True, ("en",)),
        Colleague("Dele Adéyẹmí", "Stylist", STYLIST, HAIR, 5, True, ("en", "yo")),
        Colleague("Hannah Whitworth", "Stylist", STYLIST, HAIR, 4, languages=("en",)),
        Colleague("Kacper Nowicki", "Junior stylist", JUNIOR, HAIR, 5, True, ("en", "pl")),
        Colleague("Yasmin El-Sayed", "Beauty therapist", SENIOR, BEAUTY, 4, languages=("en",)),
        Colleague("Rosie Blythe", "Beauty therapist", STYLIST, BEAUTY, 4, True, ("en",)),
    ),
    cards=1100,
    client="Chidinma Byrne",
    breaks_in_rota=True,
    men=0.2,
)

CHAIN = (LINDEN_BERLIN, LINDEN_POZNAN, LINDEN_MANCHESTER)
SALONS = (OTTILIE, OLA, TILLY, *CHAIN)
