"""Giving money back, and following up what was to be given back."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.dials import Dials
from townhall.capabilities.pay.errors import (
    ChangedMeanwhile,
    NoSuchNotice,
    NoSuchRefund,
    NotInThatState,
    NotPaid,
    SamePerson,
)
from townhall.capabilities.pay.operations.ledger import enter_accepted
from townhall.capabilities.pay.operations.notices import record_notice
from townhall.capabilities.pay.providers import named
from townhall.capabilities.pay.records import EntryKind
from townhall.machinery.actors import Actor
from townhall.machinery.dial_values import dials_of
from townhall.machinery.errors import Invalid, Unavailable
from townhall.machinery.money import Money
from townhall.machinery.operations import operation
from townhall.machinery.organisations import every_organisation
from townhall.machinery.tasks import every, task

ASK_AGAIN_AFTER = timedelta(hours=1)


@operation(permissions.REFUND, told=gettext_lazy("Gave you a refund"))
def refund_payment(
    actor: Actor,
    payment_id: UUID,
    *,
    amount: Money,
    reason: str,
    available: Money | None = None,
) -> records.Refund:
    """Give back all or part of what was paid; a task takes it to the processor.

    The sum is set aside at once, under the payment's lock, so however many ask together, no more
    is given back than was paid. `available` is what the asker thinks is left. Raises NotPaid,
    RefundTooLarge, ChangedMeanwhile, or Invalid.
    """
    payment = models.Payment.locked(actor, payment_id)
    _check(payment, amount, reason, available)
    refund = _set_aside(actor, payment, amount, reason, records.RefundState.REQUESTED)
    _take(refund)
    return refund.record()


@operation(permissions.GIVE_BACK, narrowed=True, told=gettext_lazy("Proposed or gave you a refund"))
def refund_by_staff(
    actor: Actor, payment_id: UUID, *, amount: Money, reason: str, available: Money | None = None
) -> records.Refund:
    """The same by a person. Above the organisation's limit it waits for a second one."""
    payment = models.Payment.locked(actor, payment_id)
    _check(payment, amount, reason, available)
    limit = dials_of(actor.organisation_id, "pay", Dials).refund_alone_up_to
    needs_second = payment.needs_second(amount, limit=limit, person_id=actor.person_id)
    state = records.RefundState.PROPOSED if needs_second else records.RefundState.REQUESTED
    refund = _set_aside(actor, payment, amount, reason, state)
    if not needs_second:
        _take(refund)
    return refund.record()


@operation(permissions.APPROVE, narrowed=True, told=gettext_lazy("Approved your refund"))
def approve_refund(actor: Actor, refund_id: UUID) -> records.Refund:
    """The second person's yes. Raises SamePerson or NotInThatState; twice is harmless."""
    refund = _proposed(actor, refund_id)
    if refund.state == records.RefundState.PROPOSED:
        _require_undisputed(refund.payment)
        refund.state, refund.approved_by = records.RefundState.REQUESTED, actor.person_id
        refund.save(update_fields=["state", "approved_by"])
        _take(refund)
    elif refund.state == records.RefundState.REJECTED:
        raise NotInThatState(_("Someone has said no to this refund already."))
    return refund.record()


@operation(permissions.APPROVE, narrowed=True, told=gettext_lazy("Said no to your refund"))
def reject_refund(actor: Actor, refund_id: UUID) -> records.Refund:
    """The second person's no: the sum can be refunded again. Raises as `approve_refund`."""
    refund = _proposed(actor, refund_id)
    if refund.state == records.RefundState.PROPOSED:
        refund.state, refund.approved_by = records.RefundState.REJECTED, actor.person_id
        refund.settled_at = timezone.now()
        refund.save(update_fields=["state", "approved_by", "settled_at"])
        refund.free()
    elif refund.state != records.RefundState.REJECTED:
        raise NotInThatState(_("Someone has approved this refund already."))
    return refund.record()


@operation(permissions.REFUND, told=gettext_lazy("Gave back money that came unexpectedly"))
def return_unexpected(actor: Actor, notice_id: UUID, *, reason: str) -> records.Refund:
    """Give back what a notice brought and no payment waited for; twice gives it back once.

    Raises NotPaid if it brought nothing, or NotInThatState if staff have kept it.
    """
    notice = _money_of(actor, notice_id)
    if models.Entry.objects.filter(kind=EntryKind.ACCEPTED, about=notice.id).exists():
        raise NotInThatState(_("That money has been kept already."))
    refund, is_new = models.Refund.objects.get_or_create(
        notice=notice,
        defaults={
            "organisation_id": actor.organisation_id,
            "amount_minor": notice.amount_minor,
            "reason": reason[:200],
        },
    )
    if is_new:
        _take(refund)
    return refund.record()


