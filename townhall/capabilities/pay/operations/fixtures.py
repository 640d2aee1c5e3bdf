"""What smoke tests of GOV.UK Pay's API expect to find, made where there is none."""

from townhall.capabilities.pay import models, permissions
from townhall.capabilities.pay.operations.tills import add_till, change_till, make_key
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation

TILL = "Smoke tests"


@operation(permissions.MANAGE)
def make_client_fixtures(actor: Actor, *, secret: str) -> str:
    """Make a test till that takes everything, if it is missing, and return its key.

    The key is made of `secret`, so a second time it is the same, and nothing changes.
    """
    found = models.Till.visible_to(actor).filter(name=TILL).first()
    till = found.record() if found else add_till(actor, name=TILL, is_live=False)
    change_till(
        actor,
        till.id,
        takes_moto=True,
        takes_moto_api=True,
        takes_recurring=True,
        takes_telephone_notices=True,
        is_open=True,
    )
    return make_key(actor, till.id, name=TILL, random=secret)
