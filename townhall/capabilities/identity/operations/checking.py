"""Having evidence looked into, and concluding from what was found."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, records
from townhall.capabilities.identity.errors import NoSuchAttempt, NotYourself, WrongMoment
from townhall.capabilities.identity.events import IdentityProven, ProofFailed
from townhall.capabilities.identity.operations.proving import (
    background_checks,
    forget_what_was_given,
    raise_signal,
)
from townhall.capabilities.identity.operations.telling_proofs import tell_outcome
from townhall.capabilities.identity.providers import evidence as providers
from townhall.capabilities.identity.records import Check, Kind, Level, ProvingState, SignalKind
from townhall.capabilities.identity.rules import evidence, gpg45
from townhall.machinery import files
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Unavailable
from townhall.machinery.events import emit
from townhall.machinery.operations import errand, operation

ISSUER, COUNTRY = "DVLA", "GBR"  # of the documents that are taken here


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
    if attempt.state == ProvingState.CHECKING and attempt.checked_by_id == actor.person_id:
        return attempt.record()  # a provider did not answer; they try again
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
            document=models.digest_of(kind, seen.documents[kind].number),
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
        check.save(update_fields=["finding"])
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
    judged = _judge(attempt, checks)
    if questions and _could_decide(attempt, judged.scores):
        attempt.ask(questions)
        attempt.state = ProvingState.QUESTIONS
        attempt.save(update_fields=["questions", "state"])
    else:
        _end(attempt, checks, judged)
    return attempt.record()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    scores: gpg45.Scores
    taken: tuple[tuple[models.ProvingCheck, UUID], ...]  # documents of others, and whose


def _judge(attempt: models.ProvingAttempt, checks: list[models.ProvingCheck]) -> _Judged:
    """The scores; a document that someone else has proved with counts for nothing."""
    today = timezone.localdate()
    theirs = _owners(attempt, [check.document for check in checks if check.document])
    counted = []
    for check in checks:
        found = check.record()
        last = evidence.good_until(found.check, today, kind=found.kind, expires_on=check.expires_on)
        if found.finding and check.document not in theirs and last >= today:
            counted.append((found.finding, found.kind, last))
    return _Judged(
        scores=evidence.scores_of(counted),
        taken=tuple(
            (check, theirs[check.document]) for check in checks if check.document in theirs
        ),
    )


def _owners(attempt: models.ProvingAttempt, documents: list[str]) -> dict[str, UUID]:
    """Which of these someone else has proved with, and who; nobody else may begin to meanwhile."""
    with connection.cursor() as cursor:
        for each in sorted(documents):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 45))", [each])
    proven = models.ProvenDocument.objects.filter(
        organisation_id=attempt.organisation_id, document__in=documents
    )
    proven.filter(proof__expires_at__lte=timezone.now()).delete()
    return dict(proven.exclude(person_id=attempt.person_id).values_list("document", "person_id"))


def _could_decide(attempt: models.ProvingAttempt, scores: gpg45.Scores) -> bool:
    """Whether good answers would reach a level that is not reached without."""
    answered = gpg45.Scores(verification=gpg45.Score(value=evidence.BY_QUESTIONS))
    now = gpg45.conclude(scores).level
    return now < attempt.wanted and gpg45.conclude(scores.with_more(answered)).level > now


def _end(
    attempt: models.ProvingAttempt, checks: list[models.ProvingCheck], judged: _Judged
) -> None:
    conclusion = gpg45.conclude(judged.scores)
    for check, owner in judged.taken:
        raise_signal(
            attempt, SignalKind.USED_BY_ANOTHER, check.kind, check.document, other_id=owner
        )
    attempt.reached = conclusion.level
    attempt.profile = conclusion.profile.name if conclusion.profile else ""
    if conclusion.profile is not None:
        _keep_proof(attempt, checks, judged, conclusion)
    if conclusion.level >= attempt.wanted:
        attempt.state = ProvingState.PROVEN
    else:
        attempt.state = ProvingState.FAILED
        attempt.ways = _ways(attempt, checks, judged.scores)
        emit(
            ProofFailed(
                organisation_id=attempt.organisation_id,
                person_id=attempt.person_id,
                attempt_id=attempt.id,
                wanted=Level(attempt.wanted),
            )
        )
    forget_what_was_given(attempt)
    attempt.ended_at = timezone.now()
    attempt.save()
    tell_outcome.later(attempt_id=attempt.id)


def _keep_proof(
    attempt: models.ProvingAttempt,
    checks: list[models.ProvingCheck],
    judged: _Judged,
    conclusion: gpg45.Conclusion,
) -> None:
    """In place of what they have proved before and no more surely."""
    kinds = [Kind(piece.kind) for piece in judged.scores.evidence]
    after = timezone.make_aware(datetime.combine(conclusion.good_until + timedelta(days=1), time()))
    mine = {"organisation_id": attempt.organisation_id, "person_id": attempt.person_id}
    models.ProvenIdentity.objects.filter(**mine, level__lte=conclusion.level).delete()
    typed = attempt.typed
    assert typed.claim is not None  # without one nothing is checked
    proof = models.ProvenIdentity.objects.create(
        **mine,
        level=conclusion.level,
        profile=attempt.profile,
        birth_date=typed.claim.birth_date,
        facts=models.ProvenIdentity.dump(_facts(typed, kinds)),
        kinds=kinds,
        expires_at=after,
    )
    used = [check.document for check in checks if check.document and check.kind in kinds]
    models.ProvenDocument.objects.bulk_create(
        [models.ProvenDocument(**mine, proof=proof, document=each) for each in used],
        ignore_conflicts=True,  # a surer proof of theirs has it already
    )
    emit(
        IdentityProven(
            organisation_id=attempt.organisation_id,
            person_id=attempt.person_id,
            proof_id=proof.id,
            level=conclusion.level,
        )
    )


def _facts(typed: records.Typed, kinds: Iterable[Kind]) -> models.Facts:
    """What documents that were accepted say of someone."""
    assert typed.claim is not None  # send_evidence and the counter see to it
    given = [
        records.NamePart(kind="GivenName", value=each) for each in typed.claim.given_names.split()
    ]
    parts = (*given, records.NamePart(kind="FamilyName", value=typed.claim.family_name))
    held = {kind: typed.documents[kind] for kind in kinds if kind in typed.documents}
    passport, licence = held.get(Kind.PASSPORT), held.get(Kind.DRIVING_LICENCE)
    return models.Facts(
        names=(records.Name(parts=parts),),
        addresses=typed.addresses,
        passport=records.Passport(
            number=passport.number, country=COUNTRY, expires_on=passport.expires_on
        )
        if passport and passport.expires_on
        else None,
        driving_permit=records.DrivingPermit(
            number=licence.number, issuer=ISSUER, issued_on=None, expires_on=licence.expires_on
        )
        if licence and licence.expires_on
        else None,
    )


def _ways(
    attempt: models.ProvingAttempt, checks: list[models.ProvingCheck], scores: gpg45.Scores
) -> list[tuple[str, ...]]:
    """What else would reach the level: not what was tried online, nor questions once answered."""
    offered = providers.offered()
    tried = {check.kind for check in checks}
    more = evidence.additions(
        [kind for kind in offered.kinds if kind not in tried],
        with_questions=not any(check.looks_into == Check.QUESTIONS for check in checks),
        at_counter=Check.COUNTER in offered.checks,
    )
    return gpg45.what_else(Level(attempt.wanted), scores, more)


def _waiting(attempt_id: UUID) -> Iterable[records.Enquiry]:
    waiting = models.ProvingCheck.objects.filter(attempt_id=attempt_id, finding__isnull=True)
    for check in waiting.select_related("attempt").order_by("looks_into", "kind"):
        yield _asked(check)


def _asked(check: models.ProvingCheck) -> records.Enquiry:
    typed = check.attempt.typed
    assert typed.claim is not None  # as above
    kind = Kind(check.kind) if check.kind else None
    photo = typed.photos.get(kind) if kind else None
    organisation_id = check.attempt.organisation_id
    return records.Enquiry(
        id=check.id,
        check=Check(check.looks_into),
        claim=typed.claim,
        addresses=typed.addresses,
        kind=kind,
        document=typed.documents.get(kind) if kind else None,
        picture=files.read_file(organisation_id, photo).content if photo else b"",
        answers=typed.answers,
        checklist=typed.checklist,
        tries=check.tries,
    )


def _questions_for(attempt_id: UUID) -> tuple[records.Question, ...]:
    """What could be asked of someone who has not been asked; nothing at the counter."""
    checks = models.ProvingCheck.objects.filter(attempt_id=attempt_id)
    online = checks.filter(looks_into=Check.DOCUMENT).select_related("attempt").first()
    provider = providers.find_provider(Check.QUESTIONS)
    asked_already = checks.filter(looks_into=Check.QUESTIONS).exists()
    if provider is None or online is None or asked_already or not online.attempt.hidden:
        return ()
    return provider.questions(_asked(online))


def _lock(actor: Actor, attempt_id: UUID) -> models.ProvingAttempt:
    attempts = models.ProvingAttempt.visible_to(actor).select_for_update()
    attempt = attempts.filter(id=attempt_id).first()
    if attempt is None:
        raise NoSuchAttempt(_("Nobody is proving who they are under that number."))
    return attempt


def _check(actor: Actor, check_id: UUID) -> models.ProvingCheck:
    checks = models.ProvingCheck.objects.select_related("attempt").select_for_update(of=("self",))
    return checks.get(id=check_id, attempt__organisation_id=actor.organisation_id)
