"""SES by the words it answers with, and what it tells us through a topic that signs."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from townhall.capabilities.notify import models, operations, permissions
from townhall.capabilities.notify.errors import ForgedReceipt, RecipientRefused
from townhall.capabilities.notify.providers.ses import SesCarrier
from townhall.capabilities.notify.providers.sns import SnsTopic
from townhall.capabilities.notify.records import Complained, EmailReport, Receipt, Status
from townhall.capabilities.notify.rules.ses import read_notice
from townhall.capabilities.notify.tests import ses
from townhall.capabilities.notify.tests.make import (
    BARSET,
    ELSEWHERE,
    make_actor,
    send,
)
from townhall.capabilities.notify.tests.peers import Peer, listening
from townhall.capabilities.notify.tests.post_office import SENDER, make_letter
from townhall.capabilities.notify.tests.ses import notice, posted
from townhall.machinery import providers
from townhall.machinery.errors import NotAllowed, Unavailable

pytestmark = pytest.mark.django_db

Answer = Any  # a test client's response
PATH = "/notify/suppliers/ses/"


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
    """Amazon: SNS, which has its certificate, and SES as it answers when told to."""
    server.asked.clear()
    server.answers = [(200, {}, ses.certificate())]
    return server


@pytest.fixture
def chosen(settings: Settings, peer: Peer) -> None:
    """An installation that sends with SES."""
    carrier = "townhall.capabilities.notify.providers.ses.SesCarrier"
    options = {"url": ses.ses_url(peer.url), "sender": SENDER, "sns": peer.url}
    settings.PROVIDERS = settings.PROVIDERS | {"notify": (carrier, options)}
    providers.chosen.cache_clear()


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


def tell(body: bytes) -> Answer:
    return Client().post(PATH, body, content_type="text/plain; charset=utf-8")


def send_email() -> UUID:
    """An email that SES has taken."""
    message = send()
    operations.mark_sent(make_actor(), message.id)
    return message.id


BOUNCE = {"bounceType": "Permanent", "bounceSubType": "General"}
PASSING = {"bounceType": "Transient", "bounceSubType": "MailboxFull"}
PLAINT = {"feedbackId": "0102-fb", "complaintFeedbackType": "abuse", "complaintSubType": None}


@pytest.mark.parametrize(
    ("kind", "about", "expected"),
    [
        ("Delivery", {}, Status.DELIVERED),
        ("Bounce", BOUNCE, Status.PERMANENT_FAILURE),
        ("Bounce", PASSING, Status.TEMPORARY_FAILURE),
        ("Bounce", {"bounceType": "Undetermined"}, Status.TEMPORARY_FAILURE),
        ("Reject", {"reason": "Bad content"}, Status.TECHNICAL_FAILURE),
        ("DeliveryDelay", {}, Status.SENDING),
        ("Send", {}, Status.SENDING),
        ("Complaint", PLAINT, Status.SENDING),
        (
            "Complaint",
            PLAINT | {"complaintSubType": "OnAccountSuppressionList"},
            Status.PERMANENT_FAILURE,
        ),
    ],
)
@pytest.mark.usefixtures("chosen")
def test_a_notice_says_what_became_of_an_email(
    peer: Peer, kind: str, about: dict[str, Any], expected: Status
) -> None:
    message_id = send_email()
    body = posted(peer, notice(kind, message_id, about))

    answers = [tell(body), tell(body)]

    assert [answer.status_code for answer in answers] == [204, 204]
    assert models.Message.objects.get().status == expected
    complained = kind == "Complaint" and expected == Status.SENDING
    assert models.Complaint.objects.count() == complained


@pytest.mark.usefixtures("chosen")
def test_a_notice_finds_its_message_in_any_organisation(peer: Peer) -> None:
    message_id = send_email()
    models.Message.objects.update(organisation_id=ELSEWHERE.id)

    answer = tell(posted(peer, notice("Delivery", message_id)))

    assert answer.status_code == 204
    assert models.Message.objects.get().status == Status.DELIVERED


@pytest.mark.usefixtures("chosen")
def test_what_is_not_signed_by_the_topic_is_refused(peer: Peer) -> None:
    message_id = send_email()
    delivered = notice("Delivery", message_id)
    good = json.loads(posted(peer, delivered))
    certificate = f"{peer.url}/SimpleNotificationService-1.pem"

    changes = [
        {"Message": json.dumps(notice("Bounce", message_id, BOUNCE))},
        {"Signature": ""},
        {"Signature": "ŵ"},
        {"SignatureVersion": "3"},
    ]
    forged = [
        *(json.dumps(good | each).encode() for each in changes),
        posted(peer, delivered, TopicArn=f"{ses.TOPIC}-of-another"),
        posted(peer, delivered, SigningCertURL="https://sns.eu-west-2.amazonaws.com.evil/a.pem"),
        posted(peer, delivered, SigningCertURL=f"{certificate}?and=more"),
        posted(peer, delivered, SigningCertURL=certificate.replace("Simple", "other/Simple")),
    ]
    answers = [tell(body) for body in forged]

    assert [answer.status_code for answer in answers] == [403] * 8
    assert answers[0].json()["type"] == "notify.forged_receipt"
    assert models.Message.objects.get().status == Status.SENDING
    assert {asked.path for asked in peer.asked} <= {"/SimpleNotificationService-1.pem"}


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.eu-west-2.amazonaws.com/SimpleNotificationService-1.pem",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem",
        "https://sns.s3-eu-west-1.amazonaws.com/SimpleNotificationService-1.pem",
        "https://sns.eu-west-2.amazonaws.com@evil.example/SimpleNotificationService-1.pem",
        "https://evil.example/sns.eu-west-2.amazonaws.com/SimpleNotificationService-1.pem",
    ],
)
def test_a_certificate_is_taken_only_from_sns_of_the_topics_region(peer: Peer, url: str) -> None:
    with pytest.raises(ForgedReceipt, match="certificate"):
        SnsTopic(ses.TOPIC).open(posted(peer, "", SigningCertURL=url))


@pytest.mark.parametrize(
    ("certificate", "says"),
    [
        (ses.certificate(days=-1), "expired"),
        (ses.certificate(rsa.generate_private_key(65537, 2048)), "not Amazon's"),
        (b"<html>", "not Amazon's"),
    ],
)
def test_another_certificate_proves_nothing(peer: Peer, certificate: bytes, says: str) -> None:
    peer.answers = [(200, {}, certificate)]

    with pytest.raises(ForgedReceipt, match=says):
        SnsTopic(ses.TOPIC, api=peer.url).open(posted(peer, "published"))


@pytest.mark.parametrize("answer", [(503, b""), (302, b""), (200, b"x" * 20_001)])
def test_amazon_that_does_not_answer_is_waited_for(peer: Peer, answer: tuple[int, bytes]) -> None:
    peer.answers = [(answer[0], {}, answer[1])]

    with pytest.raises(Unavailable):
        SnsTopic(ses.TOPIC, api=peer.url).open(posted(peer, "published"))


@pytest.mark.parametrize("version", ["1", "2"])
def test_both_signatures_of_sns_are_known_and_the_certificate_is_kept(
    peer: Peer, version: str
) -> None:
    topic = SnsTopic(ses.TOPIC, api=peer.url)
    bodies = [posted(peer, "published", version=version, Subject="About")] * 2

    assert [topic.open(body) for body in bodies] == ["published"] * 2
    assert len(peer.asked) == 1


@pytest.mark.usefixtures("chosen")
def test_the_topic_that_we_were_told_of_is_subscribed_to(peer: Peer) -> None:
    asks = {
        "Type": "SubscriptionConfirmation",
        "Token": "t",
        "SubscribeURL": "https://evil.example",
    }
    elsewhere = f"{ses.TOPIC}-of-another"

    answers = [tell(posted(peer, "", **asks)) for _each in range(2)]
    refused = tell(posted(peer, "", **asks | {"TopicArn": elsewhere}))
    left = tell(posted(peer, "", **asks | {"Type": "UnsubscribeConfirmation"}))

    confirmed = [asked.path for asked in peer.asked if "Action" in asked.path]
    assert [answer.status_code for answer in [*answers, refused, left]] == [204, 204, 403, 204]
    assert len(confirmed) == 2
    assert "TopicArn=arn%3Aaws%3Asns%3Aeu-west-2%3A123456789012%3Atownhall" in confirmed[0]
    assert "Token=t" in confirmed[0]


@pytest.mark.usefixtures("chosen")
def test_what_makes_no_sense_is_refused_in_words(peer: Peer) -> None:
    nonsense = [b"", b"\xff", b"[]", b"{}", b"[" * 100_000, b'{"Type": "Odd"}']
    odd = [
        "[]",
        "{}",
        "[" * 5_000,
        {"eventType": "Bounce", "mail": {"tags": []}},
        notice("Bounce", uuid4()),
        notice("Delivery", "1", mail={"tags": 1}),
    ]

    answers = [tell(body) for body in [*nonsense, *(posted(peer, each) for each in odd)]]
    form = Client().post(PATH, {"Type": "Notification"})
    empty = tell(posted(peer))
    unknown = [
        tell(posted(peer, notice("Delivery", uuid4()))),
        tell(posted(peer, notice("Delivery", "of another system"))),
    ]

    assert [answer.status_code for answer in [*answers, form]] == [422] * (len(answers) + 1)
    assert empty.status_code == 204  # whoever has the topic may try it
    assert [answer.status_code for answer in unknown] == [404, 404]


def test_without_ses_there_is_nothing_to_tell(peer: Peer) -> None:
    answer = tell(posted(peer, notice("Delivery", uuid4())))

    assert (answer.status_code, answer.json()["type"]) == (404, "notify.no_such_supplier")
    assert Client().get(PATH).status_code == 405


@pytest.mark.usefixtures("chosen")
def test_notices_need_the_permission() -> None:
    with pytest.raises(NotAllowed):
        operations.take_ses_notice(make_actor(permissions.SEND), body=b"{}")


MAIL_ID = UUID(int=6)
BY_HEADER = {"messageId": "0102", "commonHeaders": {"messageId": f"<{MAIL_ID}@barset.example>"}}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            {"notificationType": "Bounce", "bounce": BOUNCE, "mail": BY_HEADER},
            EmailReport(
                receipt=Receipt(status=Status.PERMANENT_FAILURE, cause="ses Permanent General")
            ),
        ),
        (
            notice("Complaint", MAIL_ID, PLAINT | {"timestamp": "2026-11-23T09:00:00.000Z"}),
            EmailReport(
                complaint=Complained(
                    supplier_reference="ses 0102-fb",
                    kind="abuse",
                    made_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
                )
            ),
        ),
        (
            notice("Complaint", MAIL_ID, {"feedbackId": "f", "timestamp": "soon"}),
            EmailReport(complaint=Complained(supplier_reference="ses f", kind="", made_at=None)),
        ),
        (
            notice("Complaint", MAIL_ID, PLAINT | {"complaintFeedbackType": "not-spam"}),
            EmailReport(),
        ),
        (notice("Open", MAIL_ID), EmailReport()),
    ],
)
def test_a_notice_is_read(said: dict[str, Any], expected: EmailReport) -> None:
    assert read_notice(json.dumps(said)) == (MAIL_ID, expected)
