"""Having evidence looked into, online and at the counter."""

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, records
from townhall.capabilities.identity.errors import NoSuchAttempt, NotYourself, WrongMoment
from townhall.capabilities.identity.operations.concluding import (
    could_decide,
    end_attempt,
    is_watched,
    judge,
)
from townhall.capabilities.identity.operations.proving import (
    background_checks,
    forget_what_was_given,
)
from townhall.capabilities.identity.providers import evidence as providers
from townhall.capabilities.identity.records import Check, Kind, ProvingState
from townhall.machinery import files
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotFound, Unavailable
from townhall.machinery.operations import errand, operation


@errand(permissions.PROVE_SELF)
def check_my_evidence(actor: Actor) -> records.Attempt:
    """Carry out the checks that wait, and conclude.

    Raises Unavailable if a provider does not answer; asked again, this goes on where it stopped.
    """
    attempt = models.ProvingAttempt.of_the_asker(actor).order_by("-begun_at").first()
    if actor.person_id is None or attempt is None:
        raise NoSuchAttempt(_("You are not proving who you are just now."))
    return _carry_out(actor, attempt.id)


@errand(permissions.PROVE_PEOPLE)
def check_at_counter(
    actor: Actor, attempt_id: UUID, *, seen: records.Typed, reason: str
) -> records.Attempt:
    """Conclude from what someone has shown at the counter. Asked again, it goes on.

    Raises what `note_visit` does, and Unavailable as `check_my_evidence`.
    """
    note_visit(actor, attempt_id, seen=seen, reason=reason)
    return _carry_out(actor, attempt_id)


@operation(permissions.PROVE_PEOPLE, told=gettext_lazy("Looked at your documents at the counter"))
def note_visit(
    actor: Actor, attempt_id: UUID, *, seen: records.Typed, reason: str
) -> records.Attempt:
    """Keep what staff have seen. Raises NoSuchAttempt, NotYourself or WrongMoment."""
    attempt = _lock(actor, attempt_id)
    if attempt.person_id == actor.person_id:
        raise NotYourself("Staff cannot prove who they are themselves")
    if attempt.state == ProvingState.CHECKING and attempt.checked_by_id is not None:
        return attempt.record()  # a provider did not answer; whoever is at the counter tries again
    if attempt.state != ProvingState.COUNTER:
        raise WrongMoment(_("They are not waiting at the counter any more."))
    forget_what_was_given(attempt)
    attempt.hide(seen)
    attempt.state, attempt.sent_at = ProvingState.CHECKING, timezone.now()
    attempt.checked_by_id, attempt.reason = actor.person_id, reason
    attempt.save()
    checks = [] if _is_refused(seen) else [*_shown(attempt, seen), *background_checks(attempt)]
    models.ProvingCheck.objects.bulk_create(checks)
    return attempt.record()


def _is_refused(seen: records.Typed) -> bool:
    return seen.claim is None or seen.checklist is None or seen.checklist.refused


def _shown(attempt: models.ProvingAttempt, seen: records.Typed) -> list[models.ProvingCheck]:
    return [
        models.ProvingCheck(
            attempt=attempt,
            looks_into=Check.COUNTER,
            kind=kind,
            document=models.digest_of(attempt.organisation_id, kind, seen.documents[kind].number),
            expires_on=seen.documents[kind].expires_on,
        )
        for kind in seen.kinds
    ]


def _carry_out(actor: Actor, attempt_id: UUID) -> records.Attempt:
    """Ask the providers one after the other, each answer kept as it comes."""
    system = Actor(
        "capability:identity", frozenset({permissions.CHECK_EVIDENCE}), actor.organisation_id
    )
    for asked in _waiting(attempt_id):
        provider = providers.find_provider(asked.check, asked.kind)
        try:
            finding = provider.look_into(asked) if provider else records.Finding()
        except Unavailable:
            note_silence(system, asked.id)
            raise
        note_finding(system, asked.id, finding=finding)
    return conclude_attempt(system, attempt_id, questions=_questions_for(attempt_id))


