"""Believing a processor: each authentic word is kept, in one transaction with its effect."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.errors import NoSuchProcessor, NoticeTooLong
from townhall.capabilities.pay.events import MoneyUnexpected, NoticeUnfit
from townhall.capabilities.pay.operations.disputes import record_dispute
from townhall.capabilities.pay.operations.ledger import enter_refund, enter_unexpected
from townhall.capabilities.pay.operations.settling import Ask, absorb, come_into
from townhall.capabilities.pay.operations.telling import tell_of_refund
from townhall.capabilities.pay.providers import installed, named
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Unavailable
from townhall.machinery.events import emit
from townhall.machinery.operations import errand, operation
from townhall.machinery.tasks import task

LONGEST_NOTICE = 64 * 1024  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """A notice, with how it came."""

    actor: Actor
    processor: str
    notice: records.ProcessorNotice
    body: str
    at: datetime


@errand(permissions.RECORD)
def take_notice(
    actor: Actor, *, processor: str, body: bytes, headers: Mapping[str, str]
) -> records.Notice | None:
    """Check that a notice is the processor's, and record it; None if it is of no matter.

    It belongs to the organisation whose payment it names, or else to the actor's: a processor
    may reach a whole installation at one address. Raises ForgedNotice, StaleNotice,
    UnreadableNotice or NoticeTooLong. Whoever sent it may send it again until we have answered:
    we answer once it is committed, and a repeated one changes nothing.
    """
    if len(body) > LONGEST_NOTICE:
        raise NoticeTooLong(_("A notice must be shorter than 64 KB."))
    sender = named(processor)
    if sender is None:
        raise NoSuchProcessor(_("No payment processor of that name is installed here."))
    notice = sender.read_notice(body, headers)
    if notice is None:
        return None
    organisation_id = _organisation_of(notice.about) or actor.organisation_id
    whose = Actor(actor.name, actor.may, organisation_id)
    words = body.decode(errors="replace").replace("\x00", "")
    return record_notice(whose, processor=processor, notice=notice, body=words)


@operation(permissions.RECORD, told=gettext_lazy("Heard of your payment from the processor"))
def record_notice(
    actor: Actor, *, processor: str, notice: records.ProcessorNotice, body: str
) -> records.Notice:
    """Keep a processor's word together with what it changes.

    A word that contradicts what we know changes no payment, is kept as unfit and is told to
    whoever must look; money that it brings goes into the ledger as nobody's. The second time the
    same word changes nothing at all.
    """
    heard = _Heard(actor=actor, processor=processor, notice=notice, body=body, at=timezone.now())
    if isinstance(notice.about, records.Outcome):
        return _record_outcome(heard, notice.about)
    if isinstance(notice.about, records.RefundOutcome):
        return _record_refund(heard, notice.about)
    return _record_dispute(heard, notice.about)


def _record_outcome(heard: _Heard, outcome: records.Outcome) -> records.Notice:
    payment = models.Payment.lock_meant(heard.actor, outcome)
    misfit = payment.misfit(outcome) if payment else records.Misfit.UNKNOWN_REFERENCE
    row = _row(heard, payment=payment, misfit=misfit)
    if misfit and outcome.paid:
        _one_at_a_time(heard.processor, outcome.reference)
        row.brought_money = row.is_first_of_its_money()
    if misfit and outcome.paid and not row.brought_money:  # told of the same money before
        row.state, row.cause = records.NoticeState.FITTED, ""
    taken = row.store(heard.actor)
    if taken.id != row.id:
        return taken.record()
    if misfit:
        _take_unfit(taken, outcome)
    elif payment:
        queue(payment, absorb(payment, outcome, heard.processor, at=heard.at), outcome.reference)
    return taken.record()


def _take_unfit(notice: models.Notice, outcome: records.Outcome) -> None:
    if outcome.word == records.Word.AUTHORISED:  # not taken yet, and not to be
        let_go.later(
            processor=notice.processor,
            reference=outcome.reference,
            organisation_id=notice.organisation_id,
        )
    if notice.brought_money:
        enter_unexpected(notice)
        emit(
            MoneyUnexpected(
                organisation_id=notice.organisation_id,
                notice_id=notice.id,
                cause=records.Misfit(notice.cause),
                payment_id=notice.payment_id,
                amount_minor=notice.amount_minor,
                currency=notice.currency,
            )
        )
    elif notice.cause:
        _tell_unfit(notice)


def _record_refund(heard: _Heard, outcome: records.RefundOutcome) -> records.Notice:
    refund = models.Refund.lock_meant(heard.actor, outcome)
    misfit = refund.misfit(outcome) if refund else records.Misfit.UNKNOWN_REFUND
    payment = refund.payment if refund else None
    row = _row(heard, payment=payment, misfit=misfit)
    taken = row.store(heard.actor)
    if taken.id == row.id and misfit:
        _tell_unfit(taken)
    elif taken.id == row.id and refund and refund.settle(outcome, at=heard.at):
        if refund.state == records.RefundState.SUCCEEDED:
            enter_refund(refund)
        emit(refund.fact(outcome))
        tell_of_refund(refund)
    return taken.record()


def _record_dispute(heard: _Heard, about: records.DisputeNotice) -> records.Notice:
    payment = models.Payment.lock_by_checkout(heard.actor, heard.processor, about.payment_reference)
    misfit = None if payment else records.Misfit.UNKNOWN_REFERENCE
    row = _row(heard, payment=payment, misfit=misfit)
    taken = row.store(heard.actor)
    if taken.id == row.id and payment:
        record_dispute(payment, about, at=heard.at)
    elif taken.id == row.id:
        _tell_unfit(taken)
    return taken.record()


def _organisation_of(
    about: records.Outcome | records.RefundOutcome | records.DisputeNotice,
) -> UUID | None:
    if isinstance(about, records.Outcome):
        return models.Payment.organisation_of(about)
    if isinstance(about, records.RefundOutcome):
        return models.Refund.organisation_of(about)
    return models.Payment.organisation_of_checkout(about.payment_reference)


def _row(
    heard: _Heard, *, payment: models.Payment | None, misfit: records.Misfit | None
) -> models.Notice:
    about, processor = heard.notice.about, heard.processor
    said = about.word if isinstance(about, records.Outcome) else about.state
    is_live = payment.is_live if payment else any(each.slug == processor for each in installed())
    return models.Notice(
        organisation_id=heard.actor.organisation_id,
        processor=processor,
        provider_id=heard.notice.id,
        payment=payment,
        processor_reference=about.reference,
        said=said.value,
        is_refund=isinstance(about, records.RefundOutcome),
        amount_minor=about.amount.minor,
        currency=about.amount.currency,
        body=heard.body,
        state=records.NoticeState.UNFIT if misfit else records.NoticeState.FITTED,
        cause=misfit.value if misfit else "",
        is_live=is_live,
        received_at=heard.at,
    )


def _one_at_a_time(processor: str, reference: str) -> None:
    """Words about one checkout wait for one another, though we may know no payment to lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{processor}/{reference}"]
        )


