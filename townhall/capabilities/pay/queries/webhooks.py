"""Webhooks, and what they were told."""

from uuid import UUID

from django.utils.translation import gettext as _

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.errors import NoSuchWebhook
from townhall.machinery.actors import Actor
from townhall.machinery.operations import query
from townhall.machinery.paging import Page, page_of


@query(permissions.MANAGE)
def list_webhooks(actor: Actor, till_id: UUID) -> list[records.Webhook]:
    """The oldest first; a till has few."""
    webhooks = models.Webhook.visible_to(actor).filter(till_id=till_id)
    return [webhook.record() for webhook in webhooks.order_by("made_at", "id")]


@query(permissions.MANAGE)
def get_webhook(actor: Actor, webhook_id: UUID) -> records.Webhook:
    return _webhook(actor, webhook_id).record()


@query(permissions.MANAGE)
def get_webhook_secret(actor: Actor, webhook_id: UUID) -> str:
    """With which its program checks that it was us. It may be seen again at any time."""
    return _webhook(actor, webhook_id).reveal()


@query(permissions.MANAGE)
def list_webhook_messages(
    actor: Actor, webhook_id: UUID, *, place: str | None = None
) -> Page[records.WebhookMessage]:
    """All that it was told or is still to be told, newest first."""
    messages = models.WebhookMessage.visible_to(actor).filter(webhook_id=webhook_id)
    return page_of(
        messages, models.WebhookMessage.record, order=("-created_at", "-id"), place=place
    )


@query(permissions.MANAGE)
def list_failed_webhook_messages(
    actor: Actor, webhook_id: UUID, *, place: str | None = None
) -> Page[records.WebhookMessage]:
    """What it did not take yet, or never will, newest first."""
    messages = models.WebhookMessage.failed(actor).filter(webhook_id=webhook_id)
    return page_of(
        messages, models.WebhookMessage.record, order=("-created_at", "-id"), place=place
    )


def _webhook(actor: Actor, webhook_id: UUID) -> models.Webhook:
    webhook = models.Webhook.visible_to(actor).filter(id=webhook_id).first()
    if webhook is None:
        raise NoSuchWebhook(_("There is no such webhook."))
    return webhook