@operation(permissions.CHECK_EVIDENCE, told=gettext_lazy("Noted what a check of you found"))
def note_finding(actor: Actor, check_id: UUID, *, finding: records.Finding) -> records.Checked:
    """Keep what was found; the first word counts."""
    check = _check(actor, check_id)
    if check.finding is None:
        check.find(finding)
        check.save(update_fields=["finding", "confirmed"])
    return check.record()


@operation(permissions.CHECK_EVIDENCE, told=gettext_lazy("Noted that a check of you failed"))
def note_silence(actor: Actor, check_id: UUID) -> records.Checked:
    """Keep that nobody answered; the check still waits."""
    check = _check(actor, check_id)
    check.tries = min(check.tries + 1, 1_000)
    check.save(update_fields=["tries"])
    return check.record()


@operation(permissions.CHECK_EVIDENCE, told=gettext_lazy("Judged your evidence of who you are"))
def conclude_attempt(
    actor: Actor, attempt_id: UUID, *, questions: tuple[records.Question, ...]
) -> records.Attempt:
    """End an attempt whose checks are done, or ask the questions if they could decide it."""
    attempt = _lock(actor, attempt_id)
    checks = list(attempt.checks.all())
    waits = any(check.finding is None for check in checks)
    if attempt.state != ProvingState.CHECKING or waits:
        return attempt.record()
    judged = judge(attempt, checks)
    if questions and could_decide(attempt, judged.scores):
        attempt.ask(questions)
        attempt.state = ProvingState.QUESTIONS
        attempt.save(update_fields=["questions", "state"])
    else:
        end_attempt(attempt, checks, judged)
    return attempt.record()


def _waiting(attempt_id: UUID) -> Iterable[records.Enquiry]:
    waiting = models.ProvingCheck.objects.filter(attempt_id=attempt_id, finding__isnull=True)
    for check in waiting.select_related("attempt").order_by("looks_into", "kind"):
        yield _asked(check)


def _asked(check: models.ProvingCheck) -> records.Enquiry:
    typed = check.attempt.typed
    assert typed.claim is not None  # as above
    kind = Kind(check.kind) if check.kind else None
    photo = typed.photos.get(kind) if kind else None
    return records.Enquiry(
        id=check.id,
        check=Check(check.looks_into),
        claim=typed.claim,
        addresses=typed.addresses,
        kind=kind,
        document=typed.documents.get(kind) if kind else None,
        picture=_picture(check.attempt.organisation_id, photo) if photo else b"",
        answers=typed.answers,
        checklist=typed.checklist,
        tries=check.tries,
    )


def _picture(organisation_id: UUID, photo: UUID) -> bytes:
    """Nothing if it is gone: better a check without it than one that never ends."""
    try:
        return files.read_file(organisation_id, photo).content
    except (NotFound, FileNotFoundError):
        return b""


def _questions_for(attempt_id: UUID) -> tuple[records.Question, ...]:
    """What could be asked of someone who has not been asked; nothing at the counter.

    Nor of whoever shows what several people try: among them they could guess the answers.
    """
    checks = models.ProvingCheck.objects.filter(attempt_id=attempt_id)
    online = checks.filter(looks_into=Check.DOCUMENT).select_related("attempt").first()
    provider = providers.find_provider(Check.QUESTIONS)
    asked_already = checks.filter(looks_into=Check.QUESTIONS).exists()
    if provider is None or online is None or asked_already or not online.attempt.hidden:
        return ()
    if is_watched(online.attempt.organisation_id, checks):
        return ()
    return provider.questions(_asked(online))


def _lock(actor: Actor, attempt_id: UUID) -> models.ProvingAttempt:
    attempts = models.ProvingAttempt.visible_to(actor).select_for_update()
    attempt = attempts.filter(id=attempt_id).first()
    if attempt is None:
        raise NoSuchAttempt(_("Nobody is proving who they are under that number."))
    return attempt


def _check(actor: Actor, check_id: UUID) -> models.ProvingCheck:
    """Raises NoSuchAttempt if the person has stopped, or goes to the counter instead."""
    checks = models.ProvingCheck.objects.select_related("attempt").select_for_update(of=("self",))
    found = checks.filter(id=check_id, attempt__organisation_id=actor.organisation_id).first()
    if found is None:
        raise NoSuchAttempt(_("Nobody is proving who they are under that number."))
    return found
