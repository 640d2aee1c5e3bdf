"""What the town's programs have sent, so that there are figures to look at."""

from townhall.capabilities.notify.operations import invent_messages, make_template
from townhall.capabilities.notify.records import Channel
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation
from townhall.machinery.wording import Wording
from townhall.services.demo.service import DEMO, PLAY

SENDER = "libraries"
WEEKS = 12


@operation(PLAY)
def send_much(actor: Actor) -> None:
    """Weeks of reminders from the town's libraries."""
    us = DEMO.acting_for(actor)
    ready = make_template(
        us,
        title="Book ready to collect",
        subject=Wording("Your book is ready", "Mae eich llyfr yn barod"),
        body=Wording(
            "Dear reader,\n\nyour book waits for you at the library in Market Square.",
            "Annwyl ddarllenydd,\n\nmae eich llyfr yn aros yn y llyfrgell yn Sgwâr y Farchnad.",
        ),
        sender=SENDER,
    )
    due = make_template(
        us,
        title="Book due back",
        body=Wording(
            "Pontafon libraries: a book of yours is due back tomorrow.",
            "Llyfrgelloedd Pontafon: mae angen dychwelyd un o’ch llyfrau yfory.",
        ),
        channel=Channel.SMS,
        sender=SENDER,
    )
    overdue = make_template(
        us,
        title="Book overdue",
        subject=Wording("A book of yours is overdue", "Mae un o’ch llyfrau yn hwyr"),
        body=Wording(
            "Dear reader,\n\nplease bring your book back, or renew it online.",
            "Annwyl ddarllenydd,\n\ndewch â’ch llyfr yn ôl, neu adnewyddwch ef ar-lein.",
        ),
        channel=Channel.LETTER,
        sender=SENDER,
    )
    invent_messages(us, template_ids=[ready.id, due.id, overdue.id], weeks=WEEKS)
