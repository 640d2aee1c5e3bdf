"""What the integration tests of GOV.UK Notify's clients expect to find, made where there is none.

https://github.com/alphagov/notifications-python-client and its sisters say which in their READMEs.
"""

from datetime import timedelta
from uuid import UUID, uuid5

from django.utils import timezone

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.operations.going_live import choose_channels, open_sender
from townhall.capabilities.notify.operations.keys import make_api_key
from townhall.capabilities.notify.operations.origins import set_contact
from townhall.capabilities.notify.operations.templates import edit_template, make_template
from townhall.capabilities.notify.records import Channel, KeyType
from townhall.machinery.actors import Actor
from townhall.machinery.dial_values import set_dial
from townhall.machinery.dials import SET_DIALS
from townhall.machinery.operations import operation
from townhall.machinery.wording import Wording

SENDER = "Functional Tests"
NUMBER = "07700900500"  # Ofcom keeps it for dramas
EMAIL = "functional-tests@example.com"
REPLY_TO = ("reply-to-default@example.com", "reply-to@example.com")
TEXT_SENDERS = (NUMBER, "func tests")
BLOCK = "Pontafon Town Council\nTown Hall\n1 Market Square\nPontafon\nAA1 1AN"
RECEIVED = 3
ADDED = "command:notify_client_fixtures"


@operation(permissions.MANAGE_KEYS)
def make_client_fixtures(actor: Actor, *, secret: UUID) -> records.ClientFixtures:
    """Make whatever of the fixtures is missing, and name them. A second time changes nothing.

    The sender is live and may send everything, and the organisation sends abroad.
    The keys' secrets are made of `secret`, so that they can be said again.
    """
    may = actor.may | {permissions.EDIT_TEMPLATES, permissions.OPEN_SENDERS, SET_DIALS}
    us = Actor(ADDED, may, actor.organisation_id)
    open_sender(us, sender=SENDER)
    set_dial(us, "notify", "abroad", value=True)
    sender = models.Sender.named(actor, SENDER)
    choose_channels(us, sender.id, channels=list(Channel))
    replies = [_origin(sender, Channel.EMAIL, words) for words in REPLY_TO]
    texts = [_origin(sender, Channel.SMS, words) for words in TEXT_SENDERS]
    _origin(sender, Channel.LETTER, BLOCK)
    set_contact(us, contact=EMAIL, sender=SENDER)
    _receive(actor, sender)
    test_key = _key(us, KeyType.TEST, secret)
    return records.ClientFixtures(
        test_key=test_key.text,
        live_key=_key(us, KeyType.LIVE, secret).text,
        number=NUMBER,
        email=EMAIL,
        email_template_id=_email_template(us),
        text_template_id=_text_template(us),
        letter_template_id=_letter_template(us),
        reply_to_id=replies[-1].id,
        text_sender_id=texts[-1].id,
    )


def _origin(sender: models.Sender, channel: Channel, words: str) -> models.Origin:
    """The first of a channel is its usual one; a telephone number takes texts."""
    is_first = not sender.origins.filter(channel=channel, is_default=True).exists()
    takes_texts = words == NUMBER
    return sender.origins.get_or_create(
        channel=channel,
        words=words,
        defaults={"is_default": is_first, "takes_texts": takes_texts},
    )[0]


def _receive(actor: Actor, sender: models.Sender) -> None:
    for number in range(1, RECEIVED + 1):
        models.ReceivedText.objects.get_or_create(
            supplier_reference=f"fixture-{sender.id}-{number}",
            defaults={
                "organisation_id": actor.organisation_id,
                "sender": sender,
                "to": NUMBER,
                "by": f"44770090080{number}",
                "body": f"Received text {number}",
                "created_at": timezone.now() - timedelta(minutes=number),
            },
        )


def _key(us: Actor, key_type: KeyType, secret: UUID) -> records.NewKey:
    name = f"functional_tests_{key_type}_key"
    return make_api_key(us, name=name, key_type=key_type, sender=SENDER, secret=uuid5(secret, name))


def _email_template(us: Actor) -> UUID:
    title, subject = "Client Functional test email template", Wording("Functional Tests are good")
    first = Wording("Functional test help make our world a better place")
    second = Wording(f"Hello ((name))\r\n\r\n{first.en}")
    return _template(us, Channel.EMAIL, (title, title), subject, (first, second))


def _text_template(us: Actor) -> UUID:
    titles = ("Example text message template", "Client Functional test sms template")
    bodies = (
        Wording("Hey ((name)), today is ((day of week)). My favourite colour is ((colour))."),
        Wording("Hello ((name))\r\n\r\nFunctional Tests make our world a better place"),
    )
    return _template(us, Channel.SMS, titles, Wording(""), bodies)


def _letter_template(us: Actor) -> UUID:
    titles = ("Untitled letter", "Client functional letter template")
    bodies = (Wording("Body"), Wording("Hello ((address_line_1))"))
    return _template(us, Channel.LETTER, titles, Wording("Main heading"), bodies)


def _template(
    us: Actor,
    channel: Channel,
    titles: tuple[str, str],
    subject: Wording,
    bodies: tuple[Wording, Wording],
) -> UUID:
    """A template in its two versions."""
    there = models.Template.visible_to(us).filter(
        sender__name=SENDER, channel=channel, title=titles[1], archived_at=None
    )
    if (found := there.first()) is not None:
        return found.id
    made = make_template(
        us, title=titles[0], subject=subject, body=bodies[0], channel=channel, sender=SENDER
    )
    edit_template(
        us, made.id, title=titles[1], subject=subject, body=bodies[1], seen_version=made.version
    )
    return made.id
