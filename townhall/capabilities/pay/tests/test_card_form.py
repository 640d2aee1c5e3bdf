"""What the card page takes, and what it says of the rest."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import QueryDict
from django.utils import timezone

from townhall.capabilities.pay import models, records
from townhall.capabilities.pay.forms.cards import CardForm
from townhall.capabilities.pay.rules.cards import CARDS, is_card_number
from townhall.capabilities.pay.tests.test_card_page import DETAILS

NEXT_MONTH = timezone.localdate().replace(day=1) + timedelta(days=32)
LAST_MONTH = timezone.localdate().replace(day=1) - timedelta(days=1)


def fill(**changes: str) -> CardForm:
    """The form of a program's payment, filled in but for the changes; `_` stands for `-`."""
    payment = models.Payment(
        id=uuid4(),
        organisation_id=uuid4(),
        subject_id=uuid4(),
        amount_minor=1000,
        currency="GBP",
        source=records.Source.API,
        expires_at=timezone.now(),
    ).record()
    typed = QueryDict(mutable=True)
    typed.update(DETAILS | {name.replace("_", "-"): value for name, value in changes.items()})
    return CardForm(typed, payment=payment)


def test_a_good_card_is_handed_on_clean() -> None:
    form = fill(card_no="4444-3333 2222 1111", expiry_month="1", expiry_year="2049", cvc=" 123 ")

    assert form.is_valid(), form.errors
    card = form.card()
    assert (card.number, card.code, card.expires) == ("4444333322221111", "123", "01/49")
    assert "4444" not in repr(card)


@pytest.mark.parametrize("number", [number for number in CARDS if is_card_number(number)])
def test_every_test_card_with_a_true_last_digit_may_be_entered(number: str) -> None:
    form = fill(card_no=number, cvc="1234" if number.startswith("37") else "123")

    assert form.is_valid(), form.errors


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"card_no": ""}, "card_no", "Enter your card number"),
        ({"card_no": "4444333322221112"}, "card_no", "not a whole and correct one"),
        ({"card_no": "4242"}, "card_no", "not a whole and correct one"),
        ({"card_no": "no number"}, "card_no", "not a whole and correct one"),
        ({"card_no": "6759649826438453"}, "card_no", "This type of card is not accepted"),
        ({"card_no": "371449635398431"}, "cvc", "It has 4 digits"),
        ({"cvc": "1234"}, "cvc", "It has 3 digits"),
        ({"cvc": "12a"}, "cvc", "It has 3 digits"),
        ({"cvc": ""}, "cvc", "Enter the card security code"),
        ({"expiry_month": ""}, "expiry_month", "Enter the month"),
        ({"expiry_year": ""}, "expiry_year", "Enter the year"),
        ({"expiry_month": "13"}, "expiry_month", "as on the card"),
        ({"expiry_year": "1949"}, "expiry_month", "as on the card"),
        ({"expiry_year": "²9"}, "expiry_month", "as on the card"),
        (
            {"expiry_month": f"{LAST_MONTH:%m}", "expiry_year": f"{LAST_MONTH:%y}"},
            "expiry_month",
            "has expired",
        ),
        ({"cardholder_name": ""}, "cardholder_name", "Enter the name"),
        ({"cardholder_name": "123"}, "cardholder_name", "Enter the name"),
        ({"cardholder_name": "4444 3333 2222 1111"}, "cardholder_name", "Enter the name"),
        ({"address_line_1": ""}, "address_line_1", "Enter the first line"),
        ({"address_line_2": "4444333322221111"}, "address_line_2", "not a card number"),
        ({"address_city": ""}, "address_city", "Enter a town"),
        ({"address_postcode": ""}, "address_postcode", "Enter a postcode"),
        ({"address_country": "ZZ"}, "address_country", "Choose one"),
        ({"email": ""}, "email", "Enter an email address"),
        ({"email": "4444333322221111@example.com"}, "email", "not a card number"),
    ],
)
def test_what_is_wrong_with_a_card_is_said_at_its_field(
    changes: dict[str, str], field: str, says: str
) -> None:
    form = fill(**changes)

    assert not form.is_valid()
    assert list(form.errors) == [field]
    assert says in str(form.errors[field])
    assert "4444333322221111" not in str(form["card_no"])


def test_a_card_is_good_until_the_end_of_its_month() -> None:
    today = timezone.localdate()

    assert fill(expiry_month=f"{today:%m}", expiry_year=f"{today:%y}").is_valid()
    assert fill(expiry_month=f"{NEXT_MONTH:%m}", expiry_year=f"{NEXT_MONTH:%Y}").is_valid()
