"""What the payments of a town of the access walk have come to."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from tests.marks import Town
from townhall.capabilities.pay import models, operations, permissions, queries, records
from townhall.machinery.actors import Actor
from townhall.machinery.money import Money


def make_money(town: Town) -> None:
    """A payment paid, challenged, and to be refunded by two; one nobody has paid; an agreement."""
    paid, disputed, unpaid = (_start(town, f"{town.mark}-pay-{number}") for number in range(3))
    for payment in (paid, disputed):
        _pay(town, payment.id)
    clerk = town.actor("caseworker", permissions.GIVE_BACK, permissions.MANAGE)
    refund = operations.refund_by_staff(
        clerk, paid.id, amount=Money(15_000), reason=f"{town.mark} reason"
    )
    till = operations.add_till(clerk, name=f"{town.mark} till", is_live=True)
    operations.make_key(clerk, till.id, name=f"{town.mark} kiosk")
    _make_webhook(town, clerk, till.id, about=paid.id)
    owner_id = town.people["owner"]
    agreement = models.Agreement.objects.create(
        organisation_id=town.organisation.id,
        till_id=till.id,
        person_id=owner_id,
        reference=f"{town.mark}-agreement",
        description="Every month",
        state=records.AgreementState.ACTIVE,
        active_since=timezone.now(),
    )
    own = {"organisation_id": town.organisation.id}
    account = models.Account.objects.get(**own, purpose=records.Purpose.PROCESSOR)
    town.things |= {
        "paid_payment": str(paid.id),
        "open_payment": str(unpaid.id),
        "proposed_refund": str(refund.id),
        "agreement": str(agreement.id),
        "dispute": str(_challenge(town, disputed.id)),
        "own_till": str(till.id),
        "till_key": str(models.ApiKey.objects.get(till_id=till.id).id),
        "account": str(account.pk),
        "entry": str(models.Entry.objects.get(kind="payment", about=paid.id).id),
        "pay_reference": paid.reference,
    }
    names = (paid.reference, disputed.reference, unpaid.reference, agreement.reference)
    town.marks |= dict.fromkeys((*names, f"{town.mark} reason"), owner_id)
    town.marks |= dict.fromkeys((f"{town.mark} till", f"{town.mark} kiosk"))


def _make_webhook(town: Town, staff: Actor, till_id: UUID, *, about: UUID) -> None:
    """One that did not take what it was told, and whose secret is not for others."""
    webhook, secret = operations.add_webhook(
        staff,
        till_id,
        url="https://program.example/told",
        description=f"{town.mark} webhook",
        events=[*records.WebhookEvent],
    )
    message = models.WebhookMessage.objects.create(
        webhook_id=webhook.id,
        event=records.WebhookEvent.CAPTURED,
        about=about,
        body="{}",
        attempts=6,
        last_answer="500",
        given_up_at=timezone.now(),
    )
    town.things |= {"webhook": str(webhook.id), "webhook_message": str(message.id)}
    town.marks |= dict.fromkeys((f"{town.mark} webhook", secret))


def _start(town: Town, reference: str) -> records.Payment:
    return operations.start_payment(
        town.actor("test", permissions.START),
        service="parking",
        subject_id=uuid4(),
        person_id=town.people["owner"],
        amount=Money(20_000),
        reference=reference,
        description="A permit",
        expires_at=timezone.now() + timedelta(hours=1),
    )


def _pay(town: Town, payment_id: UUID) -> None:
    operations.pay_in_sandbox(
        town.actor("test", permissions.USE_SANDBOX), payment_id, result=records.CardResult.PAYS
    )


def _challenge(town: Town, payment_id: UUID) -> UUID:
    payment = models.Payment.objects.get(id=payment_id)
    about = records.DisputeNotice(
        reference=f"{payment.reference}-dispute",
        payment_reference=payment.processor_reference,
        state=records.DisputeState.NEEDS_RESPONSE,
        amount=payment.amount,
        fee=Money(1500),
        reason="fraudulent",
        answer_by=timezone.localdate(),
    )
    notice = records.ProcessorNotice(id=f"{payment.reference}-notice", about=about)
    operations.record_notice(
        town.actor("test", permissions.RECORD), processor="sandbox", notice=notice, body="{}"
    )
    return models.Dispute.objects.get(payment_id=payment_id).id


def make_link(town: Town) -> None:
    """Where anyone may pay; what it says is for everybody."""
    staff = town.actor("test", permissions.MANAGE)
    till = operations.add_till(staff, name="Finance", is_live=False)
    about = {"title": "Invoices", "details": "", "reference_label": "Number", "language": "en"}
    link = operations.add_link(staff, till.id, amount=None, **about)
    town.things |= {"till": str(till.id), "link": str(link.id), "link_slug": link.slug}


def pay_out_something_else(town: Town) -> None:
    """The processor pays out for what nobody here knows."""
    line = records.SettlementLine(
        id=f"{town.mark}-line",
        payout=f"{town.mark}-payout",
        paid_out_on=timezone.localdate(),
        kind="payment",
        reference=f"{town.mark}-unknown",
        amount=Money(1000),
        fee=Money(15),
    )
    operations.record_settlement(
        town.actor("test", permissions.RECORD), processor="sandbox", lines=[line]
    )
    finance = town.actor("test", permissions.ACCOUNT)
    town.things["line"] = str(queries.list_unmatched_lines(finance).rows[0].id)
    town.things["payout"] = str(queries.list_settlements(finance).rows[0].id)
