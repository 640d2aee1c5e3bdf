"""Which organisation a request or a schedule is for; the identity capability knows them all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from townhall.machinery.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A council, agency, trust or employer, as its pages and messages show it."""

    id: UUID
    slug: str
    name: Wording
    colour: str
    logo_url: str
    contact: Wording  # how to reach it when these pages will not do
    address: str = ""  # "https://town.example", where its pages are; "" if not known
    passkey_roles: tuple[str, ...] = ()  # titles of roles for which an app is not enough
    trusted_days: int = 0  # that residents' devices are trusted without their second factor


def every_organisation() -> list[Organisation]:
    """All organisations of this installation, for schedules and preparations."""
    return cast(Callable[[], list[Organisation]], import_string(settings.ORGANISATIONS))()


Preparation = Callable[[Organisation], None]
_preparations: list[Preparation] = []


def prepares(function: Preparation) -> Preparation:
    """Run the function for each organisation after every upgrade and when one is added.

    It may run any number of times: make that harmless.
    """
    if function not in _preparations:
        _preparations.append(function)
    return function


def prepare(organisation: Organisation) -> None:
    """Give an organisation what each service and capability needs to be there for it."""
    for preparation in _preparations:
        preparation(organisation)
