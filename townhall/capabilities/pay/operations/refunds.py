"""Giving money back, and following up what was to be given back."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.errors import NoSuchPayment
from townhall.capabilities.pay.operations.notices import record_notice
from townhall.capabilities.pay.providers import processor
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid
from townhall.machinery.money import Money
from townhall.machinery.operations import operation
from townhall.machinery.organisations import every_organisation
from townhall.machinery.tasks import every, task

ASK_AGAIN_AFTER = timedelta(hours=1)


@operation(permissions.REFUND, told=gettext_lazy("Gave you a refund"))
def refund_payment(actor: Actor, payment_id: UUID, *, amount: Money, reason: str) -> records.Refund:
    """Give back all or part of what was paid; a task takes it to the processor.

    The sum is set aside at once, under the payment's lock, so however many ask together, no more
    is given back than was paid. Raises NotPaid, RefundTooLarge, or Invalid.
    """
    payment = models.Payment.visible_to(actor).select_for_update().filter(id=payment_id).first()
    if payment is None:
        raise NoSuchPayment(_("There is no such payment."))
    if amount.minor <= 0 or amount.currency != payment.currency or len(reason) > 200:
        raise Invalid(_("Enter an amount of the payment's own currency, and a short reason."))
    payment.set_aside(amount)
    refund = models.Refund.objects.create(
        organisation_id=actor.organisation_id,
        payment=payment,
        amount_minor=amount.minor,
        reason=reason,
    )
    take_refund.later(refund_id=refund.id, organisation_id=actor.organisation_id)
    return refund.record()


@task
def take_refund(refund_id: UUID, organisation_id: UUID) -> None:
    """Ask the processor for a refund, in no transaction, and record its answer.

    The processor knows the refund by our id, so if we die between its answer and our record,
    asking again gives the same answer and moves no more money.
    """
    actor = Actor("capability:pay", frozenset({permissions.RECORD}), organisation_id)
    waiting = models.Refund.visible_to(actor).filter(state=records.RefundState.REQUESTED)
    refund = waiting.select_related("payment").filter(id=refund_id).first()
    if refund is None:
        return
    outcome = processor().refund(refund.id, refund.payment.processor_reference, refund.amount)
    said = records.ProcessorNotice(id=f"answer/{refund.id}/{outcome.state}", about=outcome)
    record_notice(actor, notice=said, body="")


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
