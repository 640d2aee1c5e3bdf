"""The one contract of every carrier of emails: SMTP and SES before real servers; the sandbox."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from pytest_django import Settings

from townhall.capabilities.notify import models, queries
from townhall.capabilities.notify.errors import RecipientRefused
from townhall.capabilities.notify.providers import Carrier
from townhall.capabilities.notify.providers.sandbox import SandboxCarrier
from townhall.capabilities.notify.providers.ses import SesCarrier
from townhall.capabilities.notify.providers.smtp import SmtpCarrier
from townhall.capabilities.notify.tests import ses
from townhall.capabilities.notify.tests.make import BARSET, make_actor
from townhall.capabilities.notify.tests.post_office import (
    SENDER,
    free_port,
    make_letter,
    post_office,
    taken_by,
)
from townhall.machinery.errors import Unavailable
from townhall.machinery.inspection import inspect_all

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A carrier, what came out at the other end, and whom that end never takes anything for."""

    carrier: Carrier
    arrived: Callable[[], list[bytes]]
    refused: str = ""
    reply: str = ""


@pytest.fixture(scope="module")
def office() -> Iterator[Controller]:
    with post_office() as office:
        yield office


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with ses.amazon() as url:
        ses.verify(url, "barset.example")
        yield url


@pytest.fixture
def smtp(office: Controller) -> Side:
    taken_by(office).clear()
    return Side(
        carrier=SmtpCarrier(url=f"smtp://127.0.0.1:{office.port}", sender=SENDER),
        arrived=lambda: [each.content for each in taken_by(office)],
        refused="nobody@example.com",
        reply="550 5.1.1",
    )


@pytest.fixture
def amazon(endpoint: str) -> Side:
    before = len(ses.sent())
    return Side(
        carrier=SesCarrier(url=ses.ses_url(endpoint), sender=SENDER),
        arrived=lambda: ses.sent()[before:],
        refused="an@n@example.com",  # moto looks at little else
        reply="ses InvalidParameterValue",
    )


@pytest.fixture
def sandbox() -> Side:
    return Side(
        carrier=SandboxCarrier(sender=SENDER),
        arrived=lambda: [
            bytes(each.source) for each in models.SandboxMessage.objects.order_by("id")
        ],
    )


EVERY = pytest.mark.parametrize("name", ["smtp", "amazon", "sandbox"])
OUTSIDE = pytest.mark.parametrize("name", ["smtp", "amazon"])  # the sandbox takes everything


@pytest.fixture
def side(request: pytest.FixtureRequest, name: str) -> Side:
    side: Side = request.getfixturevalue(name)
    return side


def away(name: str) -> Carrier:
    """One whose other end is not there."""
    at = f"127.0.0.1:{free_port()}"
    if name == "smtp":
        return SmtpCarrier(url=f"smtp://{at}", sender=SENDER)
    return SesCarrier(url=ses.ses_url(f"http://{at}"), sender=SENDER)


@EVERY
def test_it_brings_an_email_whole(side: Side) -> None:
    letter = make_letter()
    written = letter.as_bytes()

    side.carrier.carry(letter, to="ann@example.com", organisation_id=BARSET.id)

    (source,) = side.arrived()
    assert source == written
    came = message_from_bytes(source, policy=default)
    assert came["From"] == "Cyngor Bârset <noreply@barset.example>"
    assert came["To"] == "ann@example.com"
    assert came["Subject"] == "Casgliad ddydd Mawrth ŵ"
    assert came["Message-ID"] == "<00000000-0000-0000-0000-000000000005@barset.example>"
    assert came["Auto-Submitted"] == "auto-generated"
    text, html = came.get_body(("plain",)), came.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().split() == ["Helô", ".", "llinell"]
    assert "<p>Helô</p>" in html.get_content()
    (attached,) = came.iter_attachments()
    assert attached.get_payload(decode=True) == b"BEGIN\r\n"


@EVERY
def test_one_email_twice_has_one_message_id(side: Side) -> None:
    for _each in range(2):
        side.carrier.carry(make_letter(), to="ann@example.com", organisation_id=BARSET.id)

    came = [message_from_bytes(source) for source in side.arrived()]
    assert (len(came), len({letter["Message-ID"] for letter in came})) == (2, 1)


@EVERY
def test_it_says_that_it_is_well(side: Side, settings: Settings) -> None:
    settings.DEMO = True

    assert side.carrier.sender == SENDER
    assert side.carrier.check() == ""


@OUTSIDE
def test_a_recipient_who_is_refused_is_refused_for_ever(side: Side) -> None:
    letter = make_letter()

    with pytest.raises(RecipientRefused) as refusal:
        side.carrier.carry(letter, to=side.refused, organisation_id=BARSET.id)

    assert refusal.value.reply == side.reply
    assert "example.com" not in str(refusal.value)
    assert side.arrived() == []


@OUTSIDE
def test_who_is_away_is_asked_again_later_and_says_so(name: str) -> None:
    carrier = away(name)

    with pytest.raises(Unavailable) as refusal:
        carrier.carry(make_letter(), to="ann@example.com", organisation_id=BARSET.id)

    assert carrier.check() == str(refusal.value)
    assert any(word in carrier.check() for word in ("ConnectionRefused", "EndpointConnection"))
    assert "example.com" not in carrier.check()


def test_the_sandbox_says_that_it_reaches_nobody(settings: Settings) -> None:
    settings.DEMO = False

    assert "reach nobody" in SandboxCarrier(sender=SENDER).check()
    assert any("reach nobody" in finding.advice for finding in inspect_all())


def test_the_sandbox_keeps_organisations_apart() -> None:
    sandbox = SandboxCarrier(sender=SENDER)
    sandbox.carry(make_letter(), to="ann@example.com", organisation_id=UUID(int=2))

    assert queries.list_sandbox_messages(make_actor()).rows == []