def _tell_unfit(notice: models.Notice) -> None:
    emit(
        NoticeUnfit(
            organisation_id=notice.organisation_id,
            notice_id=notice.id,
            cause=records.Misfit(notice.cause),
            payment_id=notice.payment_id,
        )
    )


def move_on(payment: models.Payment, after: records.State, *, at: datetime) -> None:
    """Move a locked payment, and queue what has to be asked for that. Raises NotInThatState."""
    queue(payment, come_into(payment, after, at=at), payment.processor_reference)


def queue(payment: models.Payment, ask: Ask | None, reference: str) -> None:
    of = payment.organisation_id
    if ask == Ask.CAPTURE:
        finish_capture.later(payment_id=payment.id, organisation_id=of)
    elif ask == Ask.LET_GO:
        let_go.later(processor=payment.processor, reference=reference, organisation_id=of)


@task
def let_go(processor: str, reference: str, organisation_id: UUID) -> None:
    """Have a processor keep nothing for a payment that is over, and take nothing for it later.

    If it has taken the money after all, that is unexpected, and recorded so.
    """
    chosen = named(processor)
    if chosen is not None:
        hear(organisation_id, processor, chosen.cancel(reference), asked="let-go")


@task
def finish_capture(payment_id: UUID, organisation_id: UUID) -> None:
    """Take what was confirmed, if whoever confirmed it has not got the answer already."""
    take_what_is_kept(organisation_id, payment_id)


def take_what_is_kept(organisation_id: UUID, payment_id: UUID) -> None:
    """Ask for the money of a payment that is being captured; nothing for any other."""
    capturing = models.Payment.visible_to(system(organisation_id)).filter(
        id=payment_id, state=records.State.CAPTURING
    )
    payment = capturing.first()
    chosen = named(payment.processor) if payment else None
    if payment is None or chosen is None:
        return
    said = chosen.capture(payment.processor_reference, payment.amount)
    hear(organisation_id, payment.processor, said, asked="capture")


def look_up(payment: models.Payment) -> None:
    """Ask what became of a payment, and record it. Raises Unavailable."""
    chosen = named(payment.processor)
    if chosen is None and payment.processor:
        raise Unavailable("That payment processor is not installed any more.")
    if chosen is None or not payment.processor_reference:
        return
    said = chosen.look_up(payment.processor_reference)
    if said is not None:
        hear(payment.organisation_id, payment.processor, said, asked="look-up")


def hear(organisation_id: UUID, processor: str, said: records.Outcome, *, asked: str) -> None:
    """Record what a processor answered, as if it had sent a notice of it."""
    answer = records.ProcessorNotice(id=f"{asked}/{said.reference}/{said.word}", about=said)
    whose = system(organisation_id)
    record_notice(whose, processor=processor, notice=answer, body="")


def system(organisation_id: UUID) -> Actor:
    return Actor("capability:pay", frozenset({permissions.RECORD}), organisation_id)
