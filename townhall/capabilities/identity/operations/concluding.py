"""What follows from findings: scores, a level, a proof that is kept, signals of fraud."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from townhall.capabilities.identity import models, records
from townhall.capabilities.identity.events import IdentityProven, ProofFailed
from townhall.capabilities.identity.operations.proving import (
    forget_what_was_given,
    raise_signal,
    take_turns_with,
)
from townhall.capabilities.identity.operations.telling_proofs import tell_outcome
from townhall.capabilities.identity.providers import evidence as providers
from townhall.capabilities.identity.records import Check, Kind, Level, ProvingState, SignalKind
from townhall.capabilities.identity.rules import evidence, gpg45
from townhall.machinery.events import emit

ISSUER, COUNTRY = "DVLA", "GBR"  # of the documents that are taken here


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    scores: gpg45.Scores
    taken: tuple[tuple[models.ProvingCheck, UUID | None], ...]  # documents of others, and whose
    counted: tuple[records.Checked, ...]


def judge(attempt: models.ProvingAttempt, checks: list[models.ProvingCheck]) -> Judged:
    """The scores; a document that someone else has proved with counts for nothing."""
    today = timezone.localdate()
    theirs = _owners(attempt, [check for check in checks if check.document])
    counted, scored = [], []
    for check in checks:
        found = check.record()
        last = evidence.good_until(found.check, today, kind=found.kind, expires_on=check.expires_on)
        if found.finding and found.says_who and check.document not in theirs and last >= today:
            counted.append(found)
            scored.append((found.finding, found.kind, last))
    return Judged(
        scores=evidence.scores_of(scored),
        counted=tuple(counted),
        taken=tuple(
            (check, theirs[check.document]) for check in checks if check.document in theirs
        ),
    )


def _owners(
    attempt: models.ProvingAttempt, checks: list[models.ProvingCheck]
) -> dict[str, UUID | None]:
    """Which documents someone else has proved with, and who; None if they are erased.

    Nobody else may begin to meanwhile.
    """
    given = attempt.typed.documents
    for check in checks:  # SECRET_KEY may have changed since it was sent
        kind = Kind(check.kind)
        check.document = models.digest_of(attempt.organisation_id, kind, given[kind].number)
    documents = [check.document for check in sorted(checks, key=lambda each: each.kind)]
    for each in documents:
        take_turns_with(each)
    proven = models.ProvenDocument.objects.filter(
        organisation_id=attempt.organisation_id,
        document__in=documents,
        expires_at__gt=timezone.now(),
    )
    others = proven.exclude(person_id=attempt.person_id)
    named_last = others.order_by(F("person_id").asc(nulls_first=True))
    return dict(named_last.values_list("document", "person_id"))


def could_decide(attempt: models.ProvingAttempt, scores: gpg45.Scores) -> bool:
    """Whether good answers would reach a level that is not reached without."""
    answered = gpg45.Scores(verification=gpg45.Score(value=evidence.BY_QUESTIONS))
    now = gpg45.conclude(scores).level
    return now < attempt.wanted and gpg45.conclude(scores.with_more(answered)).level > now


def is_watched(organisation_id: UUID, checks: Iterable[models.ProvingCheck]) -> bool:
    """Whether several people have tried one of the documents, and staff have not settled it."""
    signals = models.FraudSignal.objects.filter(
        organisation_id=organisation_id, kind=SignalKind.TRIED_BY_SEVERAL, settled_at=None
    )
    return signals.filter(document__in={each.document for each in checks} - {""}).exists()


def end_attempt(
    attempt: models.ProvingAttempt, checks: list[models.ProvingCheck], judged: Judged
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
    judged: Judged,
    conclusion: gpg45.Conclusion,
) -> None:
    """In place of what they have proved before, no more surely and for no longer."""
    kinds = [Kind(piece.kind) for piece in judged.scores.evidence]
    who = _confirmed(judged.counted)
    assert who.birth_date is not None  # or there would be no evidence, and no profile
    after = timezone.make_aware(datetime.combine(conclusion.good_until + timedelta(days=1), time()))
    mine = {"organisation_id": attempt.organisation_id, "person_id": attempt.person_id}
    before = models.ProvenIdentity.objects.filter(**mine)
    used = [check for check in checks if check.document and check.kind in kinds]
    held = models.ProvenDocument.objects.filter(**mine)  # of proofs that were removed, too
    if held.exclude(birth_date=who.birth_date).filter(expires_at__gt=timezone.now()).exists():
        shown = used[0]
        raise_signal(attempt, SignalKind.ANOTHER_BIRTH_DATE, shown.kind, shown.document)
    before.filter(level__lte=conclusion.level, expires_at__lte=after).delete()
    digests = [each.document for each in used]
    held.filter(proof=None, document__in=digests, expires_at__lte=after).delete()
    proof = models.ProvenIdentity.objects.create(
        **mine,
        level=conclusion.level,
        profile=attempt.profile,
        birth_date=who.birth_date,
        facts=models.ProvenIdentity.dump(_facts(who, attempt.typed, kinds)),
        kinds=kinds,
        expires_at=after,
    )
    models.ProvenDocument.objects.bulk_create(
        [
            models.ProvenDocument(
                **mine, proof=proof, document=each, birth_date=who.birth_date, expires_at=after
            )
            for each in digests
        ]
    )
    emit(
        IdentityProven(
            organisation_id=attempt.organisation_id,
            person_id=attempt.person_id,
            proof_id=proof.id,
            level=conclusion.level,
        )
    )


def _confirmed(counted: Iterable[records.Checked]) -> records.Confirmed:
    """What the findings say together; of evidence, what is hardest to forge speaks first."""
    found = [each.finding for each in counted if each.finding]
    found.sort(key=lambda each: each.strength, reverse=True)
    said = [each.confirmed for each in found]
    return records.Confirmed(
        names=next((each.names for each in said if each.names), ()),
        birth_date=next((each.birth_date for each in said if each.birth_date), None),
        addresses=next((each.addresses for each in said if each.addresses), ()),
    )


def _facts(who: records.Confirmed, typed: records.Typed, kinds: Iterable[Kind]) -> models.Facts:
    """Who they are, and the numbers under which documents that were accepted were found."""
    held = {kind: typed.documents[kind] for kind in kinds if kind in typed.documents}
    passport, licence = held.get(Kind.PASSPORT), held.get(Kind.DRIVING_LICENCE)
    return models.Facts(
        names=who.names,
        addresses=who.addresses,
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
    was_asked = any(check.looks_into == Check.QUESTIONS for check in checks)
    more = evidence.additions(
        [kind for kind in offered.kinds if kind not in tried],
        with_questions=not was_asked and not is_watched(attempt.organisation_id, checks),
        at_counter=Check.COUNTER in offered.checks,
    )
    return gpg45.what_else(Level(attempt.wanted), scores, more)
