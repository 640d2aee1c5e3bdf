"""What the sandbox processor does by itself: take a card, and tell of it from a task."""

from datetime import timedelta
from uuid import UUID

import httpx
from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.errors import CheckoutClosed, NoSuchCheckout
from townhall.capabilities.pay.providers import processor
from townhall.capabilities.pay.providers.sandbox import Sandbox
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Unavailable
from townhall.machinery.operations import operation
from townhall.machinery.tasks import task

TIMEOUT_SECONDS = 5
TOO_LATE = timedelta(seconds=30)  # after the checkout has expired
AGAIN_SECONDS = 5

Sandbox.books = models.SandboxBooks()


@operation(permissions.USE_SANDBOX)
def take_card(
    actor: Actor, reference: str, *, result: records.CardResult, telling: records.Telling
) -> records.SandboxCheckout:
    """Settle a checkout as its card would have it, and queue the notice of it.

    Raises CheckoutClosed if it is settled or expired already.
    """
    now = timezone.now()
    locked = models.SandboxCheckout.visible_to(actor).select_for_update()
    checkout = locked.filter(reference=reference).first()
    if checkout is None:
        raise NoSuchCheckout(_("There is nothing to pay at this address."))
    if checkout.state_at(now) != records.State.OPEN:
        raise CheckoutClosed(_("Nothing can be paid here any more."))
    late = telling == records.Telling.LATE
    checkout.take(result, tells_at=checkout.expires_at + TOO_LATE if late else now)
    _queue_telling(checkout, telling, wait=checkout.expires_at + TOO_LATE - now)
    return checkout.record(at=now)


def _queue_telling(
    checkout: models.SandboxCheckout, telling: records.Telling, *, wait: timedelta
) -> None:
    reference, organisation_id = checkout.reference, checkout.organisation_id
    if telling == records.Telling.LATE:
        seconds = int(wait.total_seconds()) + 1
        tell_outcome.later_in(seconds, reference=reference, organisation_id=organisation_id)
        return
    tell_outcome.later(reference=reference, organisation_id=organisation_id)
    if telling == records.Telling.TWICE:
        tell_outcome.later_in(AGAIN_SECONDS, reference=reference, organisation_id=organisation_id)


@task
def tell_outcome(reference: str, organisation_id: UUID) -> None:
    """Post the notice of a settled checkout to whoever opened it, until it is taken.

    It has the same id however often it is sent, and is signed anew each time.
    """
    sandbox = Actor("sandbox", frozenset({permissions.USE_SANDBOX}), organisation_id)
    checkout = models.SandboxCheckout.visible_to(sandbox).filter(reference=reference).first()
    chosen = processor()
    if checkout is None or not isinstance(chosen, Sandbox):
        return
    notice = records.ProcessorNotice(id=str(checkout.notice_id), about=checkout.outcome())
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
    checkout.count_telling()
