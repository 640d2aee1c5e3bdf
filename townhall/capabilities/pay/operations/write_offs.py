"""Writing off: differences that someone has explained, and money that nobody will ask for."""

from uuid import UUID

from django.utils.translation import gettext as _

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.errors import MoreThanBalance, NoSuchAccount
from townhall.capabilities.pay.operations.ledger import Books
from townhall.capabilities.pay.records import EntryKind, Purpose
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid
from townhall.machinery.money import Money
from townhall.machinery.operations import operation

LONGEST_REASON = 200
FROM = (Purpose.PROCESSOR, Purpose.UNEXPECTED)


@operation(permissions.ACCOUNT)
def write_off(
    actor: Actor, account_id: int, *, amount: Money, reason: str, reference: UUID
) -> records.Entry:
    """Bring an account nearer to nothing, against what is written off.

    `reference` is of one asking: the second time the same one changes nothing. Under the account's
    lock, no more is written off than it stands at. Raises NoSuchAccount, MoreThanBalance or
    Invalid.
    """
    account = models.Account.visible_to(actor).select_for_update().filter(id=account_id).first()
    if account is None or account.purpose not in FROM:
        raise NoSuchAccount(_("There is no such account to write off from."))
    if amount.minor <= 0 or amount.currency != account.currency:
        raise Invalid(_("Enter an amount of the account's own currency."))
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Invalid(
            _("Enter a reason of %(most)d characters or fewer") % {"most": LONGEST_REASON}
        )
    written = models.Entry.visible_to(actor).filter(kind=EntryKind.WRITE_OFF, about=reference)
    if not written.exists():
        _move(account, amount, reason.strip(), reference)
    return written.get().record()


def _move(account: models.Account, amount: Money, reason: str, reference: UUID) -> None:
    balance = models.Posting.balance_of(account)
    if amount.minor > abs(balance.minor):
        raise MoreThanBalance(_("That is more than the account stands at. Enter less."))
    theirs, lost = (Purpose(account.purpose), account.detail), (Purpose.WRITTEN_OFF, "")
    books = Books(account.organisation_id, account.currency, is_live=account.is_live)
    books.move(
        EntryKind.WRITE_OFF,
        reference,
        amount,
        debit=lost if balance.minor > 0 else theirs,
        credit=theirs if balance.minor > 0 else lost,
        note=reason,
    )
