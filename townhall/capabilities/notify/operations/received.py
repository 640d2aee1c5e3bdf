"""Texts that people send, and what the suppliers of texts tell us."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import (
    ForgedReceipt,
    NoSuchMessage,
    NoSuchNumber,
    NoSuchSupplier,
)
from townhall.capabilities.notify.operations.callbacks import tell_of_text
from townhall.capabilities.notify.operations.delivery import take_receipt
from townhall.capabilities.notify.operations.numbers import has_number
from townhall.capabilities.notify.providers import texters
from townhall.capabilities.notify.providers.firetext import FiretextTexter
from townhall.capabilities.notify.providers.twilio import TwilioTexter
from townhall.capabilities.notify.rules.firetext import read_receipt as read_firetext
from townhall.capabilities.notify.rules.firetext import reference_of
from townhall.capabilities.notify.rules.twilio import read_status as read_twilio
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid
from townhall.machinery.operations import errand, operation

KEPT = gettext_lazy("Kept a text that you sent")
LONGEST_NUMBER = 20
LONGEST_REFERENCE = 100


@operation(permissions.DELIVER, told=KEPT)
def receive_text(
    actor: Actor, *, to: str, by: str, body: str, supplier_reference: str
) -> records.ReceivedText:
    """Keep a text that came to one of the organisation's numbers, and tell its sender's callbacks.

    The second time with one reference changes nothing. Raises NoSuchNumber.
    """
    to, by = to.removeprefix("+"), by.removeprefix("+")
    fits = 0 < len(supplier_reference) <= LONGEST_REFERENCE and len(by) <= LONGEST_NUMBER
    if not fits:
        raise Invalid(_("That is not a text."))
    ours = models.Origin.taking_texts_at(to) & models.Origin.visible_to(actor)
    origin = ours.first()
    if origin is None:
        raise NoSuchNumber(_("No number of this organisation takes texts there."))
    text, is_new = models.ReceivedText.objects.get_or_create(
        supplier_reference=supplier_reference,
        organisation_id=actor.organisation_id,
        defaults={
            "sender_id": origin.sender_id,
            "to": to,
            "by": by,
            "body": body.replace("\0", ""),  # no column holds it
        },
    )
    if is_new:
        tell_of_text(text)
    return text.record()


@operation(permissions.SEE_SANDBOX, told=KEPT)
def answer_sandbox_text(
    actor: Actor, email_id: int, *, body: str, reference: UUID
) -> records.ReceivedText:
    """Answer a text as the person who got it would have.

    `reference` is of the page that asks, so that sending it twice is one text. Raises
    NoSuchMessage, or NoSuchNumber if nobody can answer it.
    """
    mine = models.SandboxMessage.visible_to(actor).filter(id=email_id)
    message = mine.filter(channel=records.Channel.SMS).first()
    if message is None:
        raise NoSuchMessage(_("There is no such text in the sandbox mailbox."))
    return receive_text(
        Actor(actor.name, frozenset({permissions.DELIVER}), actor.organisation_id),
        to=message.sent_by,
        by=message.to,
        body=body,
        supplier_reference=f"sandbox:{reference}",
    )


@errand(permissions.DELIVER)
def take_twilio_status(
    actor: Actor, message_id: UUID, *, url: str, form: Mapping[str, str], signature: str
) -> None:
    """What Twilio says of one text; `url` is the address that it was sent to.

    The message is of any organisation: Twilio reaches a whole installation at one address. Raises
    NoSuchSupplier, ForgedReceipt or NoSuchMessage.
    """
    twilio = _who_signed(url, form, signature)
    receipt = read_twilio(form)
    if receipt is not None:
        _take(actor, message_id, receipt, of=twilio.name)


@errand(permissions.DELIVER)
def take_twilio_text(
    actor: Actor, *, url: str, form: Mapping[str, str], signature: str
) -> records.ReceivedText:
    """A text that came to one of our numbers at Twilio. Raises as `take_twilio_status` does."""
    _who_signed(url, form, signature)
    return _receive(
        actor,
        to=form.get("To", ""),
        by=form.get("From", ""),
        body=form.get("Body", ""),
        supplier_reference=f"twilio:{form.get('MessageSid', '')}",
    )


@errand(permissions.DELIVER)
def take_firetext_receipt(actor: Actor, *, secret: str, form: Mapping[str, str]) -> None:
    """What FireText says of one text, at the address with the secret that we gave it.

    Raises NoSuchSupplier, ForgedReceipt or NoSuchMessage.
    """
    firetext = _who_knows(secret)
    receipt = read_firetext(form)
    if receipt is None:
        return
    try:
        message_id = UUID(form.get("reference", ""))
    except ValueError:
        raise NoSuchMessage(_("There is no such message. It may be too old to be kept.")) from None
    _take(actor, message_id, receipt, of=firetext.name)


@errand(permissions.DELIVER)
def take_firetext_text(
    actor: Actor, *, secret: str, form: Mapping[str, str]
) -> records.ReceivedText:
    """A text that came to one of our numbers at FireText. Raises as the receipts do."""
    _who_knows(secret)
    return _receive(
        actor,
        to=form.get("destination", ""),
        by=form.get("source", ""),
        body=form.get("message", ""),
        supplier_reference=reference_of(form),
    )


def _take(actor: Actor, message_id: UUID, receipt: records.Receipt, *, of: str) -> None:
    """Nothing, if another supplier has the message: this one did not take it after all."""
    told_of = models.Message.told_of(message_id)
    if told_of is None:
        raise NoSuchMessage(str(message_id))
    organisation_id, supplier = told_of
    if supplier in ("", of):
        whose = Actor(actor.name, actor.may, organisation_id)
        take_receipt(whose, message_id, receipt=receipt)


def _receive(actor: Actor, *, to: str, **text: str) -> records.ReceivedText:
    origin = models.Origin.taking_texts_at(to).select_related("sender").first()
    if origin is None or not has_number(origin.sender.organisation_id, origin.words):
        raise NoSuchNumber(_("No number takes texts there."))
    return receive_text(
        Actor(actor.name, actor.may, origin.sender.organisation_id),
        to=to,
        by=text["by"],
        body=text["body"],
        supplier_reference=text["supplier_reference"],
    )


def _who_signed(url: str, form: Mapping[str, str], signature: str) -> TwilioTexter:
    chosen = [each for each in texters() if isinstance(each, TwilioTexter)]
    if not chosen:
        raise NoSuchSupplier(_("Texts are not sent with Twilio here."))
    for each in chosen:
        if each.has_signed(url, form, signature):
            return each
    raise ForgedReceipt(_("The signature is not Twilio's."))


def _who_knows(secret: str) -> FiretextTexter:
    chosen = [each for each in texters() if isinstance(each, FiretextTexter)]
    if not chosen:
        raise NoSuchSupplier(_("Texts are not sent with FireText here."))
    for each in chosen:
        if each.knows(secret):
            return each
    raise ForgedReceipt(_("FireText was given another address."))
