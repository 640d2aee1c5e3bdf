"""A till of a program, with something of it in the world that the access walk goes through."""

from tests.marks import Town
from townhall.capabilities.pay import permissions as pay
from townhall.capabilities.pay import records as pay_records
from townhall.capabilities.pay.operations import (
    add_till,
    change_till,
    create_agreement,
    create_payment,
    make_key,
    note_use,
)
from townhall.capabilities.pay.queries import list_keys
from townhall.capabilities.pay.rules.identifiers import write_id
from townhall.machinery.money import Money


def open_till(town: Town) -> str:
    """The program's own, with a payment and an agreement; its key."""
    staff, program = town.actor("test", pay.MANAGE), town.actor("test", pay.START)
    till = add_till(staff, name="Programs", is_live=False)
    switches = dict.fromkeys(("takes_moto", "takes_moto_api", "takes_telephone_notices"), False)
    till = change_till(staff, till.id, takes_recurring=True, is_open=True, **switches)
    reference = f"{town.mark}-v1-reference"
    payment, _new = create_payment(
        program,
        till=till,
        asked=pay_records.NewPayment(
            amount=Money(1500), reference=reference, description="Of a program"
        ),
    )
    asked = pay_records.NewAgreement(reference=reference, description="Of a program")
    agreement, _new = create_agreement(program, till=till, asked=asked, once=None)
    town.things |= {
        "v1_payment": write_id(payment.id),
        "v1_agreement": write_id(agreement.id),
    }
    town.marks[reference] = None
    key = make_key(staff, till.id, name="test")
    note_use(town.actor("test", pay.CHECK_KEYS), list_keys(staff, till.id)[0].id)  # as it is daily
    return key
