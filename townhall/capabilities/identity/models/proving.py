"""Attempts to prove who someone is: what was given, what was found, what looks like fraud."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac
from pydantic import TypeAdapter

from townhall.capabilities.identity import records
from townhall.capabilities.identity.models.people import Person
from townhall.capabilities.identity.models.proofs import ProvenIdentity
from townhall.capabilities.identity.rules.sandbox_people import plain
from townhall.machinery.actors import Actor
from townhall.machinery.secrets import hide, reveal

PURPOSE = "identity.proving"
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # that are not taken for one another
DAY = timedelta(days=1)
ENDED = (records.ProvingState.PROVEN.value, records.ProvingState.FAILED.value)
_typed: TypeAdapter[records.Typed] = TypeAdapter(records.Typed)
_questions: TypeAdapter[tuple[records.Question, ...]] = TypeAdapter(tuple[records.Question, ...])
_finding: TypeAdapter[records.Finding] = TypeAdapter(records.Finding)
_confirmed: TypeAdapter[records.Confirmed] = TypeAdapter(records.Confirmed)


class ProvingAttempt(models.Model):
    """One try of one person. What they typed is readable only here, and only until its end."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    wanted = models.CharField(max_length=2)
    state = models.CharField(max_length=9, default=records.ProvingState.OPEN.value)
    reference = models.CharField(max_length=9, blank=True)
    next_url = models.TextField(blank=True)
    hidden = models.BinaryField(default=b"")
    questions = models.JSONField(default=list)
    reached = models.CharField(max_length=2, default=records.Level.P0.value)
    profile = models.CharField(max_length=3, blank=True)
    ways = models.JSONField(default=list)
    checked_by_id = models.UUIDField(null=True)  # of the staff
    reason = models.CharField(max_length=500, blank=True)
    begun_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)  # by email, how it ended

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "person"],
                condition=~Q(state__in=ENDED),
                name="proving_one_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["organisation_id", "reference"],
                condition=~Q(reference=""),
                name="proving_reference_once",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "sent_at"], name="proving_of_person"),
            models.Index(fields=["begun_at"], name="proving_by_age"),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[ProvingAttempt]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def of_the_asker(cls, actor: Actor) -> QuerySet[ProvingAttempt]:
        """Those of the acting person; none for nobody, nor for someone who acts for another."""
        if actor.person_id is None or actor.delegate_id is not None:
            return cls.objects.none()
        return cls.visible_to(actor).filter(person_id=actor.person_id)

    @classmethod
    def unfinished(cls, actor: Actor) -> QuerySet[ProvingAttempt]:
        return cls.of_the_asker(actor).exclude(state__in=ENDED)

    @classmethod
    def at_counter(cls, actor: Actor) -> QuerySet[ProvingAttempt]:
        """Those who may come, or who are there and whose documents are being checked."""
        waiting = cls.visible_to(actor).exclude(reference="")
        here = (records.ProvingState.COUNTER.value, records.ProvingState.CHECKING.value)
        return waiting.filter(state__in=here).select_related("person")

    @property
    def typed(self) -> records.Typed:
        told = reveal(self.hidden, purpose=PURPOSE) if self.hidden else ""
        return _typed.validate_json(told) if told else records.Typed()

    def hide(self, typed: records.Typed) -> None:
        self.hidden = hide(_typed.dump_json(typed).decode(), purpose=PURPOSE)

    def ask(self, questions: tuple[records.Question, ...]) -> None:
        self.questions = _questions.dump_python(questions, mode="json")

    def give_reference(self) -> None:
        chosen = get_random_string(8, LETTERS)
        self.reference = f"{chosen[:4]}-{chosen[4:]}"

    def record(self) -> records.Attempt:
        return records.Attempt(
            id=self.id,
            person_id=self.person_id,
            wanted=records.Level(self.wanted),
            state=records.ProvingState(self.state),
            reference=self.reference,
            next_url=self.next_url,
            typed=self.typed,
            questions=_questions.validate_python(self.questions),
            reached=records.Level(self.reached),
            profile=self.profile,
            reason=self.reason,
            begun_at=self.begun_at,
            ways=tuple(tuple(each) for each in self.ways),
        )

    def visitor(self) -> records.Visitor:
        return records.Visitor(
            id=self.id,
            person_id=self.person_id,
            name=self.person.name,
            email=self.person.email,
            reference=self.reference,
            wanted=records.Level(self.wanted),
            state=records.ProvingState(self.state),
        )


