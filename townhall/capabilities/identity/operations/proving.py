"""What someone does to prove who they are, up to sending it off."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, records
from townhall.capabilities.identity.errors import (
    BadEvidence,
    NoSuchAttempt,
    TooManyAttempts,
    WrongMoment,
)
from townhall.capabilities.identity.providers import evidence as providers
from townhall.capabilities.identity.records import Check, Kind, Level, ProvingState, SignalKind
from townhall.capabilities.identity.rules.limits import (
    MOST_A_DAY,
    MOST_A_DOCUMENT,
    MOST_BYTES,
    SEVERAL,
    is_local,
)
from townhall.machinery import files
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotAllowed
from townhall.machinery.operations import operation

Change = Callable[[records.Typed], records.Typed]
PHOTO_TYPES = frozenset({"image/jpeg", "image/png"})


@operation(permissions.PROVE_SELF, told=gettext_lazy("You began to prove who you are"))
def begin_proving(actor: Actor, *, wanted: Level, next_url: str) -> records.Attempt:
    """Begin an attempt, or go on with the one that is not finished; what was typed stays.

    `next_url` is a path of this site, where the person goes afterwards. Raises BadEvidence.
    """
    _require_person(actor)
    if wanted is Level.P0:
        raise BadEvidence(_("Nothing has to be proved for that."))
    if next_url and not is_local(next_url):
        raise BadEvidence(_("The address to go on to must be one of this site."))
    _add_if_none(actor, wanted)
    attempt = _mine(actor)
    attempt.wanted, attempt.next_url = wanted, next_url
    attempt.save(update_fields=["wanted", "next_url"])
    return attempt.record()


@operation(permissions.PROVE_SELF, told=gettext_lazy("You told who you are"))
def note_given(actor: Actor, *, change: Change) -> records.Attempt:
    """Change what the person has typed so far. Raises WrongMoment once it is sent.

    What they had is read here, with the row locked: two pages at once do not undo each other.
    """
    attempt = _mine(actor, ProvingState.OPEN)
    given = change(attempt.typed)
    if not set(given.kinds) <= set(providers.offered().kinds):
        raise BadEvidence(_("Choose from the evidence given"))
    kept = {kind: photo for kind, photo in given.photos.items() if kind in given.kinds}
    for dropped in set(attempt.typed.photos.values()) - set(kept.values()) - {None}:
        _forget(attempt, [dropped])
    attempt.hide(replace(given, photos=kept))
    attempt.save(update_fields=["hidden"])
    return attempt.record()


@operation(permissions.PROVE_SELF, told=gettext_lazy("You gave a picture of a document"))
def keep_photo(actor: Actor, kind: Kind, *, content: bytes, name: str) -> records.Attempt:
    """Keep a picture until the document is checked. Raises what files.keep does."""
    attempt = _mine(actor, ProvingState.OPEN)
    typed = attempt.typed
    if kind not in typed.kinds:
        raise WrongMoment(_("Choose this evidence first."))
    _forget(attempt, [typed.photos.get(kind)])
    photo = files.keep(actor, content, name=name, types=PHOTO_TYPES, most_bytes=MOST_BYTES)
    attempt.hide(replace(typed, photos={**typed.photos, kind: photo}))
    attempt.save(update_fields=["hidden"])
    return attempt.record()


@operation(permissions.PROVE_SELF, told=gettext_lazy("You sent evidence of who you are"))
def send_evidence(actor: Actor) -> records.Attempt:
    """Have what was given checked: `check_my_evidence` goes on from here.

    Sent twice, nothing more happens. Raises BadEvidence if something is missing, and
    TooManyAttempts.
    """
    attempt = _mine(actor)
    if attempt.state == ProvingState.CHECKING:
        return attempt.record()
    _require(attempt, ProvingState.OPEN)
    typed = attempt.typed
    if typed.claim is None or not typed.addresses or not set(typed.kinds) <= typed.documents.keys():
        raise BadEvidence(_("Some answers are missing. Answer every question first."))
    _require_few_today(actor)
    documents = [(kind, typed.documents[kind]) for kind in sorted(typed.kinds)]
    checks = [_try_document(actor, attempt, kind, of) for kind, of in documents]
    models.ProvingCheck.objects.bulk_create([*checks, *background_checks(attempt)])
    attempt.state, attempt.sent_at = ProvingState.CHECKING, timezone.now()
    attempt.save(update_fields=["state", "sent_at"])
    return attempt.record()


def background_checks(attempt: models.ProvingAttempt) -> list[models.ProvingCheck]:
    """Of the identity itself, as far as somebody here carries them out."""
    offered = providers.offered().checks & {Check.ACTIVITY, Check.FRAUD}
    return [models.ProvingCheck(attempt=attempt, looks_into=each) for each in sorted(offered)]


@operation(permissions.PROVE_SELF, told=gettext_lazy("You answered a question about you"))
def answer_question(actor: Actor, *, question: str, answer: str) -> records.Attempt:
    """Keep an answer; after the last, `check_my_evidence` goes on. Raises WrongMoment."""
    attempt = _mine(actor, ProvingState.QUESTIONS)
    asked = {each.id: each for each in attempt.record().questions}
    if question not in asked or answer not in dict(asked[question].choices):
        raise BadEvidence(_("Choose one of the answers"))
    typed = attempt.typed
    answers = {**typed.answers, question: answer}
    attempt.hide(replace(typed, answers=answers))
    if answers.keys() >= asked.keys():
        models.ProvingCheck.objects.create(attempt=attempt, looks_into=Check.QUESTIONS)
        attempt.state = ProvingState.CHECKING
    attempt.save(update_fields=["hidden", "state"])
    return attempt.record()


@operation(permissions.PROVE_SELF, told=gettext_lazy("You asked to prove who you are in person"))
def ask_for_counter(actor: Actor, *, wanted: Level, next_url: str) -> records.Attempt:
    """Get a reference to bring to the counter; asked again, the same one. Raises WrongMoment.

    Checks online that nobody has answered are given up.
    """
    if Check.COUNTER not in providers.offered().checks:
        raise WrongMoment(_("You cannot prove who you are in person here."))
    begin_proving(actor, wanted=wanted, next_url=next_url)
    attempt = _mine(actor)
    if not attempt.reference:
        _require(attempt, ProvingState.OPEN, ProvingState.CHECKING)
        attempt.checks.all().delete()
        attempt.state = ProvingState.COUNTER
        attempt.give_reference()
        attempt.save(update_fields=["state", "reference"])
    return attempt.record()


@operation(permissions.PROVE_SELF, told=gettext_lazy("You stopped proving who you are"))
def stop_proving(actor: Actor) -> records.Attempt:
    """Forget an attempt and all that was given for it. Raises NoSuchAttempt.

    One that was sent counts as a try, or stopping would be a way to try without end.
    """
    attempt = _mine(actor)
    stopped = attempt.record()
    forget_what_was_given(attempt)
    if attempt.sent_at is None:
        attempt.delete()
    else:
        attempt.checks.all().delete()
        attempt.state = ProvingState.FAILED
        attempt.ended_at = attempt.told_at = timezone.now()  # they know
        attempt.save()
    return stopped


def forget_attempts_of(person_id: UUID) -> None:
    """Before the person is deleted, and with them the rows: their pictures lie elsewhere."""
    for attempt in models.ProvingAttempt.objects.filter(person_id=person_id):
        forget_what_was_given(attempt)


def forget_what_was_given(attempt: models.ProvingAttempt) -> None:
    """What was typed and confirmed, and the pictures; the attempt has to be saved afterwards."""
    _forget(attempt, attempt.typed.photos.values())
    attempt.hidden = b""
    attempt.questions = []
    attempt.checks.update(confirmed=b"")


def _require_person(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise NotAllowed(_("Sign in to prove who you are."))
    if actor.delegate_id is not None:
        raise NotAllowed(_("Nobody can prove for someone else who they are."))
    return actor.person_id


def _add_if_none(actor: Actor, wanted: Level) -> None:
    """In one statement, so that of two who begin at once one finds the other's."""
    if not models.ProvingAttempt.unfinished(actor).exists():
        fresh = models.ProvingAttempt(
            organisation_id=actor.organisation_id,
            person_id=_require_person(actor),
            wanted=wanted,
        )
        models.ProvingAttempt.objects.bulk_create([fresh], ignore_conflicts=True)


