"""How the suppliers of messages are doing: for whoever runs the installation."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.timezone import localtime

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.providers import (
    Carrier,
    Printer,
    Texter,
    carriers,
    printers,
    texters,
)
from townhall.capabilities.notify.records import Channel
from townhall.capabilities.notify.rules.routing import is_resting
from townhall.machinery.actors import Actor
from townhall.machinery.inspection import Finding, inspects
from townhall.machinery.operations import query

SUBJECTS = {Channel.EMAIL: "email", Channel.SMS: "text messages", Channel.LETTER: "letters"}


@query(permissions.SEE_SUPPLIERS)
def list_suppliers(actor: Actor) -> list[records.Supplier]:
    """The suppliers of each channel, the preferred ones first. Asks none of them."""
    now = timezone.now()
    troubles = {each.name: each.record() for each in models.Supplier.in_trouble()}
    return [_supplier(*each, troubles, now) for each in _chosen()]


def _supplier(
    channel: Channel,
    chosen: Carrier | Texter | Printer,
    troubles: dict[str, records.Trouble],
    now: datetime,
) -> records.Supplier:
    trouble = troubles.get(chosen.name)
    return records.Supplier(
        channel=channel,
        name=chosen.name,
        texts_path=getattr(chosen, "texts_path", ""),
        rests_until=trouble.rests_until if trouble and is_resting(trouble, now) else None,
        trouble=trouble,
    )


def _chosen() -> Iterator[tuple[Channel, Carrier | Texter | Printer]]:
    yield from ((Channel.EMAIL, each) for each in carriers())
    yield from ((Channel.SMS, each) for each in texters())
    yield from ((Channel.LETTER, each) for each in printers())


@inspects
def _inspect() -> Iterator[Finding]:
    """Asks each."""
    now = timezone.now()
    troubles = {each.name: each.record() for each in models.Supplier.in_trouble()}
    for channel, chosen in _chosen():
        advice = " ".join(filter(None, [chosen.check(), _rest(troubles.get(chosen.name), now)]))
        is_fault = channel == Channel.EMAIL and bool(advice)
        yield Finding(subject=_subject(channel, chosen.name), advice=advice, is_fault=is_fault)


def _subject(channel: Channel, name: str) -> str:
    """Which one it is, where there are several."""
    alone = {Channel.EMAIL: carriers, Channel.SMS: texters, Channel.LETTER: printers}
    several = len(alone[channel]()) > 1
    return f"{SUBJECTS[channel]} by {name}" if several else SUBJECTS[channel]


def _rest(trouble: records.Trouble | None, now: datetime) -> str:
    if trouble is None or not is_resting(trouble, now):
        return ""
    until = localtime(trouble.rests_until)
    return (
        f"It failed {trouble.failures} times in a row and is left alone until {until:%H:%M:%S}. "
        f"It last said: {trouble.last_words}"
    )
