"""Payment links: what staff do with them, and the payments that begin at them."""

import secrets
from datetime import timedelta
from urllib.parse import urljoin
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.errors import NameTaken, NoSuchLink, NoSuchTill
from townhall.capabilities.pay.operations.payments import begin
from townhall.capabilities.pay.records import Source
from townhall.capabilities.pay.rules.references import what_is_wrong
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid
from townhall.machinery.money import Money
from townhall.machinery.operations import operation

PAY_WITHIN = timedelta(minutes=90)  # as GOV.UK Pay has it
LARGEST_MINOR = 10_000_000


@operation(permissions.MANAGE)
def add_link(
    actor: Actor,
    till_id: UUID,
    *,
    title: str,
    details: str,
    reference_label: str,
    amount: Money | None,
    language: str,
    slug: str = "",
) -> records.Link:
    """Make a page where anyone may pay at a till, with an address that nobody guesses.

    Or with the end of it that is chosen: then raises NameTaken if another link has it.
    """
    till = models.Till.visible_to(actor).filter(id=till_id).first()
    if till is None:
        raise NoSuchTill(_("There is no such till."))
    link, is_new = models.Link.objects.get_or_create(
        organisation_id=actor.organisation_id,
        slug=slug or secrets.token_hex(8),
        defaults={
            "till": till,
            "title": title,
            "details": details,
            "reference_label": reference_label,
            "amount_minor": amount.minor if amount else None,
            "currency": amount.currency if amount else "GBP",
            "language": language,
        },
    )
    if not is_new:
        raise NameTaken(_("Another payment link has this address. Choose another"))
    return link.record()


@operation(permissions.MANAGE)
def change_link(
    actor: Actor,
    link_id: UUID,
    *,
    title: str,
    details: str,
    reference_label: str,
    amount: Money | None,
    language: str,
) -> records.Link:
    """Say it in other words, or ask for another sum. Its address and its till stay."""
    link = _locked(actor, link_id)
    link.title, link.details, link.language = title, details, language
    link.reference_label = reference_label
    link.amount_minor = amount.minor if amount else None
    link.currency = amount.currency if amount else "GBP"
    link.save()
    return link.record()


@operation(permissions.MANAGE)
def close_link(actor: Actor, link_id: UUID) -> records.Link:
    """Let nobody begin to pay there any more. Twice is harmless."""
    link = _locked(actor, link_id)
    link.is_open = False
    link.save(update_fields=["is_open"])
    return link.record()


@operation(permissions.PAY, told=gettext_lazy("Began a payment for you at a payment link"))
def start_link_payment(
    actor: Actor, slug: str, *, reference: str, amount: Money | None, home: str
) -> records.Payment:
    """Begin to pay at a link; `home` is the address of this installation.

    A link of a fixed sum asks for that, whatever is said here. Raises NoSuchLink, or Invalid with
    the field that is wrong.
    """
    link = models.Link.open_at(actor, slug)
    if link is None:
        raise NoSuchLink(_("There is no such payment link, or it is closed."))
    asked = link.amount or amount
    if asked is None or not 0 < asked.minor <= LARGEST_MINOR:
        message = _("Enter an amount from £0.01 to £100,000")
        raise Invalid(message, fields={"payment_amount": message})
    if message := what_is_wrong(reference, label=link.reference_label):
        raise Invalid(message, fields={"payment_reference": message})
    payment = begin(
        actor.organisation_id,
        till=link.till,
        service=link.till.record().service,
        subject_id=link.id,
        reference=reference if link.reference_label else _new_reference(),
        description=link.title,
        amount_minor=asked.minor,
        currency=asked.currency,
        is_live=link.till.is_live,
        source=Source.LINK.value,
        language=link.language,
        expires_at=timezone.now() + PAY_WITHIN,
    )
    payment.return_url = urljoin(home, reverse("pay:link_done", args=[slug, payment.id]))
    payment.save(update_fields=["return_url"])
    return payment.record()


def _new_reference() -> str:
    """Ten letters and digits that nobody confuses when they read them out."""
    signs = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    return "".join(secrets.choice(signs) for _place in range(10))


def _locked(actor: Actor, link_id: UUID) -> models.Link:
    locked = models.Link.visible_to(actor).select_for_update(of=("self",))
    link = locked.select_related("till").filter(id=link_id).first()
    if link is None:
        raise NoSuchLink(_("There is no such payment link."))
    return link
