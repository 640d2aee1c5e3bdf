"""Who looks into evidence. Choose them in TOWNHALL_PROVING; add one as a module beside this."""

from typing import Protocol, cast

from townhall.capabilities.identity.records import (
    Check,
    Enquiry,
    Finding,
    Kind,
    Offered,
    Question,
)
from townhall.capabilities.identity.rules.evidence import best_online
from townhall.machinery import providers

SANDBOX = "sandbox"


class EvidenceProvider(Protocol):
    """Carries out one or more of the checks of GPG 45.

    What waits for the outside raises Unavailable if there is no answer in time; asking again with
    the same id is then safe, and answers what would have been answered.
    """

    slug: str
    checks: frozenset[Check]
    kinds: frozenset[Kind]  # of evidence that it knows, for DOCUMENT and COUNTER

    def look_into(self, asked: Enquiry) -> Finding:
        """Carry out one of its checks. What it cannot find scores nothing; it never refuses."""

    def questions(self, asked: Enquiry) -> tuple[Question, ...]:
        """What to ask the person, for QUESTIONS; nothing if it knows too little of them."""

    def check(self) -> str:
        """What is wrong with its settings, in words; empty when all is well."""


def installed() -> tuple[EvidenceProvider, ...]:
    return cast(tuple[EvidenceProvider, ...], providers.chosen("identity.evidence"))


def find_provider(check: Check, kind: Kind | None = None) -> EvidenceProvider | None:
    """The first that carries out a check, of this kind of evidence; None if there is none."""
    return next((each for each in installed() if _serves(each, check, kind)), None)


def offered() -> Offered:
    known = {kind for each in installed() if Check.DOCUMENT in each.checks for kind in each.kinds}
    kinds = tuple(kind for kind in Kind if kind in known)
    checks = frozenset[Check]().union(*(each.checks for each in installed()))
    return Offered(
        kinds=kinds,
        checks=checks,
        best_online=best_online(kinds, with_questions=Check.QUESTIONS in checks),
        is_sandbox=any(each.slug == SANDBOX for each in installed()),
    )


def _serves(provider: EvidenceProvider, check: Check, kind: Kind | None) -> bool:
    return check in provider.checks and (kind is None or kind in provider.kinds)
