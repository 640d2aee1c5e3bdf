"""SES by the words it answers with."""

import json
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured

from townhall.capabilities.notify.errors import RecipientRefused
from townhall.capabilities.notify.providers.ses import SesCarrier
from townhall.capabilities.notify.tests import ses
from townhall.capabilities.notify.tests.make import BARSET
from townhall.capabilities.notify.tests.peers import Peer, listening
from townhall.capabilities.notify.tests.post_office import SENDER, make_letter
from townhall.machinery.errors import Unavailable


@pytest.fixture(scope="module")
def server() -> Iterator[Peer]:
    with listening() as peer:
        yield peer


@pytest.fixture(scope="module")
def carrier(server: Peer) -> SesCarrier:
    """One for all: Amazon's library takes half a second to read what SES understands."""
    return SesCarrier(url=ses.ses_url(server.url), sender=SENDER)


@pytest.fixture
def peer(server: Peer) -> Peer:
    server.asked.clear()
    return server


def answer(peer: Peer, *answers: tuple[int, str, object]) -> None:
    """Let SES answer so, in turn: a status, an error and more JSON."""
    peer.answers = [
        (status, {"X-Amzn-ErrorType": error} if error else {}, json.dumps(said).encode())
        for status, error, said in answers
    ]


def carry(carrier: SesCarrier) -> None:
    carrier.carry(make_letter(), to="ann@bücher.example", organisation_id=BARSET.id)


def test_an_email_says_which_message_it_is(peer: Peer, carrier: SesCarrier) -> None:
    answer(peer, (200, "", {"MessageId": "0102"}))

    carry(carrier)

    (asked,) = peer.asked
    said = json.loads(asked.body)
    assert asked.path == "/v2/email/outbound-emails"
    assert "Credential=KEY/" in asked.headers["authorization"]
    assert said["FromEmailAddress"] == SENDER
    assert said["Destination"] == {"ToAddresses": ["ann@xn--bcher-kva.example"]}
    assert said["ConfigurationSetName"] == "townhall"
    assert said["EmailTags"] == [{"Name": "townhall-message", "Value": str(UUID(int=5))}]


def test_without_a_key_it_is_found_where_amazons_programs_look(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "FROM-AROUND")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "SECRET")
    answer(peer, (200, "", {"MessageId": "0102"}))

    carry(SesCarrier(url=ses.ses_url(peer.url, key=""), sender=SENDER))

    assert "Credential=FROM-AROUND/" in peer.asked[0].headers["authorization"]


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ((400, "MessageRejected", "Bad content"), RecipientRefused),
        ((400, "BadRequestException", "Illegal address ann@example.com"), RecipientRefused),
        ((400, "MessageRejected", f"Not verified: {SENDER}"), Unavailable),
        ((400, "MailFromDomainNotVerifiedException", ""), Unavailable),
        ((400, "AccountSuspendedException", ""), Unavailable),
        ((400, "SendingPausedException", ""), Unavailable),
        ((400, "LimitExceededException", ""), Unavailable),
        ((404, "NotFoundException", "No configuration set"), Unavailable),
        ((429, "TooManyRequestsException", ""), Unavailable),
        ((403, "InvalidSignatureException", ""), Unavailable),
        ((503, "ServiceUnavailable", ""), Unavailable),
    ],
)
def test_a_no_is_final_or_not(
    peer: Peer, carrier: SesCarrier, said: tuple[int, str, str], refusal: type[Exception]
) -> None:
    status, error, message = said
    answer(peer, (status, error, {"message": message}))

    with pytest.raises(refusal, match=error) as refused:
        carry(carrier)

    assert "ann@" not in str(refused.value)
    assert len(peer.asked) == 1  # the queue tries again, not Amazon's library


ACCOUNT = {"SendingEnabled": True, "ProductionAccessEnabled": True}
KNOWN = {"VerificationStatus": "SUCCESS"}


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ([(200, "", ACCOUNT), (200, "", KNOWN)], ""),
        ([(200, "", ACCOUNT), (404, "NotFoundException", {}), (200, "", KNOWN)], ""),
        ([(200, "", ACCOUNT), (200, "", {"VerificationStatus": "PENDING"})], "is yours"),
        ([(200, "", ACCOUNT), (404, "NotFoundException", {})], f"does not know that {SENDER}"),
        ([(200, "", ACCOUNT | {"SendingEnabled": False}), (200, "", KNOWN)], "has stopped"),
        ([(200, "", ACCOUNT | {"ProductionAccessEnabled": False}), (200, "", KNOWN)], "sandbox"),
        ([(403, "UnrecognizedClientException", {})], "it answered UnrecognizedClientException"),
        ([(500, "", {})], "it answered 500"),
    ],
)
def test_it_says_in_words_what_is_wrong(
    peer: Peer, carrier: SesCarrier, answers: list[tuple[int, str, object]], says: str
) -> None:
    answer(peer, *answers)

    found = carrier.check()

    assert says in found
    assert bool(found) == bool(says)


@pytest.mark.parametrize(
    "url",
    [
        "smtp://mail.example",
        "ses://",
        "ses://KEY:SECRET@eu-west-2?odd=1",
        "ses://eu-west-2?topic=townhall",
        "ses://eu-west-2?topic=arn:aws:sqs:eu-west-2:1:q",
    ],
)
def test_what_is_no_account_is_refused_at_once(url: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        SesCarrier(url=url, sender=SENDER)