@operation(permissions.REFUND, told=gettext_lazy("Kept money that came unexpectedly"))
def keep_unexpected(actor: Actor, notice_id: UUID, *, service: str, reason: str) -> records.Notice:
    """Book what a notice brought as takings of a service; twice books it once.

    Raises NotPaid if it brought nothing, or NotInThatState if it goes back.
    """
    notice = _money_of(actor, notice_id)
    returns = models.Refund.visible_to(actor).filter(notice=notice)
    if returns.exclude(state=records.RefundState.FAILED).exists():
        raise NotInThatState(_("That money is being given back."))
    if not models.Entry.objects.filter(kind=EntryKind.ACCEPTED, about=notice.id).exists():
        enter_accepted(notice, service=service, note=reason)
    return notice.record()


def _money_of(actor: Actor, notice_id: UUID) -> models.Notice:
    locked = models.Notice.visible_to(actor).select_for_update(of=("self",))
    notice = locked.filter(id=notice_id).first()
    if notice is None:
        raise NoSuchNotice(_("There is no such notice."))
    if not notice.brought_money:
        raise NotPaid(_("No money came with this notice."))
    return notice


def _proposed(actor: Actor, refund_id: UUID) -> models.Refund:
    locked = models.Refund.visible_to(actor).select_for_update(of=("self",))
    refund = locked.filter(id=refund_id, payment__isnull=False).first()
    if refund is None:
        raise NoSuchRefund(_("There is no such refund."))
    if refund.state == records.RefundState.PROPOSED and refund.asked_by == actor.person_id:
        raise SamePerson(_("You proposed this refund, so someone else must approve it."))
    return refund


def _check(payment: models.Payment, amount: Money, reason: str, available: Money | None) -> None:
    if amount.minor <= 0 or amount.currency != payment.currency or len(reason) > 200:
        raise Invalid(_("Enter an amount of the payment's own currency, and a short reason."))
    if payment.mode == records.Mode.EXTERNAL:
        raise NotPaid(_("This payment was taken elsewhere, so it is refunded there."))
    if available is not None and available != payment.available:
        raise ChangedMeanwhile(_("Less or more is left of this payment than you thought."))
    _require_undisputed(payment)


def _require_undisputed(payment: models.Payment | None) -> None:
    assert payment is not None  # of unexpected money nobody proposes a refund
    disputed = payment.disputes.exclude(state=records.DisputeState.WON)
    if disputed.exists():
        raise NotInThatState(_("The payer has challenged this payment at their bank."))


def _set_aside(
    actor: Actor, payment: models.Payment, amount: Money, reason: str, state: records.RefundState
) -> models.Refund:
    payment.set_aside(amount)
    return models.Refund.objects.create(
        organisation_id=actor.organisation_id,
        payment=payment,
        amount_minor=amount.minor,
        reason=reason,
        state=state,
        asked_by=actor.person_id,
    )


def _take(refund: models.Refund) -> None:
    take_refund.later(refund_id=refund.id, organisation_id=refund.organisation_id)


@task
def take_refund(refund_id: UUID, organisation_id: UUID) -> None:
    """Ask the processor for a refund, in no transaction, and record its answer.

    The processor knows the refund by our id, so if we die between its answer and our record,
    asking again gives the same answer and moves no more money.
    """
    actor = Actor("capability:pay", frozenset({permissions.RECORD}), organisation_id)
    waiting = models.Refund.visible_to(actor).filter(state=records.RefundState.REQUESTED)
    refund = waiting.select_related("payment", "notice").filter(id=refund_id).first()
    if refund is None:
        return
    of = refund.of
    chosen = named(of.processor)
    if chosen is None:
        raise Unavailable("That payment processor is not installed any more.")
    outcome = chosen.refund(refund.id, of.processor_reference, refund.amount)
    said = records.ProcessorNotice(id=f"answer/{refund.id}/{outcome.state}", about=outcome)
    record_notice(actor, processor=of.processor, notice=said, body="")


@every("*/15 * * * *")
def follow_up_refunds() -> None:
    """Ask again about every refund that has had no answer for an hour."""
    now = timezone.now()
    for organisation in every_organisation():
        system = Actor("capability:pay", frozenset({permissions.RECORD}), organisation.id)
        _ask_again(system, asked_before=now - ASK_AGAIN_AFTER)


def _ask_again(actor: Actor, *, asked_before: datetime) -> None:
    waiting = models.Refund.visible_to(actor).filter(
        state=records.RefundState.REQUESTED, queued_at__lt=asked_before
    )
    with transaction.atomic():
        found = list(waiting.select_for_update(skip_locked=True).values_list("id", flat=True))
        models.Refund.visible_to(actor).filter(id__in=found).update(queued_at=timezone.now())
        for refund_id in found:
            take_refund.later(refund_id=refund_id, organisation_id=actor.organisation_id)
