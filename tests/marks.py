"""Organisations whose every word can be recognised, and the people at their pages."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

import jwt
from django.db import transaction

from townhall.capabilities.notify.records import (
    NewKey,
)
from townhall.machinery.actors import Actor, Permission
from townhall.machinery.organisations import Organisation


@dataclass(frozen=True, slots=True)
class Who:
    """Someone at the keyboard, or a program, at the pages of one organisation."""

    name: str
    host: str
    session: str = ""
    person_id: UUID | None = None
    key: NewKey | None = None
    pay_key: str = ""  # of the same program at its till


@dataclass(slots=True)
class Town:
    """One organisation with something of everything. Each text in it that is not for everybody
    has the organisation's mark, and each is known with the person whom it is about."""

    organisation: Organisation
    mark: str
    key: NewKey
    people: dict[str, UUID]
    who: dict[str, Who]
    things: dict[str, str] = field(default_factory=dict)  # what fills addresses and answers
    marks: dict[str, UUID | None] = field(default_factory=dict)
    references: dict[str, UUID | None] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return f"{self.organisation.slug}.example"

    @property
    def all_marks(self) -> dict[str, UUID | None]:
        return self.marks | self.references

    def actor(self, name: str, *may: Permission) -> Actor:
        return Actor(name, frozenset(may), self.organisation.id, self.people.get(name))


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is done inside has not happened afterwards, like all that Django's tests do."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # as Django marks its own
    with block:
        yield
        transaction.set_rollback(True)


def bearer(key: NewKey) -> str:
    """What a program sends to prove that it has the key."""
    claims = {"iss": key.text[-73:-37], "iat": int(time.time())}
    return "Bearer " + jwt.encode(claims, key.text[-36:])


def email_of(mark: str, name: str) -> str:
    return f"{name.replace(' ', '-')}@{mark}.example".lower()
