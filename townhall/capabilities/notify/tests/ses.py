"""Amazon's side of SES and SNS: a moto server, a topic that signs, and what SES would tell us."""

import base64
import datetime
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any
from uuid import UUID

import botocore.session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from townhall.capabilities.notify.tests.peers import Peer

REGION, ACCOUNT = "eu-west-2", "123456789012"  # moto's account
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:townhall"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@contextmanager
def amazon() -> Iterator[str]:
    """Where a fresh SES answers."""
    # Imported here: it takes a second, of every test process.
    server = import_module("moto.server").ThreadedMotoServer(
        ip_address="127.0.0.1", port=0, verbose=False
    )
    server.start()
    try:
        _backend().reset()
        yield "http://{}:{}".format(*server.get_host_and_port())
    finally:
        server.stop()


def verify(url: str, name: str) -> None:
    """Let SES know that a domain is ours."""
    client = botocore.session.get_session().create_client(
        "sesv2",
        region_name=REGION,
        aws_access_key_id="KEY",
        aws_secret_access_key="SECRET",
        endpoint_url=url,
    )
    client.create_email_identity(EmailIdentity=name)


def sent() -> list[bytes]:
    """What SES has taken."""
    return [each.raw_data.encode() for each in _backend().sent_messages]


def _backend() -> Any:  # Any: moto's
    return import_module("moto.ses.models").ses_backends[ACCOUNT][REGION]


def ses_url(endpoint: str, *, key: str = "KEY:SECRET@") -> str:
    return f"ses://{key}{REGION}?endpoint={endpoint}&configuration=townhall&topic={TOPIC}"


def certificate(key: rsa.RSAPrivateKey = KEY, *, days: int = 30) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=60))
        .not_valid_after(now + datetime.timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


def posted(peer: Peer, published: object = "", *, version: str = "2", **changes: str) -> bytes:
    """What SNS posts, signed; `changes` are made before it is."""
    message = {
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": TOPIC,
        "Message": published if isinstance(published, str) else json.dumps(published),
        "Timestamp": "2026-11-23T09:00:00.000Z",
        "SignatureVersion": version,
        "SigningCertURL": f"{peer.url}/SimpleNotificationService-1.pem",
    } | changes
    message["Signature"] = signature(message)
    return json.dumps(message).encode()


def signature(message: dict[str, str]) -> str:
    """As Amazon's page says, written out again."""
    names = ["Message", "MessageId"]
    names += ["Subject"] if "Subject" in message else []
    names += ["SubscribeURL"] if "SubscribeURL" in message else []
    names += ["Timestamp"]
    names += ["Token"] if "Token" in message else []
    names += ["TopicArn", "Type"]
    words = "".join(name + "\n" + message[name] + "\n" for name in names)
    digest = hashes.SHA1() if message["SignatureVersion"] == "1" else hashes.SHA256()
    signed = KEY.sign(words.encode(), padding.PKCS1v15(), digest)
    return base64.b64encode(signed).decode()


def notice(
    kind: str,
    message_id: UUID | str,
    about: Mapping[str, Any] | None = None,
    *,
    mail: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """An event of a configuration set. Any: JSON of several kinds."""
    tagged = {"messageId": "0102-ses", "tags": {"townhall-message": [str(message_id)]}}
    return {"eventType": kind, "mail": tagged if mail is None else mail, kind.lower(): about or {}}
