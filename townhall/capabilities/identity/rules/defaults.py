"""The roles that every organisation begins with."""

from townhall.capabilities.identity import permissions
from townhall.machinery.actors import Permission
from townhall.machinery.dials import SET_DIALS
from townhall.machinery.service import offered

# What the roles that every organisation begins with may do of identity's own.
_OWN = {
    "administrator": frozenset(
        {
            permissions.MANAGE_PEOPLE,
            permissions.READ_MEMBERS,
            permissions.MANAGE_RELYING_PARTIES,
            SET_DIALS,
        }
    ),
    "caseworker": frozenset({permissions.PROVE_PEOPLE}),
    "crew": frozenset[Permission](),
    "operator": frozenset({permissions.RUN_INSTALLATION}),
}


def defaults() -> dict[str, frozenset[Permission]]:
    """What each role that every organisation begins with may do, by its slug."""
    wanted = dict(_OWN)
    for service in offered():
        for slug, may in service.staff_roles.items():
            wanted[slug] = wanted.get(slug, frozenset()) | may
    return wanted