class ProvingCheck(models.Model):
    """One check of an attempt; without a finding while nobody has answered."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    attempt = models.ForeignKey(ProvingAttempt, on_delete=models.CASCADE, related_name="checks")
    looks_into = models.CharField(max_length=9)
    kind = models.CharField(max_length=20, blank=True)
    document = models.CharField(max_length=64, blank=True)  # its digest
    expires_on = models.DateField(null=True)  # the document
    tries = models.PositiveSmallIntegerField(default=0)
    finding = models.JSONField(null=True)  # its scores
    confirmed = models.BinaryField(default=b"")  # readable as what was typed is, and as long

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "looks_into", "kind"], name="proving_check_once"
            ),
        ]

    def find(self, finding: records.Finding) -> None:
        self.finding = _finding.dump_python(finding, mode="json", exclude={"confirmed"})
        told = _confirmed.dump_json(finding.confirmed).decode()
        self.confirmed = hide(told, purpose=PURPOSE)

    def record(self) -> records.Checked:
        return records.Checked(
            id=self.id,
            person_id=self.attempt.person_id,
            check=records.Check(self.looks_into),
            kind=records.Kind(self.kind) if self.kind else None,
            finding=self._found(),
        )

    def _found(self) -> records.Finding | None:
        if not self.finding:
            return None
        scores = _finding.validate_python(self.finding)
        told = reveal(self.confirmed, purpose=PURPOSE) if self.confirmed else ""
        return replace(scores, confirmed=_confirmed.validate_json(told)) if told else scores


class DocumentTry(models.Model):
    """That someone has tried a document; kept for a day or two, for the limits."""

    organisation_id = models.UUIDField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    document = models.CharField(max_length=64)
    tried_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "document", "tried_at"], name="document_tries"),
            models.Index(fields=["tried_at"], name="document_tries_by_age"),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[DocumentTry]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def of_today(cls, actor: Actor, document: str) -> QuerySet[DocumentTry]:
        since = timezone.now() - DAY
        return cls.visible_to(actor).filter(document=document, tried_at__gt=since)


class ProvenDocument(models.Model):
    """A document that someone has proved who they are with, until that proof would expire.

    It stays if the proof is removed, or one document would prove any number of people in turn;
    and, without saying whose it was, if the person is erased.
    """

    organisation_id = models.UUIDField()
    proof = models.ForeignKey(ProvenIdentity, on_delete=models.SET_NULL, null=True)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True)
    document = models.CharField(max_length=64)
    birth_date = models.DateField(null=True)  # that was proved with it; None once they are erased
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "document", "proof"], name="proven_document_once"
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[ProvenDocument]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def let_go(cls, person_id: UUID) -> None:
        """Before someone is erased: that they have used these is known no more."""
        cls.objects.filter(person_id=person_id).update(person=None, birth_date=None)


class FraudSignal(models.Model):
    """Something about a document that staff have to look at."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=5)
    document_kind = models.CharField(max_length=20)
    document = models.CharField(max_length=64)  # its digest
    raised_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    settled_by_id = models.UUIDField(null=True)
    note = models.CharField(max_length=500, blank=True)
    told_at = models.DateTimeField(null=True)  # by email, whose proof was ended

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "person", "kind", "document"],
                condition=Q(settled_at=None),
                name="fraud_signal_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation_id", "-raised_at", "-id"],
                name="fraud_signals_open",
                condition=Q(settled_at=None),
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[FraudSignal]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def unsettled(cls, actor: Actor) -> QuerySet[FraudSignal]:
        return cls.visible_to(actor).filter(settled_at=None).select_related("person", "other")

    def record(self) -> records.Signal:
        return records.Signal(
            id=self.id,
            person_id=self.person_id,
            name=self.person.name,
            other_id=self.other_id,
            other_name=self.other.name if self.other else "",
            kind=records.SignalKind(self.kind),
            document=records.Kind(self.document_kind),
            raised_at=self.raised_at,
        )


def digest_of(organisation_id: UUID, kind: records.Kind, number: str) -> str:
    """What is kept in place of a document's number: without SECRET_KEY it says nothing.

    What is kept under a former SECRET_KEY is brought to the present one, while that is known.
    """
    digest = _digest(kind, number, settings.SECRET_KEY)
    former = [_digest(kind, number, key) for key in settings.SECRET_KEY_FALLBACKS]
    if former:
        for table in (ProvenDocument, DocumentTry, FraudSignal):
            kept = table.objects.filter(organisation_id=organisation_id, document__in=former)
            kept.update(document=digest)
    return digest


def _digest(kind: records.Kind, number: str, key: str | bytes) -> str:
    given = f"{kind}:{plain(number)}"
    return salted_hmac(PURPOSE, given, secret=key, algorithm="sha256").hexdigest()