def _mine(actor: Actor, *states: ProvingState) -> models.ProvingAttempt:
    """The unfinished attempt of the acting person, locked."""
    _require_person(actor)
    attempt = models.ProvingAttempt.unfinished(actor).select_for_update().first()
    if attempt is None:
        raise NoSuchAttempt(_("You are not proving who you are just now."))
    if states:
        _require(attempt, *states)
    return attempt


def _require(attempt: models.ProvingAttempt, *states: ProvingState) -> None:
    if attempt.state not in states:
        raise WrongMoment(_("This has gone on in the meantime. Go back to where you were."))


def _require_few_today(actor: Actor) -> None:
    """Counted for each person alone: nobody can use up what is another's."""
    since = timezone.now() - timedelta(days=1)
    online = models.ProvingAttempt.of_the_asker(actor).filter(checked_by_id=None)
    sent = online.filter(sent_at__gt=since).count()
    if sent >= MOST_A_DAY:
        raise TooManyAttempts(
            _("You have tried too many times today. Try again tomorrow, or prove it in person.")
        )


def _try_document(
    actor: Actor, attempt: models.ProvingAttempt, kind: Kind, of: records.Document
) -> models.ProvingCheck:
    """A check of it, if this person has not tried it too often.

    What others have tried never refuses anyone: they could keep its owner out. Staff hear of it.
    """
    digest = models.digest_of(actor.organisation_id, kind, of.number)
    take_turns_with(digest)  # or several at once would not see each other
    today = models.DocumentTry.of_today(actor, digest)
    if today.filter(person_id=attempt.person_id).count() >= MOST_A_DOCUMENT:
        raise TooManyAttempts(
            _("You have tried this document too many times today. Use another, or come tomorrow.")
        )
    models.DocumentTry.objects.create(
        organisation_id=actor.organisation_id, person_id=attempt.person_id, document=digest
    )
    if today.values("person_id").distinct().count() >= SEVERAL:
        raise_signal(attempt, SignalKind.TRIED_BY_SEVERAL, kind, digest)
    return models.ProvingCheck(
        attempt=attempt,
        looks_into=Check.DOCUMENT,
        kind=kind,
        document=digest,
        expires_on=of.expires_on,
    )


def take_turns_with(document: str) -> None:
    """Wait for whoever is at the same document, until the end of their transaction.

    Whoever takes several goes by the order of their kinds, or two could wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 45))", [document])


def raise_signal(
    attempt: models.ProvingAttempt,
    signal: SignalKind,
    kind: str,
    digest: str,
    *,
    other_id: UUID | None = None,
) -> None:
    """List something for staff to look at, once until they have."""
    raised = models.FraudSignal(
        organisation_id=attempt.organisation_id,
        person_id=attempt.person_id,
        other_id=other_id,
        kind=signal,
        document_kind=kind,
        document=digest,
    )
    models.FraudSignal.objects.bulk_create([raised], ignore_conflicts=True)


def _forget(attempt: models.ProvingAttempt, photos: Iterable[UUID | None]) -> None:
    system = Actor("capability:identity", frozenset(), attempt.organisation_id)
    for photo in filter(None, photos):
        files.forget_file(system, photo)
