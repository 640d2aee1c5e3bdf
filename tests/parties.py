"""A relying party for the world of the access walk, and somebody who shares with it."""

from tests.marks import Town
from townhall.capabilities.identity import permissions
from townhall.capabilities.identity.operations import agree_to_share, register_relying_party
from townhall.capabilities.identity.records import Authentication, Registration, Scope
from townhall.machinery.actors import Actor


def open_party(town: Town) -> None:
    told = Registration(
        name=f"{town.mark} service",
        redirect_uris=("https://fishing.example/back",),
        sector="fishing.example",
        authentication=Authentication.SECRET,
    )
    manager = town.actor("test", permissions.MANAGE_RELYING_PARTIES)
    party, _secret = register_relying_party(manager, told=told)
    town.things["relying_party"] = str(party.id)
    may = frozenset({permissions.SHARE_IDENTITY})
    owner = Actor("resident", may, town.organisation.id, town.people["owner"])
    agree_to_share(owner, party.id, shares=[Scope.OPENID])
