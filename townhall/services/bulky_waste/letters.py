"""The emails of this service, as each organisation first gets them; staff may rewrite them."""

from townhall.capabilities.notify.records import TemplateWording
from townhall.machinery.wording import Wording

_FOOT = Wording(
    "\n\nYour reference is ((reference)).\n\nSee or change your request: ((link))\n\n((council))",
    "\n\nEich cyfeirnod yw ((reference)).\n\nGweld neu newid eich cais: ((link))\n\n((council))",
)

_OFFERS = (
    "name",
    "reference",
    "link",
    "council",
    "address",
    "day",
    "from",
    "until",
    "items",
    "instructions",
    "price",
    "change until",
)


def _letter(
    name: str, title: str, subject: tuple[str, str], body: tuple[str, str]
) -> TemplateWording:
    return TemplateWording(
        name=f"bulky-waste-{name}",
        title=title,
        offers=_OFFERS,
        subject=Wording(*subject),
        body=Wording(
            f"Dear ((name)),\n\n{body[0]}{_FOOT.en}", f"Annwyl ((name)),\n\n{body[1]}{_FOOT.cy}"
        ),
    )


BOOKED = _letter(
    "booked",
    "Bulky waste: booked",
    (
        "Your bulky waste collection is booked for ((day))",
        "Mae eich casgliad wedi'i drefnu: ((day))",
    ),
    (
        "We will collect from ((address)) on ((day)), between ((from)) and ((until)).\n\n"
        "# What we will take\n\n((items))\n\n# Before we come\n\n((instructions))\n\n"
        "You have paid ((price)). You may change the day or cancel until the end of ((change until)).",
        "Byddwn yn casglu o ((address)): ((day)), rhwng ((from)) a ((until)).\n\n"
        "# Beth fyddwn ni'n ei gymryd\n\n((items))\n\n# Cyn i ni ddod\n\n((instructions))\n\n"
        "Rydych wedi talu ((price)). Gallwch newid y diwrnod neu ganslo tan ddiwedd y diwrnod hwn: ((change until)).",
    ),
)
MOVED = _letter(
    "moved",
    "Bulky waste: another day",
    ("Your bulky waste collection is now on ((day))", "Diwrnod newydd eich casgliad: ((day))"),
    (
        "We will now collect from ((address)) on ((day)), between ((from)) and ((until)).\n\n"
        "# Before we come\n\n((instructions))",
        "Byddwn nawr yn casglu o ((address)): ((day)), rhwng ((from)) a ((until)).\n\n"
        "# Cyn i ni ddod\n\n((instructions))",
    ),
)
CANCELLED = _letter(
    "cancelled",
    "Bulky waste: cancelled",
    ("Your bulky waste collection is cancelled", "Mae eich casgliad wedi'i ganslo"),
    (
        "You have cancelled the collection from ((address)) on ((day)).\n\n((refund))",
        "Rydych wedi canslo'r casgliad hwn: ((address)), ((day)).\n\n((refund))",
    ),
)
COLLECTED = _letter(
    "collected",
    "Bulky waste: collected",
    ("We have collected your bulky waste", "Rydym wedi casglu eich gwastraff swmpus"),
    (
        "We have been to ((address)) and taken your items away. Thank you for booking.",
        "Rydym wedi bod yn ((address)) ac wedi mynd â'ch eitemau. Diolch am drefnu.",
    ),
)
NOT_OUT = _letter(
    "not-out",
    "Bulky waste: nothing was out",
    ("We could not collect your bulky waste", "Ni allem gasglu eich gwastraff swmpus"),
    (
        "We came to ((address)) on ((day)), but your items were not outside.\n\n((note))\n\n"
        "You need not do anything now. We will look at what happened and tell you what we decide.",
        "Daethom i ((address)) ar y diwrnod a drefnwyd, ((day)), ond nid oedd eich eitemau y tu allan.\n\n((note))\n\n"
        "Nid oes angen i chi wneud dim nawr. Byddwn yn edrych ar beth ddigwyddodd ac yn dweud "
        "wrthych beth rydym yn ei benderfynu.",
    ),
)
WRONG_ITEMS = _letter(
    "wrong-items",
    "Bulky waste: other items than booked",
    ("We could not collect your bulky waste", "Ni allem gasglu eich gwastraff swmpus"),
    (
        "We came to ((address)) on ((day)), but the items were not those that were booked.\n\n"
        "((note))\n\nYou need not do anything now. We will look at what happened and tell you "
        "what we decide.",
        "Daethom i ((address)) ar y diwrnod a drefnwyd, ((day)), ond nid yr eitemau a drefnwyd oedd yno.\n\n((note))\n\n"
        "Nid oes angen i chi wneud dim nawr. Byddwn yn edrych ar beth ddigwyddodd ac yn dweud "
        "wrthych beth rydym yn ei benderfynu.",
    ),
)
PAID_LATE = _letter(
    "paid-late",
    "Bulky waste: paid too late",
    (
        "We got your payment, but your place had gone",
        "Cawsom eich taliad, ond roedd eich lle wedi mynd",
    ),
    (
        "Your payment of ((price)) came after the time for which we could keep your place on "
        "((day)), and that day has since filled up. Nothing is booked.\n\nYour money is safe. "
        "Within two working days we will refund it or find you another day, and tell you.",
        "Daeth eich taliad o ((price)) ar ôl yr amser y gallem gadw eich lle, ((day)), ac mae'r "
        "diwrnod hwnnw wedi llenwi ers hynny. Nid oes dim wedi'i drefnu.\n\nMae eich arian yn "
        "ddiogel. O fewn dau ddiwrnod gwaith byddwn yn ei ad-dalu neu'n dod o hyd i ddiwrnod "
        "arall, ac yn dweud wrthych.",
    ),
)
REFUNDED = _letter(
    "refunded",
    "Bulky waste: refund",
    ("We are refunding ((refund))", "Rydym yn ad-dalu ((refund))"),
    (
        "We are paying ((refund)) back to the card you paid with. Banks take up to five working "
        "days.\n\n((note))",
        "Rydym yn talu ((refund)) yn ôl i'r cerdyn y taloch ag ef. Mae banciau'n cymryd hyd at bum "
        "diwrnod gwaith.\n\n((note))",
    ),
)
NO_REFUND = _letter(
    "no-refund",
    "Bulky waste: no refund",
    (
        "What we decided about your bulky waste collection",
        "Beth rydym wedi'i benderfynu am eich casgliad",
    ),
    (
        "We have looked at what happened with your collection, and we will not refund it.\n\n"
        "((note))\n\nIf you think this is wrong, reply to the contact below and we will look again.",
        "Rydym wedi edrych ar beth ddigwyddodd gyda'ch casgliad, ac ni fyddwn yn ei ad-dalu.\n\n"
        "((note))\n\nOs ydych yn meddwl bod hyn yn anghywir, cysylltwch â ni isod a byddwn yn "
        "edrych eto.",
    ),
)

LETTERS = (
    BOOKED,
    MOVED,
    CANCELLED,
    COLLECTED,
    NOT_OUT,
    WRONG_ITEMS,
    PAID_LATE,
    REFUNDED,
    NO_REFUND,
)
