"""Ways in that only the demo has."""

import secrets
from hashlib import sha256
from uuid import UUID

from django.utils.translation import gettext as _

from townhall.capabilities.identity.operations import add_person
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation
from townhall.services.demo.errors import LinkUsed, NoSuchPlayer
from townhall.services.demo.models import OneUseLink
from townhall.services.demo.service import DEMO, PLAY, PLAYERS


@operation(PLAY)
def make_links(actor: Actor) -> dict[str, str]:
    """A new one-use link's secret for each player; earlier ones that were not used still work."""
    made = {}
    for player in PLAYERS:
        secret = secrets.token_urlsafe(24)
        OneUseLink.objects.create(
            key_hash=_hash(secret), organisation_id=actor.organisation_id, player=player.key
        )
        made[player.key] = secret
    return made


@operation(PLAY)
def use_link(actor: Actor, secret: str) -> UUID:
    """The person whose link this is. Raises LinkUsed the second time, and for one we never made."""
    key = OneUseLink.use(actor.organisation_id, _hash(secret))
    if key is None:
        raise LinkUsed(_("This link has been used. `make up` prints new ones each time it starts."))
    return find_player(actor, key)


@operation(PLAY)
def find_player(actor: Actor, key: str) -> UUID:
    """The person id of one of the town's players."""
    player = next((each for each in PLAYERS if each.key == key), None)
    if player is None:
        raise NoSuchPlayer(_("Nobody of that name plays here."))
    us = DEMO.acting_for(actor)
    return add_person(us, email=player.email, name=player.name, phone=player.phone).id


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
