"""What can be known of payments, refunds and notices."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.errors import (
    KeyRefused,
    NoSuchCheckout,
    NoSuchKey,
    NoSuchNotice,
    NoSuchPayment,
    NoSuchTill,
)
from townhall.capabilities.pay.providers import TakesCards, offered_for
from townhall.capabilities.pay.rules.keys import digest, is_ours
from townhall.machinery.actors import Actor
from townhall.machinery.operations import query
from townhall.machinery.paging import Page, page_of


@query(permissions.READ, told=gettext_lazy("Saw your payment"))
def get_payment(actor: Actor, payment_id: UUID) -> records.Payment:
    payment = models.Payment.visible_to(actor).filter(id=payment_id).first()
    if payment is None:
        raise NoSuchPayment(_("There is no such payment."))
    return payment.record()


@query(permissions.PAY, told=gettext_lazy("Opened your payment to pay it"))
def get_payment_of_payer(actor: Actor, payment_id: UUID) -> records.Payment:
    """For whoever came by its link. Raises NoSuchPayment."""
    payment = models.Payment.visible_to(actor).filter(id=payment_id).first()
    if payment is None:
        raise NoSuchPayment(_("There is no such payment."))
    return payment.record()


@query(permissions.PAY)
def offered_ways(actor: Actor, payment_id: UUID) -> list[records.Way]:
    """How this payment can be made, the preferred way first; one that was begun stays."""
    payment = models.Payment.visible_to(actor).filter(id=payment_id).first()
    if payment is None:
        raise NoSuchPayment(_("There is no such payment."))
    return [
        records.Way(processor=each.slug, takes_cards=isinstance(each, TakesCards))
        for each in offered_for(payment.record())
        if payment.processor in ("", each.slug)
    ]


@query(permissions.READ, told=gettext_lazy("Saw your payments"))
def list_payments(actor: Actor, *, subject_id: UUID) -> list[records.Payment]:
    """Every attempt to pay for one thing, oldest first."""
    payments = models.Payment.visible_to(actor).filter(subject_id=subject_id)
    return [payment.record() for payment in payments.order_by("started_at", "id")]


@query(permissions.READ, told=gettext_lazy("Saw your refunds"))
def list_refunds(actor: Actor, *, payment_id: UUID) -> list[records.Refund]:
    """Every refund of one payment, oldest first."""
    refunds = models.Refund.visible_to(actor).filter(payment_id=payment_id)
    in_order = refunds.select_related("payment", "notice").order_by("requested_at", "id")
    return [refund.record() for refund in in_order]


@query(permissions.READ, told=gettext_lazy("Saw your refunds"))
def list_refunds_of_notice(actor: Actor, notice_id: UUID) -> list[records.Refund]:
    """The refund of money that a notice brought, if it goes back."""
    refunds = models.Refund.visible_to(actor).filter(notice_id=notice_id)
    return [refund.record() for refund in refunds.select_related("payment", "notice")]


@query(permissions.READ, told=gettext_lazy("Saw a notice about your payment"))
def get_notice(actor: Actor, notice_id: UUID) -> records.Notice:
    notices = models.Notice.visible_to(actor).select_related("payment")
    notice = notices.filter(id=notice_id).first()
    if notice is None:
        raise NoSuchNotice(_("There is no such notice."))
    return notice.record()


@query(permissions.READ, told=gettext_lazy("Saw notices about your payments"))
def list_unfit_notices(actor: Actor, *, place: str | None = None) -> Page[records.Notice]:
    """Notices that did not fit what was known, oldest first."""
    unfit = models.Notice.visible_to(actor).filter(state=records.NoticeState.UNFIT)
    return page_of(
        unfit.select_related("payment"),
        models.Notice.record,
        order=("received_at", "id"),
        place=place,
    )


@query(permissions.USE_SANDBOX)
def get_sandbox_checkout(actor: Actor, reference: str) -> records.SandboxCheckout:
    checkout = models.SandboxCheckout.visible_to(actor).filter(reference=reference).first()
    if checkout is None:
        raise NoSuchCheckout(_("There is nothing to pay at this address."))
    return checkout.record()


@query(permissions.CHECK_KEYS)
def identify_program(actor: Actor, key: str) -> records.Program:
    """Whose a key is. Raises KeyRefused; a key that is none of ours costs no statement."""
    if not is_ours(key, models.checksum_secret()):
        raise KeyRefused(_("That is not an API key of ours."))
    known = models.ApiKey.visible_to(actor).select_related("till")
    found = known.filter(digest=digest(key), revoked_at=None).first()
    if found is None:
        raise KeyRefused(_("That API key was revoked."))
    return records.Program(key_id=found.id, used_on=found.last_used_on, till=found.till.record())


@query(permissions.MANAGE)
def list_tills(actor: Actor) -> list[records.Till]:
    return [till.record() for till in models.Till.visible_to(actor).order_by("name", "id")]


@query(permissions.MANAGE)
def get_till(actor: Actor, till_id: UUID) -> records.Till:
    till = models.Till.visible_to(actor).filter(id=till_id).first()
    if till is None:
        raise NoSuchTill(_("There is no such till."))
    return till.record()


@query(permissions.MANAGE)
def list_keys(actor: Actor, till_id: UUID) -> list[records.ApiKey]:
    """Those in use first."""
    keys = models.ApiKey.in_use_first(actor).filter(till_id=till_id)
    return [key.record() for key in keys]


@query(permissions.MANAGE)
def get_key(actor: Actor, key_id: UUID) -> records.ApiKey:
    key = models.ApiKey.visible_to(actor).filter(id=key_id).first()
    if key is None:
        raise NoSuchKey(_("There is no such key."))
    return key.record()
