"""The sandbox of evidence: made-up people, and documents that lead to a known outcome."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from townhall.capabilities.identity.records import (
    Address,
    Check,
    Confirmed,
    Enquiry,
    Finding,
    Kind,
    Question,
)
from townhall.capabilities.identity.rules.evidence import (
    BY_DETAILS,
    BY_FEATURES,
    BY_QUESTIONS,
    STRENGTH,
    name_of,
)
from townhall.capabilities.identity.rules.sandbox_people import QUESTIONS, Known, find, plain
from townhall.machinery.errors import Unavailable


class Sandbox:
    """Knows the people of rules/sandbox_people.py, and nothing of anybody else."""

    slug = "sandbox"
    checks = frozenset({Check.DOCUMENT, Check.ACTIVITY, Check.FRAUD, Check.QUESTIONS})
    kinds = frozenset(
        {Kind.PASSPORT, Kind.DRIVING_LICENCE, Kind.BANK_ACCOUNT, Kind.BIRTH_CERTIFICATE}
    )

    def look_into(self, asked: Enquiry) -> Finding:
        known = find(asked.claim)
        if known is None:
            return Finding()
        if known.silent and not asked.tries:
            raise Unavailable(_("The check was not answered in time. Try again."))
        return _WAYS[asked.check](known, asked)

    def questions(self, asked: Enquiry) -> tuple[Question, ...]:
        return QUESTIONS if find(asked.claim) else ()

    def check(self) -> str:
        return ""


def _document(known: Known, asked: Enquiry) -> Finding:
    """A picture of a document shows that it is genuine, whatever is on it."""
    kind, shown = asked.kind, asked.document
    real = known.documents.get(kind) if kind else None
    if kind is None or shown is None or real is None or kind in known.bad:
        return Finding()
    if plain(shown.number) != plain(real.number) or shown.expires_on != real.expires_on:
        return Finding()
    claim = known.claim
    return Finding(
        strength=STRENGTH[kind],
        validity=BY_FEATURES if asked.picture else BY_DETAILS,
        confirmed=Confirmed(names=(name_of(claim),), birth_date=claim.birth_date),
    )


def _activity(known: Known, asked: Enquiry) -> Finding:
    """What it has seen happen where they say that they live now."""
    if not known.activity or not _is_at(known.address, asked.addresses[:1]):
        return Finding()
    return Finding(activity=known.activity, confirmed=Confirmed(addresses=(known.address,)))


def _is_at(home: Address, places: tuple[Address, ...]) -> bool:
    return any(
        plain(" ".join([*each.lines, each.postcode]))
        == plain(" ".join([*home.lines, home.postcode]))
        for each in places
    )


def _fraud(known: Known, _asked: Enquiry) -> Finding:
    return Finding(fraud=known.fraud)


def _questions(known: Known, asked: Enquiry) -> Finding:
    """All right scores 2, and one wrong 1."""
    right = sum(asked.answers.get(key) == answer for key, answer in known.answers.items())
    return Finding(verification=max(0, BY_QUESTIONS - (len(known.answers) - right)))


_WAYS: dict[Check, Callable[[Known, Enquiry], Finding]] = {
    Check.DOCUMENT: _document,
    Check.ACTIVITY: _activity,
    Check.FRAUD: _fraud,
    Check.QUESTIONS: _questions,
}
