"""Texts and letters as programs ask for them, and what they are made of."""

import base64
from datetime import date
from typing import Any

from townhall.capabilities.notify import operations, records
from townhall.capabilities.notify.records import Channel
from townhall.capabilities.notify.rendering.letters import write_pdf
from townhall.capabilities.notify.tests.make import BARSET, SENDER, make_actor
from townhall.capabilities.notify.tests.wire import post
from townhall.machinery.actors import Actor
from townhall.machinery.dial_values import set_dial
from townhall.machinery.dials import SET_DIALS
from townhall.machinery.wording import Wording

SMS, LETTER = "/v2/notifications/sms", "/v2/notifications/letter"
ADDRESS = {
    "address_line_1": "Ann Arbour",
    "address_line_2": "1 Abbey Walk",
    "address_line_3": "SW1A 1AA",
}


def make(channel: Channel, words: str = "Hello ((name))") -> records.Template:
    return operations.make_template(
        make_actor(),
        title=f"{channel} template",
        subject=Wording("" if channel == Channel.SMS else "About ((name))"),
        body=Wording(words),
        channel=channel,
        sender=SENDER,
    )


def text(**changes: object) -> dict[str, object]:
    usual: dict[str, object] = {"phone_number": "07700 900123", "personalisation": {"name": "Ann"}}
    if "template_id" not in changes:
        changes["template_id"] = str(make(Channel.SMS).id)
    return {name: value for name, value in (usual | changes).items() if value is not ...}


def letter(**changes: object) -> dict[str, object]:
    usual: dict[str, object] = {"personalisation": ADDRESS | {"name": "Ann"}}
    if "template_id" not in changes:
        changes["template_id"] = str(make(Channel.LETTER).id)
    return {name: value for name, value in (usual | changes).items() if value is not ...}


def ready_letter(*address: str) -> bytes:
    return write_pdf(
        records.Sheet(
            address=address or tuple(ADDRESS.values()),
            contact_block="Barset Council",
            written_on=date(2026, 11, 23),
            subject="Made elsewhere",
            body="As it came.",
            language="en",
        )
    )


def set_to(name: str, value: object) -> None:
    setter = Actor("staff:administrator", frozenset({SET_DIALS}), BARSET.id)
    set_dial(setter, "notify", name, value=value)


def send_ready(key: records.NewKey, pdf: bytes, **changes: object) -> Any:
    coded = base64.b64encode(pdf).decode()
    asked: dict[str, object] = {"reference": "r", "content": coded}
    return post(key, asked | changes, path=LETTER)
