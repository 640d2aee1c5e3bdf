"""The sandbox of evidence: made-up people, and documents that lead to a known outcome."""

from collections.abc import Callable

from django.conf import settings
from django.utils.translation import gettext as _

from townhall.capabilities.identity.records import Check, Enquiry, Finding, Kind, Question
from townhall.capabilities.identity.rules.evidence import (
    BY_DETAILS,
    BY_FEATURES,
    BY_QUESTIONS,
    STRENGTH,
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
        if settings.DEMO:
            return ""
        return (
            "The sandbox checks evidence, so anybody can prove to be one of its made-up people. "
            "Take it out of TOWNHALL_PROVING."
        )


def _document(known: Known, asked: Enquiry) -> Finding:
    """A picture of a document shows that it is genuine, whatever is on it."""
    kind, shown = asked.kind, asked.document
    real = known.documents.get(kind) if kind else None
    if kind is None or shown is None or real is None or kind in known.bad:
        return Finding()
    if plain(shown.number) != plain(real.number) or shown.expires_on != real.expires_on:
        return Finding()
    return Finding(strength=STRENGTH[kind], validity=BY_FEATURES if asked.picture else BY_DETAILS)


def _activity(known: Known, asked: Enquiry) -> Finding:
    """What it has seen happen at the address."""
    places = {plain(each.postcode) for each in asked.addresses}
    return Finding(activity=known.activity if plain(known.address.postcode) in places else 0)


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
