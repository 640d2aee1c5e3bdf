"""Telling programs what became of their messages, of complaints, and of texts that came."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import CallbackTaken, NoSuchCallback
from townhall.capabilities.notify.providers.receivers import call, check_callback
from townhall.capabilities.notify.records import FIRST_SENDER, CallbackKind, Channel, Outcome
from townhall.capabilities.notify.rendering.callbacks import (
    write_complaint,
    write_delivery,
    write_received_text,
)
from townhall.capabilities.notify.rules.callbacks import AGAIN, AGAIN_SECONDS, check_token
from townhall.machinery.actors import Actor
from townhall.machinery.operations import errand, operation
from townhall.machinery.tasks import task


@operation(permissions.MANAGE_KEYS)
def add_callback(
    actor: Actor, *, kind: CallbackKind, url: str, token: str, sender: str = FIRST_SENDER
) -> records.Callback:
    """Tell a sender's program of things of one kind from now on; as many addresses as it wants.

    The same again changes nothing. Raises UnfitCallback, or CallbackTaken if the token differs.
    """
    check_callback(url)
    check_token(token)
    made = models.Callback()
    made.hide(token)
    callback, is_new = models.Callback.objects.get_or_create(
        sender=models.Sender.named(actor, sender),
        kind=kind,
        url=url,
        defaults={"token": made.token},
    )
    if not is_new and callback.reveal() != token:
        raise CallbackTaken(
            _("There is a callback to that address with another token. Remove that one first")
        )
    return callback.record()


@operation(permissions.MANAGE_KEYS)
def remove_callback(actor: Actor, callback_id: UUID) -> records.Callback:
    """Tell this address nothing more, not even what it was still to be told."""
    callback = models.Callback.counted(actor).filter(id=callback_id).first()
    if callback is None:
        raise NoSuchCallback(_("There is no such callback."))
    removed = callback.record()
    callback.delete()
    return removed


@operation(permissions.MANAGE_KEYS)
def try_again(actor: Actor, delivery_id: UUID) -> records.CallbackDelivery:
    """Begin anew with what was given up. For anything else it changes nothing."""
    delivery = _locked(actor, delivery_id)
    if delivery.given_up_at is not None:
        delivery.given_up_at, delivery.attempts = None, 0
        delivery.save(update_fields=["given_up_at", "attempts"])
        call_back.later(delivery_id=delivery.id, organisation_id=actor.organisation_id)
    return delivery.record()


def tell_of_delivery(message: models.Message) -> None:
    """Queue what a sender's callbacks are told of a message that has come to its end.

    Of emails and texts only, with any type of key, as GOV.UK Notify does.
    """
    if message.sender_id is not None and message.channel != Channel.LETTER:
        body = write_delivery(message.record())
        _tell(message.organisation_id, message.sender_id, CallbackKind.DELIVERY, message.id, body)


def tell_of_text(text: models.ReceivedText) -> None:
    """Queue what a sender's callbacks are told of a text that came."""
    body = write_received_text(text.record())
    _tell(text.organisation_id, text.sender_id, CallbackKind.RECEIVED_TEXT, text.id, body)


def tell_of_complaint(complaint: models.Complaint) -> None:
    """Queue what a sender's callbacks are told of a complaint."""
    sender_id = complaint.message.sender_id
    if sender_id is not None:
        body = write_complaint(complaint.record())
        _tell(complaint.organisation_id, sender_id, CallbackKind.COMPLAINT, complaint.id, body)


def _tell(
    organisation_id: UUID, sender_id: UUID, kind: CallbackKind, about: UUID, body: str
) -> None:
    """In the transaction of what is told: both are true, or neither."""
    for callback in models.Callback.objects.filter(sender_id=sender_id, kind=kind):
        delivery = models.CallbackDelivery.objects.create(callback=callback, about=about, body=body)
        call_back.later(delivery_id=delivery.id, organisation_id=organisation_id)


@task
def call_back(delivery_id: UUID, organisation_id: UUID) -> None:
    """Tell one callback one thing. May run twice: what it has taken it is not told again."""
    may = frozenset({permissions.DELIVER})
    post_callback(Actor("capability:notify", may, organisation_id), delivery_id)


@errand(permissions.DELIVER)
def post_callback(actor: Actor, delivery_id: UUID) -> None:
    """Post what a callback has not taken yet, and store what came of it.

    After a crash between the two it is posted again: programs know what they have by its id.
    """
    due = models.CallbackDelivery.due(actor).select_related("callback").filter(id=delivery_id)
    delivery = due.first()
    if delivery is None:
        return
    callback = delivery.callback
    answer = call(callback.url, body=delivery.body, token=callback.reveal())
    note_answer(actor, delivery_id, attempts=delivery.attempts, answer=answer)


@operation(permissions.DELIVER)
def note_answer(
    actor: Actor, delivery_id: UUID, *, attempts: int, answer: records.CallbackAnswer
) -> records.CallbackDelivery:
    """Be done, try again later, or give up.

    `attempts` is how many had failed before: only one of two that say the same goes on.
    """
    delivery = _locked(actor, delivery_id)
    is_settled = delivery.delivered_at is not None or delivery.given_up_at is not None
    if is_settled or delivery.attempts != attempts:
        return delivery.record()
    delivery.last_answer = answer.words[:40]
    if answer.outcome == Outcome.TAKEN:
        delivery.delivered_at, delivery.body = timezone.now(), ""
    elif answer.outcome == Outcome.AGAIN and attempts < AGAIN:
        delivery.attempts += 1
        call_back.later_in(
            AGAIN_SECONDS, delivery_id=delivery_id, organisation_id=actor.organisation_id
        )
    else:
        delivery.attempts += 1
        delivery.given_up_at = timezone.now()
    delivery.save()
    return delivery.record()


def _locked(actor: Actor, delivery_id: UUID) -> models.CallbackDelivery:
    delivery = models.CallbackDelivery.locked(actor, delivery_id)
    if delivery is None:
        raise NoSuchCallback(_("That is not kept any more."))
    return delivery
