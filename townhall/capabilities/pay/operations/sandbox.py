"""What the sandbox processor does by itself: its bank asks, and tasks tell of what happened."""

from uuid import UUID

import httpx
from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.errors import CheckoutClosed, NoSuchCheckout
from townhall.capabilities.pay.models.sandbox import DISPUTED
from townhall.capabilities.pay.operations.paying import (
    confirm_payment,
    open_at_processor,
    pay_by_card,
)
from townhall.capabilities.pay.providers import SANDBOX, the_sandbox
from townhall.capabilities.pay.providers.sandbox import Sandbox
from townhall.capabilities.pay.records import Cause, DisputeState, Telling, Word
from townhall.capabilities.pay.rules.cards import CARDS
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Unavailable
from townhall.machinery.operations import errand, operation
from townhall.machinery.tasks import task

TIMEOUT_SECONDS = 5
AGAIN_SECONDS = 5
DISPUTED_AFTER_SECONDS, DECIDED_AFTER_SECONDS = 30, 90
_EXPIRES = "12/49"
_ITS_OWN = frozenset({permissions.USE_SANDBOX})


@operation(permissions.USE_SANDBOX)
def set_telling(actor: Actor, reference: str, *, telling: Telling) -> records.SandboxCheckout:
    """Have the sandbox answer badly for one checkout, before a card is entered there."""
    checkout = _locked(actor, reference)
    if checkout.word:
        raise CheckoutClosed(_("The sandbox has answered for this payment already."))
    checkout.telling = telling.value
    checkout.save(update_fields=["telling"])
    return checkout.record()


@operation(permissions.USE_SANDBOX)
def answer_bank(actor: Actor, reference: str, *, is_payer: bool) -> records.SandboxCheckout:
    """What the payer said on their bank's page. Raises CheckoutClosed if that is over."""
    checkout = _locked(actor, reference)
    if checkout.word != Word.CHALLENGED:
        raise CheckoutClosed(_("Your bank is not asking anything any more."))
    now = timezone.now()
    if is_payer:
        checkout.say(Word.AUTHORISED, at=now)
    else:
        checkout.say(Word.DECLINED, Cause.DECLINED, at=now)
    return checkout.record()


@errand(permissions.USE_SANDBOX)
def pay_in_sandbox(
    actor: Actor,
    payment_id: UUID,
    *,
    result: records.CardResult,
    telling: Telling = Telling.AT_ONCE,
    notice_url: str = "http://localhost/",
) -> records.Payment:
    """What a payer does on the pages, with the test card of that result: for the demo's story."""
    payer = Actor("payer", frozenset({permissions.PAY}), actor.organisation_id)
    checkout = open_at_processor(
        payer, payment_id, processor=SANDBOX, return_url="http://localhost/", notice_url=notice_url
    )
    set_telling(actor, checkout.reference, telling=telling)
    number = next(number for number, what in CARDS.items() if what == result)
    card = records.Card(number=number, code="123", expires=_EXPIRES, name="A Resident")
    payment, _challenge = pay_by_card(payer, payment_id, card=card, email="")
    if payment.state == records.State.SUBMITTED:
        payment = confirm_payment(payer, payment_id)
    return payment


def _locked(actor: Actor, reference: str) -> models.SandboxCheckout:
    locked = models.SandboxCheckout.visible_to(actor).select_for_update()
    checkout = locked.filter(reference=reference).first()
    if checkout is None:
        raise NoSuchCheckout(_("There is nothing to pay at this address."))
    return checkout


class TellingBooks(models.SandboxBooks):
    """The sandbox's books, which queue what it tells of by itself."""

    def authorise(
        self, reference: str, result: records.CardResult, card: records.CardDetails
    ) -> records.Outcome:
        try:
            return super().authorise(reference, result, card)
        except Unavailable:  # it was told to be silent for a while
            _queue_telling(reference)
            raise

    def capture(self, reference: str) -> records.Outcome:
        said = super().capture(reference)
        if said.word == Word.CAPTURED:
            _queue_telling(reference)
        return said


Sandbox.books = TellingBooks()


def _queue_telling(reference: str) -> None:
    checkout = models.SandboxCheckout.objects.get(reference=reference)
    organisation_id = checkout.organisation_id
    now = timezone.now()
    tell_outcome.later_at(
        checkout.tells_at or now, reference=reference, organisation_id=organisation_id
    )
    if checkout.telling == Telling.TWICE:
        tell_outcome.later_in(AGAIN_SECONDS, reference=reference, organisation_id=organisation_id)
    if checkout.result in DISPUTED and checkout.word == Word.CAPTURED:
        tell_dispute.later_in(
            DISPUTED_AFTER_SECONDS, reference=reference, organisation_id=organisation_id
        )


@task
def tell_outcome(reference: str, organisation_id: UUID) -> None:
    """Post the notice of a checkout to whoever opened it, until it is taken.

    It has the same id however often it is sent, and is signed anew each time.
    """
    bank = Actor("sandbox", _ITS_OWN, organisation_id)
    checkout = models.SandboxCheckout.visible_to(bank).filter(reference=reference).first()
    if checkout is not None and checkout.word:
        about = checkout.outcome()
        _post(checkout, records.ProcessorNotice(id=f"{reference}/{about.word}", about=about))
        checkout.count_telling()


@task
def tell_dispute(reference: str, organisation_id: UUID) -> None:
    """The payer challenges what they paid; after a while, their bank decides."""
    bank = Actor("sandbox", _ITS_OWN, organisation_id)
    checkout = models.SandboxCheckout.visible_to(bank).filter(reference=reference).first()
    if checkout is None:
        return
    dispute, _is_new = models.SandboxDispute.objects.get_or_create(
        checkout=checkout, defaults={"organisation_id": organisation_id}
    )
    _tell_of(checkout, dispute)
    if dispute.state == DisputeState.NEEDS_RESPONSE:
        decide_dispute.later_in(
            DECIDED_AFTER_SECONDS, reference=reference, organisation_id=organisation_id
        )


@task
def decide_dispute(reference: str, organisation_id: UUID) -> None:
    bank = Actor("sandbox", _ITS_OWN, organisation_id)
    disputes = models.SandboxDispute.visible_to(bank).select_related("checkout")
    dispute = disputes.filter(checkout_id=reference).first()
    if dispute is None:
        return
    if dispute.settled_at is None:
        dispute.advance(at=timezone.now())
    _tell_of(dispute.checkout, dispute)


def _tell_of(checkout: models.SandboxCheckout, dispute: models.SandboxDispute) -> None:
    about = dispute.notice()
    _post(checkout, records.ProcessorNotice(id=f"{about.reference}/{about.state}", about=about))


def _post(checkout: models.SandboxCheckout, notice: records.ProcessorNotice) -> None:
    chosen = the_sandbox()
    assert isinstance(chosen, Sandbox)  # the setting has no other
    body, headers = chosen.write_notice(notice)
    try:
        answer = httpx.post(
            checkout.notice_url,
            content=body,
            headers=headers,
            timeout=TIMEOUT_SECONDS,
            trust_env=False,
        )
        answer.raise_for_status()
    except httpx.HTTPError as error:
        raise Unavailable("The notice was not taken; it will be sent again.") from error
