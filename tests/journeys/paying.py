"""What a payer does on the card page."""

from tests.journeys.conftest import Visitor

ADDRESS = {
    "Building number": "1 Main Street",
    "Town or city": "London",
    "Postcode": "AB1A 1AB",
}


def enter_card(payer: Visitor, *, number: str = "4444333322221111") -> None:
    payer.sees("Sandbox")
    payer.fill("Card number", number)
    payer.fill("Month", "12")
    payer.fill("Year", "35")
    payer.fill("Name on card", "A Adeyemi")
    payer.fill("Card security code", "123")
    for label, value in ADDRESS.items():
        payer.fill(label, value)
