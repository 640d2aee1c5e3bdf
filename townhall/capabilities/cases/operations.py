"""Opening cases, and working in the queue."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.cases import events, models, permissions, records
from townhall.capabilities.cases.errors import AlreadyClaimed, NotOpen, UnfitCase, UnknownOutcome
from townhall.capabilities.cases.records import What
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid, NotAllowed, NotFound
from townhall.machinery.events import emit
from townhall.machinery.holdings import ERASE
from townhall.machinery.operations import operation

LONGEST_NOTE = 2000
_TRIES = 5  # a reference is taken once in thousands of times


@operation(permissions.OPEN, told=gettext_lazy("Asked staff to work on your request"))
def open_case(
    actor: Actor,
    *,
    service: str,
    kind: str,
    subject_id: UUID,
    person_id: UUID | None,
    title: str,
    summary: str,
    link: str,
    outcomes: tuple[records.Outcome, ...],
    due_at: datetime,
) -> records.Case:
    """Put something in the queue; staff close it with one of `outcomes`.

    `link` is the path of the service's own page about it, or "". While one of the same service,
    kind and subject is open, that one is returned instead. Raises UnfitCase.
    """
    _check_fit(link, outcomes)
    for _try in range(_TRIES):
        new = models.Case(
            organisation_id=actor.organisation_id,
            service=service,
            kind=kind,
            subject_id=subject_id,
            person_id=person_id,
            title=title[:200],
            summary=summary,
            link=link,
            outcomes=models.OUTCOMES.dump_python(outcomes, mode="json"),
            due_at=due_at,
        )
        case = models.Case.open_once(new)
        if case is None:
            continue
        if case.id == new.id:
            models.CaseMoment.add(actor, case.id, What.OPENED)
            emit(
                events.CaseOpened(
                    organisation_id=actor.organisation_id,
                    case_id=case.id,
                    service=service,
                    kind=kind,
                    subject_id=subject_id,
                )
            )
        return case.record()
    raise RuntimeError(f"No case could be opened in {_TRIES} tries")


@operation(ERASE)
def forget_person(actor: Actor, person_id: UUID) -> None:
    """Take someone out of what was done for them; that it was done stays."""
    models.Case.forget(actor, person_id)


def _check_fit(link: str, outcomes: tuple[records.Outcome, ...]) -> None:
    if link and (not link.startswith("/") or link.startswith(("//", "/\\"))):
        raise UnfitCase(_("The link of a case must be a page of this site."))
    codes = {each.code for each in outcomes}
    if not codes or "" in codes or len(codes) < len(outcomes):
        raise UnfitCase(_("A case needs outcomes, each with a code of its own."))


@operation(permissions.WORK, narrowed=True, told=gettext_lazy("Took on your request"))
def claim_case(actor: Actor, case_id: UUID) -> records.Case:
    """Say that the acting person is on it. Raises AlreadyClaimed or NotOpen.

    Claiming what is one's own already changes nothing.
    """
    if actor.person_id is None:
        raise NotAllowed(_("Only a person can claim a case."))
    claimed = models.Case.claim(actor, case_id, timezone.now())
    case = _find(actor, case_id)
    if claimed:
        models.CaseMoment.add(actor, case_id, What.CLAIMED)
    elif case.closed_at is not None:
        raise NotOpen(_("Someone has closed this case already."))
    elif case.claimed_by != actor.person_id:
        raise AlreadyClaimed(_("Someone else has claimed this case. Choose another one."))
    return case.record()


@operation(permissions.WORK, narrowed=True, told=gettext_lazy("Passed your request on"))
def release_case(actor: Actor, case_id: UUID) -> records.Case:
    """Let others claim the case, whoever has it now: people fall ill. Raises NotOpen."""
    released = models.Case.release(actor, case_id)
    case = _find(actor, case_id)
    if released:
        models.CaseMoment.add(actor, case_id, What.RELEASED)
    elif case.closed_at is not None:
        raise NotOpen(_("Someone has closed this case already."))
    return case.record()


@operation(permissions.WORK, narrowed=True, told=gettext_lazy("Added a note to your request"))
def note_case(actor: Actor, case_id: UUID, *, note: str) -> records.Case:
    """Write something on the timeline, of a closed case too. Raises Invalid."""
    case = _find(actor, case_id)
    note = _checked(note)
    if not note:
        raise Invalid(_("Enter a note."), fields={"note": _("Enter a note")})
    models.CaseMoment.add(actor, case_id, What.NOTED, note=note)
    return case.record()


@operation(permissions.WORK, narrowed=True, told=gettext_lazy("Dealt with your request"))
def close_case(actor: Actor, case_id: UUID, *, outcome: str, note: str = "") -> records.Case:
    """Say that the work is done, and how it came out.

    Raises UnknownOutcome; NotOpen if it was closed with another outcome, while the same once more
    changes nothing; AlreadyClaimed if another person has it, unless the service itself closes it.
    """
    note = _checked(note)
    held_by = Q(claimed_by=None) | Q(claimed_by=actor.person_id)
    if permissions.OPEN in actor.may:
        held_by = Q()
    closed = models.Case.close(actor, case_id, outcome, note, held_by=held_by, now=timezone.now())
    case = _find(actor, case_id).record()
    if not closed:
        _explain_why_not(case, outcome)
        return case
    models.CaseMoment.add(actor, case_id, What.CLOSED, note=note)
    emit(
        events.CaseClosed(
            organisation_id=actor.organisation_id,
            case_id=case.id,
            service=case.service,
            kind=case.kind,
            subject_id=case.subject_id,
            outcome=outcome,
            note=note,
        )
    )
    return case


def _explain_why_not(case: records.Case, outcome: str) -> None:
    if case.closed_at is not None and case.outcome != outcome:
        raise NotOpen(_("Someone has closed this case already, with another outcome."))
    if outcome not in {each.code for each in case.outcomes}:
        raise UnknownOutcome(_("Choose one of the outcomes of this case."))
    if case.closed_at is None:
        raise AlreadyClaimed(
            _("Someone else has claimed this case. Ask them, or release it and claim it yourself.")
        )


def _find(actor: Actor, case_id: UUID) -> models.Case:
    case = models.Case.visible_to(actor).filter(id=case_id).first()
    if case is None:
        raise NotFound(_("There is no such case."))
    return case


def _checked(note: str) -> str:
    note = note.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(note) > LONGEST_NOTE:
        says = _("The note must be %(most)d characters or fewer.") % {"most": LONGEST_NOTE}
        raise Invalid(says, fields={"note": says})
    return note
