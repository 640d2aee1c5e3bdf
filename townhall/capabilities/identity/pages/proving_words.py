"""Where someone is on the way to proving who they are, and how its results read."""

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import forms, records
from townhall.capabilities.identity.records import Kind, Level, ProvingState
from townhall.capabilities.identity.rules.evidence import COUNTER, WITH_PHOTO

MOST_WAYS = 5  # that are told
RECENT = timedelta(days=365)  # someone who moved since is asked where they lived before
LEVELS: dict[Level, Promise] = {
    Level.P1: gettext_lazy("low confidence (P1)"),
    Level.P2: gettext_lazy("medium confidence (P2)"),
    Level.P3: gettext_lazy("high confidence (P3)"),
}


def where_next(attempt: records.Attempt) -> str:
    """The address of the page that comes next: the first question without an answer, at first."""
    if attempt.state == ProvingState.OPEN:
        return _first_unanswered(attempt.typed)
    if attempt.state == ProvingState.QUESTIONS:
        answered = [each.id in attempt.typed.answers for each in attempt.questions]
        return reverse("identity:prove_question", args=[[*answered, False].index(False) + 1])
    if attempt.state == ProvingState.CHECKING:
        return reverse("identity:prove_waiting")
    if attempt.state == ProvingState.COUNTER:
        return reverse("identity:prove_in_person")
    return reverse("identity:proving_result", args=[attempt.id])


def may_come(attempt: records.Attempt) -> bool:
    """To the counter: not who is asked questions, nor whose visit is being looked into."""
    if attempt.state == ProvingState.CHECKING:
        return not attempt.reference
    return attempt.state in (ProvingState.OPEN, ProvingState.COUNTER)


def _first_unanswered(given: records.Typed) -> str:
    if not given.kinds:
        return reverse("identity:prove_evidence")
    if given.claim is None:
        return reverse("identity:prove_name")
    for kind in given.kinds:
        if kind not in given.documents:
            return reverse("identity:prove_document", args=[kind])
        if kind in WITH_PHOTO and kind not in given.photos:
            return reverse("identity:prove_photo", args=[kind])
    return _first_unanswered_of_addresses(given)


def _first_unanswered_of_addresses(given: records.Typed) -> str:
    if not given.addresses:
        return reverse("identity:prove_address")
    since = given.addresses[0].valid_from
    if len(given.addresses) == 1 and since and since > timezone.localdate() - RECENT:
        return reverse("identity:prove_address_before")
    return reverse("identity:prove_check")


def ways_in_words(ways: Iterable[tuple[str, ...]]) -> list[str]:
    """What else would do, a sentence each; the first few."""
    return [_(" and ").join(map(_piece, way)) for way in list(ways)[:MOST_WAYS]]


def _piece(name: str) -> str:
    kind = forms.KINDS[Kind(name.removeprefix(COUNTER))]
    if name.startswith(COUNTER):
        return _("%(document)s, shown in person") % {"document": kind}
    return _("%(document)s, online") % {"document": kind}
