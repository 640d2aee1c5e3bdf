"""Letting programs in, as often in a second as GOV.UK Pay does."""

from enum import StrEnum

from django.utils import timezone

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.errors import TooFast
from townhall.capabilities.pay.operations.tills import note_use
from townhall.capabilities.pay.queries import identify_program
from townhall.machinery.actors import Actor
from townhall.machinery.operations import errand


class Asks(StrEnum):
    """What a program asks for, as far as it is limited apart."""

    CREATE = "create"  # a payment
    CAPTURE = "capture"
    POST = "post"  # anything else
    GET = "get"


PER_SECOND = {Asks.CREATE: 15, Asks.CAPTURE: 15, Asks.POST: 15, Asks.GET: 75}


@errand(permissions.CHECK_KEYS)
def admit_program(actor: Actor, key: str, *, asks: Asks) -> records.Program:
    """Whose a key is. Raises KeyRefused, or TooFast.

    In no transaction: what is counted stays counted, whatever becomes of what is asked.
    """
    program = identify_program(actor, key)
    if not models.Allowance.take_one(program.till.id, asks.value, per_second=PER_SECOND[asks]):
        raise TooFast("Too many requests")
    if program.used_on != timezone.localdate():
        note_use(actor, program.key_id)
    return program
