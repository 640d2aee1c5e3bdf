"""Webhooks: made and changed by staff, and told what they are to be told."""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.errors import NoSuchTill, NoSuchWebhook, TooManyWebhooks
from townhall.capabilities.pay.records import WebhookEvent
from townhall.machinery import outside
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid
from townhall.machinery.operations import errand, operation
from townhall.machinery.organisations import every_organisation
from townhall.machinery.tasks import every, task

SIGNATURE = "Pay-Signature"
TIMEOUT_SECONDS = 3
AGAIN_AFTER = (  # as GOV.UK Pay has them
    timedelta(seconds=60),
    timedelta(minutes=5),
    timedelta(hours=1),
    timedelta(days=1),
    timedelta(days=2),
)
MOST_OF_TILL = 10
LONGEST_DESCRIPTION = 255
KEPT = timedelta(days=30)


@operation(permissions.MANAGE)
def add_webhook(
    actor: Actor,
    till_id: UUID,
    *,
    url: str,
    description: str,
    events: Collection[WebhookEvent],
) -> tuple[records.Webhook, str]:
    """Tell a till's program of these events from now on. Its secret is returned with it.

    Raises NoSuchTill, UnfitAddress, TooManyWebhooks or Invalid.
    """
    till = models.Till.visible_to(actor).select_for_update().filter(id=till_id).first()
    if till is None:
        raise NoSuchTill(_("There is no such till."))
    if models.Webhook.objects.filter(till=till).count() >= MOST_OF_TILL:
        raise TooManyWebhooks(
            _("A till has %(most)d webhooks at most. Remove one first.") % {"most": MOST_OF_TILL}
        )
    webhook, secret = models.Webhook(till=till), _new_secret()
    webhook.hide(secret)
    _fill(webhook, url=url, description=description, events=events)
    return webhook.record(), secret


@operation(permissions.MANAGE)
def change_webhook(
    actor: Actor,
    webhook_id: UUID,
    *,
    url: str,
    description: str,
    events: Collection[WebhookEvent],
    is_active: bool,
) -> records.Webhook:
    """What was to be told already still goes to it, to its new address. Raises as `add_webhook`."""
    webhook = _webhook(actor, webhook_id)
    webhook.is_active = is_active
    _fill(webhook, url=url, description=description, events=events)
    return webhook.record()


@operation(permissions.MANAGE)
def remove_webhook(actor: Actor, webhook_id: UUID) -> records.Webhook:
    """Tell it nothing more, not even what it was still to be told."""
    webhook = _webhook(actor, webhook_id)
    removed = webhook.record()
    webhook.delete()
    return removed


@operation(permissions.MANAGE)
def renew_secret(actor: Actor, webhook_id: UUID) -> str:
    """Sign with a new secret from now on, and return it."""
    webhook, secret = _webhook(actor, webhook_id), _new_secret()
    webhook.hide(secret)
    webhook.save(update_fields=["secret"])
    return secret


@operation(permissions.MANAGE)
def try_again(actor: Actor, message_id: UUID) -> records.WebhookMessage:
    """Begin anew with what was given up. For anything else it changes nothing."""
    message = _locked(actor, message_id)
    if message.given_up_at is not None:
        message.given_up_at, message.attempts, message.next_at = None, 0, timezone.now()
        message.save(update_fields=["given_up_at", "attempts", "next_at"])
        send_message.later(message_id=message.id, organisation_id=actor.organisation_id)
    return message.record()


@task
def send_message(message_id: UUID, organisation_id: UUID) -> None:
    """Tell one webhook one thing. May run twice: what it has taken it is not told again."""
    may = frozenset({permissions.TELL})
    post_message(Actor("capability:pay", may, organisation_id), message_id)


@errand(permissions.TELL)
def post_message(actor: Actor, message_id: UUID) -> None:
    """Post what a webhook has not taken yet, and store what came of it.

    After a crash between the two it is posted again: programs know what they have by its id.
    """
    due = models.WebhookMessage.due(actor).select_related("webhook").filter(id=message_id)
    message = due.first()
    if message is None:
        return
    body = message.body.encode()
    headers = {
        "Content-Type": "application/json",
        SIGNATURE: _sign(body, message.webhook.reveal()),
    }
    try:
        status = outside.post(
            message.webhook.url, content=body, headers=headers, timeout=TIMEOUT_SECONDS
        )
        answer, is_taken = str(status), 200 <= status < 300
    except (outside.UnfitAddress, outside.Unreached) as error:
        answer, is_taken = str(error), False
    note_answer(actor, message_id, attempts=message.attempts, answer=answer, is_taken=is_taken)


@operation(permissions.TELL)
def note_answer(
    actor: Actor, message_id: UUID, *, attempts: int, answer: str, is_taken: bool
) -> records.WebhookMessage:
    """Be done, try again later, or give up.

    `attempts` is how many had failed before: only one of two that say the same goes on.
    """
    message, now = _locked(actor, message_id), timezone.now()
    is_settled = message.delivered_at is not None or message.given_up_at is not None
    if is_settled or message.attempts != attempts:
        return message.record()
    message.last_answer, message.next_at = answer[:40], None
    if is_taken:
        message.delivered_at, message.body = now, ""
    elif attempts < len(AGAIN_AFTER):
        message.attempts, message.next_at = attempts + 1, now + AGAIN_AFTER[attempts]
        send_message.later_at(
            message.next_at, message_id=message_id, organisation_id=actor.organisation_id
        )
    else:
        message.attempts, message.given_up_at = attempts + 1, now
    message.save()
    return message.record()


@every("41 4 * * *")
def forget_messages() -> None:
    """Of what webhooks were told, or not, longer ago than anyone asks."""
    before = timezone.now() - KEPT
    for organisation in every_organisation():
        system = Actor("capability:pay", frozenset(), organisation.id)
        models.WebhookMessage.visible_to(system).filter(created_at__lt=before).delete()


def _fill(
    webhook: models.Webhook, *, url: str, description: str, events: Collection[WebhookEvent]
) -> None:
    outside.check_address(url)
    if len(description) > LONGEST_DESCRIPTION:
        raise Invalid(
            _("Enter a description of %(most)d characters or fewer")
            % {"most": LONGEST_DESCRIPTION},
            fields={"description": ""},
        )
    if not events:
        raise Invalid(_("Select what it is told of"), fields={"events": ""})
    webhook.url, webhook.description = url, description
    webhook.events = [each.value for each in WebhookEvent if each in events]
    webhook.save()


def _sign(body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _new_secret() -> str:
    return f"webhook_{secrets.token_urlsafe(32)}"


def _webhook(actor: Actor, webhook_id: UUID) -> models.Webhook:
    webhook = models.Webhook.visible_to(actor).filter(id=webhook_id).first()
    if webhook is None:
        raise NoSuchWebhook(_("There is no such webhook."))
    return webhook


def _locked(actor: Actor, message_id: UUID) -> models.WebhookMessage:
    message = models.WebhookMessage.locked(actor, message_id)
    if message is None:
        raise NoSuchWebhook(_("That is not kept any more."))
    return message
