"""The test console: a relying party of our own, with which staff try out a sign-in."""

from urllib.parse import urlsplit

from townhall.capabilities.identity import permissions, queries, records
from townhall.capabilities.identity.operations.relying_parties import register_once
from townhall.capabilities.identity.records import IdentityClaim, Level, Scope
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation

CONSOLE = "Test console"


@operation(permissions.MANAGE_RELYING_PARTIES)
def open_console(actor: Actor, *, back_url: str) -> records.RelyingParty:
    """Register the console if it is not there, to come back to `back_url`. Raises BadAnswer."""
    told = records.Registration(
        name=CONSOLE,
        redirect_uris=(back_url,),
        sector=(urlsplit(back_url).hostname or "").lower(),
        public_key=queries.get_console_key(actor),
        levels=(Level.P1, Level.P2, Level.P3),
        scopes=tuple(Scope),
        claims=tuple(IdentityClaim),
    )
    return register_once(actor, told=told)
