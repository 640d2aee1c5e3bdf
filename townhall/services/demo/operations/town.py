"""The town before its story begins: its organisation, its addresses and its people."""

from uuid import UUID

from townhall.capabilities.identity.operations import (
    add_member,
    add_organisation,
    enrol_totp,
)
from townhall.capabilities.notify.operations import (
    make_api_key,
    make_template,
    open_sender,
    set_contact,
)
from townhall.capabilities.notify.records import KeyType
from townhall.capabilities.pay.operations import make_client_fixtures
from townhall.capabilities.places.operations import import_addresses
from townhall.machinery.actors import Actor
from townhall.machinery.dial_values import set_dial
from townhall.machinery.operations import operation
from townhall.machinery.organisations import Organisation
from townhall.machinery.wording import Wording
from townhall.services.demo import models, records
from townhall.services.demo.operations.doors import find_player
from townhall.services.demo.secrets import api_key_secret, till_key_secret, totp_secret
from townhall.services.demo.service import DEMO, PLAY, PLAYERS

NAME = Wording("Pontafon Town Council", "Cyngor Tref Pontafon")
CONTACT = Wording(
    "Telephone 01632 960100, Monday to Friday, 9am to 5pm. Town Hall, 1 Market Square, Pontafon",
    "Ffôn 01632 960100, dydd Llun i ddydd Gwener, 9am i 5pm. Neuadd y Dref, 1 Sgwâr y Farchnad, "
    "Pontafon",
)
STREETS = (
    "Abbey Walk",
    "Bridge Street",
    "Chapel Lane",
    "Castle Rise",
    "Dyers Row",
    "Eastgate",
    "Foundry Close",
    "Glebe Road",
    "Heol y Felin",
    "Ironworks Terrace",
    "Jubilee Crescent",
    "Kiln Lane",
    "Lime Tree Avenue",
    "Market Square",
    "Northfield Road",
    "Orchard Way",
    "Priory Gardens",
    "Quay Street",
    "River View",
    "Stryd Fawr",
    "Tannery Court",
    "Upper Mill Street",
    "Viaduct Road",
    "Weavers Green",
)
HOUSES = 14  # of each street
FIRST_UPRN = 999_000_000_000  # a range that no street has


@operation(PLAY)
def begin_town(actor: Actor, *, slug: str) -> Organisation:
    """Open the organisation of the demo, with its dials' values."""
    return add_organisation(DEMO.acting_for(actor), slug=slug, name=NAME, hosts=[])


@operation(PLAY)
def fill_town(actor: Actor) -> dict[str, UUID]:
    """Addresses, players and a program's key for an organisation just opened: the players' ids."""
    us = DEMO.acting_for(actor)
    set_dial(us, "organisation", "contact", value=CONTACT)
    set_dial(us, "organisation", "colour", value="#00625f")
    import_addresses(us, rows=list(_addresses()))
    people = {player.key: find_player(actor, player.key) for player in PLAYERS}
    for player in PLAYERS:
        if player.role:
            roles = ["operator", player.role] if player.key == "administrator" else [player.role]
            add_member(us, email=player.email, name=player.name, roles=roles)
            enrol_totp(us, people[player.key], secret=totp_secret(player))
    _welcome_programs(us)
    open_till(actor)
    return people


@operation(PLAY)
def open_till(actor: Actor) -> records.Till:
    """A test till for programs that take payments, and a page where anyone may pay at it.

    The key is made of the installation's secret, so that it can be said again.
    """
    key, link = make_client_fixtures(DEMO.acting_for(actor), secret=till_key_secret())
    return records.Till(key=key, link=link)


def _addresses() -> list[dict[str, str]]:
    rows = []
    for street_number, street in enumerate(STREETS):
        postcode = f"AA1 1A{'ABDEFGHJLNPQRSTUWXYZ'[street_number % 20]}"
        if street_number >= 20:
            postcode = f"AA1 1B{'ABDE'[street_number - 20]}"
        rows += [
            {
                "UPRN": str(FIRST_UPRN + street_number * 100 + house),
                "house": str(house),
                "street": street,
                "locality": "",
                "town": "Pontafon",
                "postcode": postcode,
            }
            for house in range(1, HOUSES + 1)
        ]
    return rows


def _welcome_programs(us: Actor) -> None:
    template = make_template(
        us,
        title="Greeting from a program",
        subject=Wording("Hello ((name))"),
        body=Wording("Dear ((name)),\n\nthis email was sent with GOV.UK Notify's own client."),
    )
    set_contact(us, contact="01632 960100")
    open_sender(us)
    key = make_api_key(us, name="demo", key_type=KeyType.LIVE, secret=api_key_secret())
    sender_id = UUID(key.text[-73:-37])
    models.Town.objects.create(
        organisation_id=us.organisation_id,
        key_name="demo",
        sender_id=sender_id,
        template_id=template.id,
    )
