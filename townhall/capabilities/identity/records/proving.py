"""What people give to prove who they are, what is asked of providers, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from townhall.capabilities.identity.records.proofs import Address, Kind, Level, Name
from townhall.machinery.personal import Personal
from townhall.machinery.wording import Wording


class Check(StrEnum):
    """What a provider may look into."""

    DOCUMENT = "document"
    ACTIVITY = "activity"
    FRAUD = "fraud"
    QUESTIONS = "questions"
    COUNTER = "counter"


class ProvingState(StrEnum):
    OPEN = "open"  # being filled in
    CHECKING = "checking"  # sent; a provider has not answered yet
    QUESTIONS = "questions"  # there are questions to answer
    COUNTER = "counter"  # to be shown to staff
    PROVEN = "proven"
    FAILED = "failed"


class SignalKind(StrEnum):
    USED_BY_ANOTHER = "used"  # someone else has proved who they are with the same document
    ANOTHER_BIRTH_DATE = "birth"  # they had proved to be somebody with another one
    TRIED_BY_SEVERAL = "tried"  # several people have tried the same document in one day


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedIdentity:
    """Who someone says they are."""

    given_names: str
    family_name: str
    birth_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    number: str
    expires_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """What staff found when someone stood before them."""

    features_genuine: bool  # what can be seen and felt
    special_light: bool  # looked at under ultraviolet light and magnified
    photo_matches: bool
    refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What has been given so far. It is forgotten once the outcome is known."""

    kinds: tuple[Kind, ...] = ()
    claim: ClaimedIdentity | None = None
    documents: Mapping[Kind, Document] = field(default_factory=dict)
    photos: Mapping[Kind, UUID | None] = field(default_factory=dict)  # None: gone on without one
    addresses: tuple[Address, ...] = ()  # where they live now first
    answers: Mapping[str, str] = field(default_factory=dict)  # by question
    checklist: Checklist | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquiry:
    """One check that a provider is to carry out. Asked twice with one id, it answers the same."""

    id: UUID
    check: Check
    claim: ClaimedIdentity
    addresses: tuple[Address, ...] = ()
    kind: Kind | None = None
    document: Document | None = None
    picture: bytes = b""
    answers: Mapping[str, str] = field(default_factory=dict)
    checklist: Checklist | None = None
    tries: int = 0  # how often it was asked before and did not answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """Who someone is by what was looked into, not by what they typed: only this is kept of them."""

    names: tuple[Name, ...] = ()
    birth_date: date | None = None
    addresses: tuple[Address, ...] = ()  # where they live now first


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a provider found, in GPG 45's scores, and what it confirms.

    Evidence of which it says neither a name nor a date of birth counts for nothing.
    """

    strength: int = 0
    validity: int = 0
    activity: int = 0
    fraud: int = 0
    verification: int = 0
    confirmed: Confirmed = Confirmed()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One that only the person should be able to answer."""

    id: str
    text: Wording
    choices: tuple[tuple[str, Wording], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked(Personal):
    """One check of an attempt, and what was found; None while nobody has answered."""

    id: UUID
    person_id: UUID
    check: Check
    kind: Kind | None
    finding: Finding | None

    @property
    def says_who(self) -> bool:
        """Whether, as a piece of evidence, it is of somebody: none counts that is of nobody."""
        who = self.finding.confirmed if self.finding else Confirmed()
        return self.kind is None or bool(who.names and who.birth_date)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """How people can prove who they are here."""

    kinds: tuple[Kind, ...]  # that are checked online
    checks: frozenset[Check]
    best_online: Level  # that can be reached without coming to the counter
    is_sandbox: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt(Personal):
    """One try to prove who someone is."""

    id: UUID
    person_id: UUID
    wanted: Level
    state: ProvingState
    reference: str  # that they bring to the counter; "" without one
    next_url: str  # a path of this site; "" for none
    typed: Typed
    questions: tuple[Question, ...]
    reached: Level
    profile: str
    reason: str  # that staff gave
    begun_at: datetime
    ways: tuple[tuple[str, ...], ...] = ()  # what else would do: kinds, with "counter/" before


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor(Personal):
    """Someone who has come to the counter."""

    id: UUID  # the attempt's
    person_id: UUID
    name: str
    email: str | None
    reference: str
    wanted: Level
    state: ProvingState


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal(Personal):
    """Something about a document that staff have to look at."""

    id: UUID
    person_id: UUID
    name: str
    other_id: UUID | None
    other_name: str
    kind: SignalKind
    document: Kind
    raised_at: datetime

    @property
    def persons(self) -> frozenset[UUID]:
        return frozenset({self.person_id, *([self.other_id] if self.other_id else [])})


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxPerson:
    """A made-up person whom the sandbox knows."""

    name: str
    birth_date: date
    address: str
    documents: tuple[tuple[Kind, str, date | None], ...]
    answers: tuple[Wording, ...]  # the right ones to the questions
    outcome: Wording
