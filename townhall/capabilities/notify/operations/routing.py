"""Taking one message to the first supplier that takes it."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.capabilities.notify import models
from townhall.capabilities.notify.errors import AnswerLost, RecipientRefused
from townhall.capabilities.notify.records import Status, Trouble
from townhall.capabilities.notify.rules.routing import in_order, is_rested
from townhall.machinery.errors import Unavailable

logger = logging.getLogger("townhall.notify.suppliers")


class Named(Protocol):
    @property
    def name(self) -> str: ...


S = TypeVar("S", bound=Named)


Troubles = Mapping[str, Trouble]


class GivenMeanwhile(Exception):
    """Another task is at the same message."""


def find_troubles() -> Troubles:
    """Which suppliers have failed and not been well since, by name."""
    return {each.name: each.record() for each in models.Supplier.in_trouble()}


def route(
    message: models.Message, suppliers: Sequence[S], troubles: Troubles, give: Callable[[S], Status]
) -> tuple[str, Status]:
    """Give it to one supplier: its name, and what is known of the message then.

    Where there are several, which one may have it is written down before it is asked: if we never
    hear its answer, or are killed, the message goes to no other one.

    Raises RecipientRefused, and Unavailable if none took it.
    """
    now = timezone.now()
    names = [each.name for each in suppliers]
    given_to, last = message.supplier, Unavailable(_("No supplier takes messages now."))
    for name in in_order(names, given_to=message.supplier, troubles=troubles, now=now):
        if is_rested(troubles.get(name), now) and not models.Supplier.wake(name):
            continue
        if len(names) > 1:
            _note_given(message, given_to, name)
            given_to = name
        supplier = next(each for each in suppliers if each.name == name)
        try:
            return name, _ask(supplier, give, troubles.get(name))
        except AnswerLost:
            models.Message.give(message.id, to=name, instead_of=given_to)
            raise
        except Unavailable as away:
            last = away
    if given_to != message.supplier:
        _note_given(message, given_to, "")
    raise last


def _note_given(message: models.Message, before: str, after: str) -> None:
    if before != after and not models.Message.give(message.id, to=after, instead_of=before):
        raise GivenMeanwhile


def _ask(supplier: S, give: Callable[[S], Status], trouble: Trouble | None) -> Status:
    """What it answers; and whether it is well, for all who come after."""
    try:
        status = give(supplier)
    except Unavailable as away:
        if models.Supplier.note_failure(supplier.name, str(away)):
            logger.warning("supplier rests", extra={"supplier": supplier.name})
        raise
    except RecipientRefused:  # it is well enough to say no
        _note_well(supplier.name, trouble)
        raise
    _note_well(supplier.name, trouble)
    return status


def _note_well(name: str, trouble: Trouble | None) -> None:
    if trouble is not None and models.Supplier.note_success(name):
        logger.warning("supplier works again", extra={"supplier": name})
