"""Asking staff to look, doing what they decide, and sending receipts."""

from datetime import timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from townhall.capabilities.cases.operations import open_case
from townhall.capabilities.cases.records import Outcome
from townhall.capabilities.notify.operations import ensure_templates, send_email
from townhall.capabilities.pay.operations import keep_unexpected, return_unexpected
from townhall.capabilities.pay.queries import get_payment
from townhall.capabilities.pay.records import Payment
from townhall.machinery.actors import Actor
from townhall.machinery.dial_values import dials_of
from townhall.machinery.operations import operation
from townhall.machinery.organisations import Organisation, every_organisation, prepares
from townhall.machinery.pages.writing import write_moment, write_money
from townhall.machinery.wording import Wording
from townhall.services.payments.letters import RECEIPT
from townhall.services.payments.queries import get_unfit_notice
from townhall.services.payments.service import PAYMENTS, RUN, Dials

UNFIT = "unfit-notice"
UNEXPECTED = "unexpected-money"
DISPUTE = "dispute"
UNMATCHED = "unmatched-settlement"
TO_BE_DONE_WITHIN = timedelta(days=2)
EXPLAINED = Outcome(
    code="explained", label=Wording("Explained, nothing to do", "Eglurwyd, dim i'w wneud")
)
ANSWERED = Outcome(code="answered", label=Wording("Answered", "Atebwyd"))
LET_GO = Outcome(code="let-go", label=Wording("Let the money go", "Gadael i'r arian fynd"))
GIVE_BACK = Outcome(code="give-back", label=Wording("Give the money back", "Rhoi'r arian yn ôl"))
KEEP = Outcome(code="keep", label=Wording("The money is ours", "Ni sydd piau'r arian"))


@prepares
def prepare(organisation: Organisation) -> None:
    """The receipt's wording, for staff to rewrite."""
    ensure_templates(PAYMENTS.acting_alone(organisation.id), (RECEIPT,))


@operation(RUN)
def ask_staff(actor: Actor, notice_id: UUID) -> None:
    """Open a case about a notice that does not fit; while one is open, that is it."""
    _open_case(
        actor,
        notice_id,
        kind=UNFIT,
        title=_("A payment notice does not fit"),
        outcomes=(EXPLAINED,),
    )


@operation(RUN)
def ask_whose_money(actor: Actor, notice_id: UUID) -> None:
    """Open a case about money that no payment waited for; while one is open, that is it.

    Whichever outcome staff choose moves the money in the ledger: see `carry_out_decision`.
    """
    title = _("Money came that nobody waited for")
    _open_case(actor, notice_id, kind=UNEXPECTED, title=title, outcomes=(GIVE_BACK, KEEP))


@operation(RUN)
def ask_about_return(actor: Actor, notice_id: UUID) -> None:
    """The same once the processor would not give it back: staff pay it by hand, or keep it."""
    title = _("Unexpected money could not be given back")
    _open_case(actor, notice_id, kind=UNEXPECTED, title=title, outcomes=(KEEP, EXPLAINED))


@operation(RUN, told=gettext_lazy("Asked staff to answer your challenge of a payment"))
def ask_to_answer(actor: Actor, dispute_id: UUID, payment_id: UUID) -> Payment:
    """Open a case about a payment that its payer has challenged at their bank."""
    payment = get_payment(actor, payment_id)
    open_case(
        actor,
        service=PAYMENTS.slug,
        kind=DISPUTE,
        subject_id=dispute_id,
        person_id=payment.person_id,
        title=_("A payer has challenged a payment: %(reference)s")
        % {"reference": payment.reference},
        summary=_("Send the evidence to the payment processor, or let the money go."),
        link=reverse("pay:dispute", args=[dispute_id]),
        outcomes=(ANSWERED, LET_GO),
        due_at=timezone.now() + TO_BE_DONE_WITHIN,
    )
    return payment


@operation(RUN)
def ask_to_explain(actor: Actor, event_id: UUID, *, processor: str, count: int) -> None:
    """Open a case about lines of a settlement report that do not match."""
    open_case(
        actor,
        service=PAYMENTS.slug,
        kind=UNMATCHED,
        subject_id=event_id,
        person_id=None,
        title=_("A settlement report does not match"),
        summary=_("%(count)d lines of %(processor)s") % {"count": count, "processor": processor},
        link=reverse("pay:reconciliation"),
        outcomes=(EXPLAINED,),
        due_at=timezone.now() + TO_BE_DONE_WITHIN,
    )


@operation(RUN, told=gettext_lazy("Carried out what was decided about money of yours"))
def carry_out_decision(actor: Actor, notice_id: UUID, *, outcome: str, note: str) -> None:
    """Give back what came unexpectedly, or book it. Once: pay sees to it."""
    if outcome == GIVE_BACK.code:
        reason = note or _("Money that we did not expect")
        return_unexpected(actor, notice_id, reason=reason[:200])
    elif outcome == KEEP.code:
        payment = get_unfit_notice(actor, notice_id).payment
        service = payment.service if payment else PAYMENTS.slug
        keep_unexpected(actor, notice_id, service=service, reason=note)


@operation(RUN, told=gettext_lazy("Sent you a receipt"))
def send_receipt(actor: Actor, payment_id: UUID) -> Payment:
    """To the address that the payer gave, if they gave one and the organisation sends receipts."""
    payment = get_payment(actor, payment_id)
    if payment.email and dials_of(actor.organisation_id, PAYMENTS.slug, Dials).receipts:
        with override(payment.language):
            told = _receipt(actor, payment)
        send_email(
            actor,
            template=RECEIPT,
            to=payment.email,
            person_id=payment.person_id,
            personalisation=told,
            language=payment.language,
            reference=payment.reference,
        )
    return payment


def _receipt(actor: Actor, payment: Payment) -> dict[str, object]:
    council = next(each for each in every_organisation() if each.id == actor.organisation_id)
    digits = payment.card.last_digits if payment.card else ""
    card = _("Card: ending in %(digits)s") % {"digits": digits} if digits else ""
    return {
        "reference": payment.reference,
        "description": payment.description,
        "amount": write_money(payment.amount),
        "paid on": write_moment(payment.paid_at) if payment.paid_at else "",
        "card": card,
        "council": f"{council.name}\n{council.contact}",
    }


def _open_case(
    actor: Actor, notice_id: UUID, *, kind: str, title: str, outcomes: tuple[Outcome, ...]
) -> None:
    unfit = get_unfit_notice(actor, notice_id)
    open_case(
        actor,
        service=PAYMENTS.slug,
        kind=kind,
        subject_id=notice_id,
        person_id=unfit.notice.person_id,
        title=title,
        summary=unfit.explanation,
        link=reverse("payments:notice", args=[notice_id]),
        outcomes=outcomes,
        due_at=unfit.notice.received_at + TO_BE_DONE_WITHIN,
    )
