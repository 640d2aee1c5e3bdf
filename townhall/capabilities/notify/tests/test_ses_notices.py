"""What Amazon SES tells us, through a topic of Amazon SNS that signs."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from pytest_django import Settings

from townhall.capabilities.notify import models, operations, permissions
from townhall.capabilities.notify.errors import ForgedReceipt
from townhall.capabilities.notify.providers.sns import SnsTopic
from townhall.capabilities.notify.records import Complained, EmailReport, Receipt, Status
from townhall.capabilities.notify.rules.ses import read_notice
from townhall.capabilities.notify.tests import ses
from townhall.capabilities.notify.tests.make import ELSEWHERE, make_actor, send
from townhall.capabilities.notify.tests.peers import Peer, listening
from townhall.capabilities.notify.tests.post_office import SENDER
from townhall.capabilities.notify.tests.ses import notice, posted
from townhall.machinery import providers
from townhall.machinery.errors import NotAllowed, Unavailable

pytestmark = pytest.mark.django_db

Answer = Any  # a test client's response
PATH = "/notify/suppliers/ses/"


@pytest.fixture
def peer() -> Iterator[Peer]:
    """Amazon SNS, which has its certificate and takes our word that we want its messages."""
    with listening() as peer:
        peer.answers = [(200, {}, ses.certificate())]
        yield peer


@pytest.fixture
def chosen(settings: Settings, peer: Peer) -> None:
    """An installation that sends with SES."""
    carrier = "townhall.capabilities.notify.providers.ses.SesCarrier"
    options = {"url": ses.ses_url(peer.url), "sender": SENDER, "sns": peer.url}
    settings.PROVIDERS = settings.PROVIDERS | {"notify": (carrier, options)}
    providers.chosen.cache_clear()


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
        json.dumps(good | {"SigningCertURL": f"{certificate}\ud800"}).encode(),
        json.dumps(good | {"MessageId": "\ud800"}).encode(),
        posted(peer, delivered, SigningCertURL=certificate.replace("Simple", "other/Simple")),
    ]
    answers = [tell(body) for body in forged]

    assert [answer.status_code for answer in answers] == [403] * 10
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
    nonsense = [b"", b"\xff", b"[]", b"{}", b"[" * 100_000, b'{"Type": "Odd"}', b'{"Type": []}']
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
