"""What smoke tests of GOV.UK Pay's API expect to find, made where there is none."""

from townhall.capabilities.pay import models, permissions
from townhall.capabilities.pay.operations.links import add_link
from townhall.capabilities.pay.operations.tills import add_till, change_till, make_key
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation

TILL = "Smoke tests"
FIXTURE_LINK = "smoke-tests"


@operation(permissions.MANAGE)
def make_client_fixtures(actor: Actor, *, secret: str) -> tuple[str, str]:
    """Make a test till that takes everything, if it is missing; its key, and a link's address.

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
    if not models.Link.visible_to(actor).filter(slug=FIXTURE_LINK).exists():
        add_link(
            actor,
            till.id,
            title=TILL,
            details="",
            reference_label="",
            amount=None,
            language="en",
            slug=FIXTURE_LINK,
        )
    return make_key(actor, till.id, name=TILL, random=secret), FIXTURE_LINK
