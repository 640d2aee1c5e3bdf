"""The ledger as finance reads it."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.errors import NoSuchAccount, NoSuchEntry
from townhall.machinery.actors import Actor
from townhall.machinery.money import Money
from townhall.machinery.operations import query
from townhall.machinery.paging import Page, page_of

EXPORTED_AT_ONCE = 500  # entries; an export reads them so many at a time


@query(permissions.ACCOUNT)
def list_trials(actor: Actor) -> list[records.Trial]:
    """Every account with its balance, by currency, live before test."""
    accounts = models.Account.visible_to(actor).order_by(
        "-is_live", "currency", "purpose", "detail"
    )
    with_sums = accounts.annotate(stands_at=Coalesce(Sum("posting__minor"), 0))
    apart = groupby(with_sums, key=lambda account: (account.is_live, account.currency))
    return [
        records.Trial(is_live=is_live, currency=currency, balances=tuple(map(_balance, found)))
        for (is_live, currency), found in apart
    ]


def _balance(account: models.Account) -> records.Balance:
    minor: int = account.stands_at  # type: ignore[attr-defined]  # annotated above
    return records.Balance(account=account.record(), amount=Money(minor, account.currency))


@query(permissions.ACCOUNT)
def get_balance(actor: Actor, account_id: int) -> records.Balance:
    """One account with its balance. Raises NoSuchAccount."""
    account = models.Account.visible_to(actor).filter(id=account_id).first()
    if account is None:
        raise NoSuchAccount(_("There is no such account."))
    return records.Balance(account=account.record(), amount=models.Posting.balance_of(account))


@query(permissions.ACCOUNT)
def list_account_lines(
    actor: Actor, account_id: int, *, place: str | None = None
) -> Page[records.AccountLine]:
    """What moved on an account, newest first."""
    found = models.Posting.visible_to(actor).filter(account_id=account_id).select_related("entry")
    return page_of(found, _line, order=("-id", "-id"), place=place)


def _line(posting: models.Posting) -> records.AccountLine:
    return records.AccountLine(
        id=posting.pk,
        entry_id=posting.entry_id,
        kind=records.EntryKind(posting.entry.kind),
        made_at=posting.entry.made_at,
        note=_note(posting.entry),
        amount=Money(posting.minor, posting.currency),
    )


def _entry(entry: models.Entry) -> records.Entry:
    return replace(entry.record(), note=_note(entry))


def _note(entry: models.Entry) -> str:
    """Why a refund was given may say something of a person: it stands with the payment, where
    each look at it is audited, and not here."""
    return "" if entry.kind == records.EntryKind.REFUND else entry.note


@query(permissions.ACCOUNT)
def get_entry(actor: Actor, entry_id: UUID) -> records.EntryShown:
    """One entry, and what it is about. Raises NoSuchEntry."""
    found = models.Entry.visible_to(actor).filter(id=entry_id)
    entry = found.prefetch_related("postings__account").first()
    if entry is None:
        raise NoSuchEntry(_("There is no such entry."))
    dispute = models.Dispute.visible_to(actor).filter(id=entry.about).first()
    return records.EntryShown(
        entry=_entry(entry),
        payment_id=dispute.payment_id if dispute else _payment_of(actor, entry.about),
        dispute_id=dispute.id if dispute else None,
    )


def _payment_of(actor: Actor, about: UUID) -> UUID | None:
    """The payment, or that of the refund or notice, which an entry is about."""
    if models.Payment.visible_to(actor).filter(id=about).exists():
        return about
    for model in (models.Refund, models.Notice):
        found = model.visible_to(actor).filter(id=about).values_list("payment_id", flat=True)
        if payment_id := found.first():
            return payment_id
    return None


@query(permissions.ACCOUNT)
def export_entries(
    actor: Actor, *, first_on: date, last_on: date, place: str | None = None
) -> Page[records.Entry]:
    """The entries of a period, newest first, many at a time."""
    begins_at, ends_at = _midnight(first_on), _midnight(last_on + timedelta(days=1))
    found = models.Entry.visible_to(actor).filter(made_at__gte=begins_at, made_at__lt=ends_at)
    return page_of(
        found.prefetch_related("postings__account"),
        _entry,
        order=("-made_at", "-id"),
        place=place,
        size=EXPORTED_AT_ONCE,
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
