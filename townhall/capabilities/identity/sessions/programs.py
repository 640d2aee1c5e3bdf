"""From the key that a program sends to the actor that it is."""

from django.http import HttpRequest

from townhall.capabilities.identity import operations, permissions
from townhall.capabilities.identity.sessions.organisations import organisation_of
from townhall.machinery.actors import Actor

SCHEME = "bearer "


def program_asks(request: HttpRequest) -> Actor:
    """The program behind a request, with what its key allows. Raises WrongKey."""
    organisation_id = organisation_of(request).id
    checker = Actor("capability:identity", frozenset({permissions.CHECK_KEYS}), organisation_id)
    given = request.headers.get("Authorization", "")
    key = given[len(SCHEME) :].strip() if given.lower().startswith(SCHEME) else ""
    found = operations.use_program_key(checker, key=key)
    return Actor(f"program:{found.program}", found.permissions, organisation_id)
