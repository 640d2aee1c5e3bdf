"""The made-up people whom the sandbox of evidence knows, and what becomes of what they show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from townhall.capabilities.identity.records import (
    Address,
    ClaimedIdentity,
    Document,
    Kind,
    Question,
    SandboxPerson,
)
from townhall.machinery.wording import Wording

LASTS = date(2044, 1, 31)  # until when their documents do
TOWN = "Newtown"

QUESTIONS = (
    Question(
        id="energy",
        text=Wording(
            "Who sells you your gas or electricity?", "Pwy sy'n gwerthu eich nwy neu drydan i chi?"
        ),
        choices=(
            ("mercia", Wording("Mercia Power", "Mercia Power")),
            ("tawe", Wording("Tawe Energy", "Ynni Tawe")),
            ("wold", Wording("Wold Gas", "Wold Gas")),
            ("none", Wording("None of these", "Dim un o'r rhain")),
        ),
    ),
    Question(
        id="account",
        text=Wording(
            "When did you open your current account?", "Pryd agoroch chi eich cyfrif cyfredol?"
        ),
        choices=(
            ("2004", Wording("2004", "2004")),
            ("2011", Wording("2011", "2011")),
            ("2019", Wording("2019", "2019")),
            ("none", Wording("None of these", "Dim un o'r rhain")),
        ),
    ),
    Question(
        id="phone",
        text=Wording(
            "Which company is your mobile phone with?", "Gyda pha gwmni y mae eich ffôn symudol?"
        ),
        choices=(
            ("lark", Wording("Lark Mobile", "Lark Mobile")),
            ("gwylan", Wording("Gwylan", "Gwylan")),
            ("heron", Wording("Heron", "Heron")),
            ("none", Wording("None of these", "Dim un o'r rhain")),
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the sandbox has on record of someone."""

    claim: ClaimedIdentity
    address: Address
    documents: Mapping[Kind, Document]
    activity: int
    fraud: int
    answers: Mapping[str, str]
    outcome: Wording
    bad: frozenset[Kind] = frozenset()  # reported stolen, or cancelled
    silent: bool = False  # the first time that something of theirs is checked, nobody answers


def _known(
    name: str, born: date, street: str, documents: Mapping[Kind, str], **more: object
) -> Known:
    given, _space, family = name.rpartition(" ")
    lasting = (Kind.PASSPORT, Kind.DRIVING_LICENCE)
    return Known(
        claim=ClaimedIdentity(given_names=given, family_name=family, birth_date=born),
        address=Address(
            lines=(street,), town=TOWN, postcode="ZZ1 1AA", valid_from=date(2015, 6, 1)
        ),
        documents={
            kind: Document(number=number, expires_on=LASTS if kind in lasting else None)
            for kind, number in documents.items()
        },
        **more,  # type: ignore[arg-type]  # the rest of what is Known, as it stands below
    )


PEOPLE = (
    _known(
        "Ada Penrose",
        date(1985, 3, 12),
        "1 Mill Lane",
        {Kind.PASSPORT: "500000001", Kind.DRIVING_LICENCE: "PENRO803125A99AA"},
        activity=3,
        fraud=2,
        answers={"energy": "tawe", "account": "2011", "phone": "lark"},
        outcome=Wording(
            "Reaches P2 with either document, and P3 with the passport at the counter.",
            "Yn cyrraedd P2 gyda'r naill ddogfen neu'r llall; P3 gyda'r pasbort wrth y cownter.",
        ),
    ),
    _known(
        "Ben Okafor",
        date(1990, 7, 1),
        "2 Mill Lane",
        {Kind.DRIVING_LICENCE: "OKAFO907010B99BB"},
        activity=1,
        fraud=2,
        answers={"energy": "wold", "account": "2019", "phone": "none"},
        outcome=Wording(
            "Reaches P2 with the driving licence alone.",
            "Yn cyrraedd P2 gyda'r drwydded yrru yn unig.",
        ),
    ),
    _known(
        "Carys Vaughan",
        date(1978, 11, 23),
        "3 Mill Lane",
        {Kind.DRIVING_LICENCE: "VAUGH761238C99CC", Kind.BIRTH_CERTIFICATE: "BC19780042"},
        activity=1,
        fraud=1,
        answers={"energy": "none", "account": "2004", "phone": "gwylan"},
        outcome=Wording(
            "Reaches P1 with the driving licence, and P2 with the birth certificate besides.",
            "Yn cyrraedd P1 gyda'r drwydded yrru, a P2 gyda'r dystysgrif geni hefyd.",
        ),
    ),
    _known(
        "Dev Shah",
        date(1999, 5, 30),
        "4 Mill Lane",
        {Kind.PASSPORT: "500000004"},
        activity=0,
        fraud=0,
        answers={"energy": "mercia", "account": "none", "phone": "heron"},
        outcome=Wording(
            "Fails online: the fraud check finds something. At the counter it reaches P2.",
            "Yn methu ar-lein oherwydd y gwiriad twyll. Yn cyrraedd P2 wrth y cownter.",
        ),
    ),
    _known(
        "Elin Frost",
        date(1964, 1, 9),
        "5 Mill Lane",
        {Kind.PASSPORT: "500000005", Kind.DRIVING_LICENCE: "FROST651094E99EE"},
        activity=3,
        fraud=2,
        bad=frozenset({Kind.PASSPORT}),
        answers={"energy": "tawe", "account": "none", "phone": "lark"},
        outcome=Wording(
            "Fails with the passport, which was reported stolen. The driving licence reaches P2.",
            "Yn methu gyda'r pasbort, sydd wedi'i ddwyn. Mae'r drwydded yrru yn cyrraedd P2.",
        ),
    ),
    _known(
        "Farid Noor",
        date(1972, 9, 17),
        "6 Mill Lane",
        {Kind.PASSPORT: "500000006"},
        activity=2,
        fraud=2,
        silent=True,
        answers={"energy": "mercia", "account": "2004", "phone": "heron"},
        outcome=Wording(
            "Nobody answers at first. Trying again reaches P2.",
            "Nid oes neb yn ateb ar y dechrau. Mae rhoi cynnig arall arni yn cyrraedd P2.",
        ),
    ),
)


def listed() -> tuple[SandboxPerson, ...]:
    """They as the page of the sandbox shows them."""
    return tuple(map(_shown, PEOPLE))


def find(claim: ClaimedIdentity) -> Known | None:
    """Whoever has this name and date of birth."""
    return next((each for each in PEOPLE if _same_person(each.claim, claim)), None)


def plain(text: str) -> str:
    """Without what people write differently: spaces, dashes and small letters."""
    return "".join(each for each in text if each.isalnum()).upper()


def _same_person(one: ClaimedIdentity, other: ClaimedIdentity) -> bool:
    names = [plain(f"{each.given_names}{each.family_name}") for each in (one, other)]
    return names[0] == names[1] and one.birth_date == other.birth_date


def _shown(known: Known) -> SandboxPerson:
    claim, address = known.claim, known.address
    answers = [
        choice
        for each in QUESTIONS
        for key, choice in each.choices
        if key == known.answers[each.id]
    ]
    return SandboxPerson(
        name=f"{claim.given_names} {claim.family_name}",
        birth_date=claim.birth_date,
        address=", ".join([*address.lines, address.town, address.postcode]),
        documents=tuple((kind, of.number, of.expires_on) for kind, of in known.documents.items()),
        answers=tuple(answers),
        outcome=known.outcome,
    )
