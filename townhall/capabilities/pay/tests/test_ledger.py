"""The ledger: the database keeps it balanced, once for each thing, and for good."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from townhall.capabilities.pay import models, operations
from townhall.capabilities.pay.records import EntryKind, Purpose
from townhall.capabilities.pay.tests import make
from townhall.machinery.money import Money

pytestmark = pytest.mark.django_db


def account(purpose: Purpose, *, currency: str = "GBP") -> models.Account:
    return models.Account.opened(make.TOWN, purpose, "", is_live=True, currency=currency)


def enter(*legs: tuple[models.Account, int], about: object = None) -> models.Entry:
    """As a transaction would end: the deferred constraints are looked at."""
    with transaction.atomic():
        entry = models.Entry.make(make.TOWN, EntryKind.PAYMENT, about or uuid4(), legs)  # type: ignore[arg-type]  # an id
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return entry


@pytest.fixture
def bank() -> models.Account:
    return account(Purpose.BANK)


@pytest.fixture
def takings() -> models.Account:
    return account(Purpose.TAKINGS)


def test_an_entry_that_balances_is_kept(bank: models.Account, takings: models.Account) -> None:
    enter((bank, 500), (takings, -500))

    assert models.Posting.balance_of(bank) == Money(500)
    assert models.Posting.balance_of(takings) == Money(-500)


@pytest.mark.parametrize("amounts", [(500, -499), (500,), ()])
def test_one_that_does_not_is_refused(
    bank: models.Account, takings: models.Account, amounts: tuple[int, ...]
) -> None:
    with pytest.raises(IntegrityError):
        enter(*zip((bank, takings), amounts, strict=False))


def test_two_currencies_do_not_balance_each_other(bank: models.Account) -> None:
    with pytest.raises(IntegrityError):
        enter((bank, 500), (account(Purpose.BANK, currency="EUR"), -500))


def test_a_posting_is_in_the_currency_of_its_account(bank: models.Account) -> None:
    entry = enter((bank, 1), (account(Purpose.FEES), -1))

    with pytest.raises(IntegrityError), transaction.atomic():
        models.Posting.objects.create(entry=entry, account=bank, currency="EUR", minor=1)


def test_nothing_is_added_to_an_entry_later(bank: models.Account, takings: models.Account) -> None:
    entry = enter((bank, 500), (takings, -500))
    with connection.cursor() as cursor:  # as if another transaction had made it
        cursor.execute("ALTER TABLE pay_entry DISABLE TRIGGER entry_is_kept")
        cursor.execute("UPDATE pay_entry SET made_in = 1")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE pay_entry ENABLE TRIGGER entry_is_kept")

    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        models.Posting.objects.create(entry=entry, account=bank, currency="GBP", minor=1)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE pay_posting SET minor = minor * 2",
        "DELETE FROM pay_posting",
        "UPDATE pay_entry SET note = 'x'",
        "DELETE FROM pay_entry",
        "UPDATE pay_account SET currency = 'EUR'",
    ],
)
def test_nothing_is_changed_or_taken_away(
    sql: str, bank: models.Account, takings: models.Account
) -> None:
    enter((bank, 500), (takings, -500))

    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_the_same_thing_is_entered_once(bank: models.Account, takings: models.Account) -> None:
    about = uuid4()
    enter((bank, 500), (takings, -500), about=about)

    with pytest.raises(IntegrityError):
        enter((bank, 500), (takings, -500), about=about)


def test_test_tills_have_books_of_their_own() -> None:
    payment = make.make_payment()
    models.Payment.objects.update(is_live=False)
    make.authorise(payment)
    operations.confirm_payment(make.PAYER, payment.id)

    assert set(models.Account.objects.values_list("is_live", flat=True)) == {False}
