"""What is said of an address: who may open it, and what they find there."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>")  # of an address, with its kind or without
Words = Mapping[str, Any]  # Any: strings, and lists of them


STAFF = ("crew", "caseworker", "administrator", "operator")
RESIDENTS = ("owner", "stranger")
AS_RESIDENTS = ("halfway", "leaver", "visitor")  # what they may elsewhere, may no more or not yet
ANYONE = "anyone"
SIGNED_IN = "signed-in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Who of an organisation may come in at an address, and what they find there."""

    opens: frozenset[str]  # roles, residents, ANYONE, SIGNED_IN or "program"
    get: tuple[int, ...]
    post: Words | None  # what the right person sends; None where nothing is sent
    done: int  # the answer to that
    by_address: bool  # whoever has the unguessable address may know the reference
    of_all: bool  # shows no person, and is of the whole installation
    asks: tuple[str, ...]  # queries to try beside the plain address
    things: Words  # what fills the address, by argument

    def lets_in(self, name: str) -> bool:
        if ANYONE in self.opens or name in self.opens:
            return True
        return SIGNED_IN in self.opens and name not in ("nobody", "program")

    @property
    def other_staff(self) -> str:
        """The roles that it is not for."""
        return " ".join(role for role in STAFF if not self.lets_in(role))


def door(
    opens: str,
    *,
    get: int | tuple[int, ...] = 200,
    post: Words | None = None,
    done: int = 302,
    by_address: bool = False,
    of_all: bool = False,
    asks: tuple[str, ...] = (),
    **things: str,
) -> Door:
    return Door(
        opens=frozenset(opens.split()),
        get=get if isinstance(get, tuple) else (get,),
        post=post,
        done=done,
        by_address=by_address,
        of_all=of_all,
        asks=asks,
        things=things,
    )
