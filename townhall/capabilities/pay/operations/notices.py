"""Believing a processor: each authentic word is kept, in one transaction with its effect."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.errors import NoticeTooLong
from townhall.capabilities.pay.events import NoticeUnfit
from townhall.capabilities.pay.providers import processor
from townhall.machinery.actors import Actor
from townhall.machinery.events import emit
from townhall.machinery.operations import errand, operation

LONGEST_NOTICE = 64 * 1024  # bytes


@errand(permissions.RECORD)
def take_notice(actor: Actor, *, body: bytes, headers: Mapping[str, str]) -> records.Notice:
    """Check that a notice is the processor's, and record it.

    It belongs to the organisation whose payment it names, or else to the actor's: a processor
    may reach a whole installation at one address. Raises ForgedNotice, StaleNotice,
    UnreadableNotice or NoticeTooLong. Whoever sent it may send it again until we have answered:
    we answer once it is committed, and a repeated one changes nothing.
    """
    if len(body) > LONGEST_NOTICE:
        raise NoticeTooLong(_("A notice must be shorter than 64 KB."))
    notice = processor().read_notice(body, headers)
    organisation_id = _organisation_of(notice.about) or actor.organisation_id
    whose = Actor(actor.name, actor.may, organisation_id)
    return record_notice(whose, notice=notice, body=body.decode(errors="replace"))


@operation(permissions.RECORD, told=gettext_lazy("Heard of your payment from the processor"))
def record_notice(actor: Actor, *, notice: records.ProcessorNotice, body: str) -> records.Notice:
    """Keep a processor's word together with what it changes.

    A word that contradicts what we know changes nothing, is kept as unfit and is told to whoever
    must look. The second time the same word changes nothing at all.
    """
    now = timezone.now()
    if isinstance(notice.about, records.Outcome):
        return _record_outcome(actor, notice, notice.about, body, now)
    return _record_refund(actor, notice, notice.about, body, now)


def _record_outcome(
    actor: Actor,
    notice: records.ProcessorNotice,
    outcome: records.Outcome,
    body: str,
    now: datetime,
) -> records.Notice:
    payment = models.Payment.lock_meant(actor, outcome)
    misfit = payment.misfit(outcome) if payment else records.Misfit.UNKNOWN_REFERENCE
    row = _row(actor, notice, body, payment=payment, misfit=misfit, now=now)
    taken = row.store(actor)
    if taken.id == row.id and misfit:
        _tell_unfit(taken)
    elif taken.id == row.id and payment and payment.settle(outcome, at=now):
        emit(payment.fact())
    return taken.record()


def _record_refund(
    actor: Actor,
    notice: records.ProcessorNotice,
    outcome: records.RefundOutcome,
    body: str,
    now: datetime,
) -> records.Notice:
    refund = models.Refund.lock_meant(actor, outcome)
    misfit = refund.misfit(outcome) if refund else records.Misfit.UNKNOWN_REFUND
    payment = refund.payment if refund else None
    row = _row(actor, notice, body, payment=payment, misfit=misfit, now=now)
    taken = row.store(actor)
    if taken.id == row.id and misfit:
        _tell_unfit(taken)
    elif taken.id == row.id and refund and refund.settle(outcome, at=now):
        emit(refund.fact(outcome))
    return taken.record()


def _organisation_of(about: records.Outcome | records.RefundOutcome) -> UUID | None:
    if isinstance(about, records.Outcome):
        return models.Payment.organisation_of(about)
    return models.Refund.organisation_of(about)


def _row(
    actor: Actor,
    notice: records.ProcessorNotice,
    body: str,
    *,
    payment: models.Payment | None,
    misfit: records.Misfit | None,
    now: datetime,
) -> models.Notice:
    state = records.NoticeState.UNFIT if misfit else records.NoticeState.FITTED
    return models.Notice(
        organisation_id=actor.organisation_id,
        provider_id=notice.id,
        payment=payment,
        processor_reference=notice.about.reference,
        said=notice.about.state.value,
        is_refund=isinstance(notice.about, records.RefundOutcome),
        amount_minor=notice.about.amount.minor,
        currency=notice.about.amount.currency,
        body=body,
        state=state.value,
        cause=misfit.value if misfit else "",
        received_at=now,
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
