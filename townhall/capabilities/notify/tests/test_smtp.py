"""SMTP before a real server with its moods, with TLS and passwords, and telling what became."""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.exceptions import ImproperlyConfigured

from townhall.capabilities.notify.errors import RecipientRefused
from townhall.capabilities.notify.providers.smtp import MOST_USES, SmtpCarrier
from townhall.capabilities.notify.tests.post_office import (
    MESSAGE_ID,
    SENDER,
    Rude,
    Telling,
    carrier_to,
    carry,
    post_office,
    taken_by,
)
from townhall.machinery.errors import Unavailable

# aiosmtpd does not see that a connection spoke TLS from its first byte.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@pytest.fixture(scope="module")
def office() -> Iterator[Controller]:
    with post_office() as office:
        yield office


@pytest.mark.parametrize(("local", "reply"), [("nobody", "550 5.1.1"), ("spam", "554 5.7.1")])
def test_a_final_no_is_not_tried_again(office: Controller, local: str, reply: str) -> None:
    with pytest.raises(RecipientRefused) as refusal:
        carry(carrier_to(office), f"{local}@example.com")

    assert refusal.value.reply == reply
    assert "example.com" not in str(refusal.value)


@pytest.mark.parametrize("local", ["busy", "full", "dropped"])
def test_a_server_with_trouble_is_asked_again_later(office: Controller, local: str) -> None:
    with pytest.raises(Unavailable):
        carry(carrier_to(office), f"{local}@example.com")

    assert taken_by(office) == []


def test_what_goes_wrong_after_the_message_is_taken_changes_nothing() -> None:
    with post_office(Rude) as rude:
        carry(carrier_to(rude))

        assert len(taken_by(rude)) == 1


def test_a_connection_is_used_again_for_the_next_messages(office: Controller) -> None:
    taken_by(office).clear()
    carrier = carrier_to(office)

    for _message in range(MOST_USES + 2):
        carry(carrier)

    used = [each.connection for each in taken_by(office)]
    taken_by(office).clear()
    assert len(used) == MOST_USES + 2
    assert (len(set(used[:MOST_USES])), len(set(used))) == (1, 2)


@pytest.mark.parametrize("local", ["nobody", "spam", "busy", "full"])
def test_after_a_refusal_the_connection_is_not_used_again(office: Controller, local: str) -> None:
    taken_by(office).clear()
    carrier = carrier_to(office)

    carry(carrier)
    with pytest.raises((RecipientRefused, Unavailable)):
        carry(carrier, f"{local}@example.com")
    carry(carrier)

    before, after = (each.connection for each in taken_by(office))
    taken_by(office).clear()
    assert before != after


BOUNCES = "bounces@barset.example"
RETURN_PATH = r"bounces\+00000000000000000000000000000005\.[a-z2-7]{16}@barset\.example"


def test_a_server_that_tells_what_became_of_messages_is_asked_to() -> None:
    with post_office(Telling) as telling:
        carry(carrier_to(telling, bounces=BOUNCES))

        (taken,) = taken_by(telling)

    assert re.fullmatch(RETURN_PATH, taken.sender)
    assert taken.options == (
        "RET=HDRS",
        f"ENVID={MESSAGE_ID.hex}",
        "NOTIFY=SUCCESS,FAILURE,DELAY",
    )
    assert b"bounces" not in taken.content


def test_a_server_that_does_not_is_asked_for_nothing_more(office: Controller) -> None:
    taken_by(office).clear()

    carry(carrier_to(office, bounces=BOUNCES))
    carry(carrier_to(office))

    sealed, plain = taken_by(office)
    assert re.fullmatch(RETURN_PATH, sealed.sender)
    assert (plain.sender, plain.options, sealed.options) == (SENDER, (), ())
    taken_by(office).clear()


def test_without_an_address_for_bounces_nobody_is_told() -> None:
    with post_office(Telling) as telling:
        carry(carrier_to(telling))

        assert (taken_by(telling)[0].sender, taken_by(telling)[0].options) == (SENDER, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """A server's certificate and key, by the name that it is made out to."""

    path: Path

    def context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.path)
        return context


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Papers]:
    folder = tmp_path_factory.mktemp("papers")
    return {name: make_papers(folder / name, name) for name in ("127.0.0.1", "127.0.0.9")}


def make_papers(path: Path, name: str) -> Papers:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), 1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(name))]), False)
        .sign(key, hashes.SHA256())
    )
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path.write_bytes(
        key.private_bytes(encoding, form, serialization.NoEncryption())
        + made.public_bytes(encoding)
    )
    return Papers(path=path)


class Doorman:
    """Lets in whoever has the password, and keeps what was tried."""

    def __init__(self) -> None:
        self.tried: list[tuple[bytes, bytes]] = []

    def __call__(self, *asked: object) -> AuthResult:
        given = cast(LoginPassword, asked[-1])
        self.tried.append((given.login, given.password))
        is_right = self.tried[-1] == (b"user", b"s:cret")
        return AuthResult(success=is_right, handled=False)


@contextmanager
def guarded(papers: Papers, scheme: str) -> Iterator[tuple[Controller, Doorman]]:
    """A server that speaks TLS, from the first byte or once it is asked, and wants a password."""
    doorman = Doorman()
    tls: dict[str, Any] = (  # Any: aiosmtpd's options
        {"ssl_context": papers.context(), "auth_require_tls": False}
        if scheme == "smtps"
        else {"tls_context": papers.context(), "require_starttls": True}
    )
    with post_office(authenticator=doorman, auth_required=True, **tls) as office:
        yield office, doorman


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_guarded_server_takes_an_email(
    papers: dict[str, Papers], monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(papers["127.0.0.1"].path))  # whom OpenSSL trusts
    with guarded(papers["127.0.0.1"], scheme) as (office, doorman):
        at = f"127.0.0.1:{office.port}"
        carrier = SmtpCarrier(url=f"{scheme}://user:s%3Acret@{at}", sender=SENDER)

        well = carrier.check()
        carry(carrier)

        stranger = SmtpCarrier(url=f"{scheme}://user:wrong@{at}", sender=SENDER)
        with pytest.raises(Unavailable):
            carry(stranger)
        wrong = stranger.check()

        assert len(taken_by(office)) == 1
    assert well == ""
    assert "SMTPAuthenticationError 535" in wrong
    assert (doorman.tried[0], doorman.tried[-1]) == ((b"user", b"s:cret"), (b"user", b"wrong"))


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
@pytest.mark.parametrize(("trusted", "shown"), [("127.0.0.9", "127.0.0.1"), ("127.0.0.9",) * 2])
def test_no_password_is_shown_to_another_server(
    papers: dict[str, Papers],
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
    trusted: str,
    shown: str,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(papers[trusted].path))
    with guarded(papers[shown], scheme) as (office, doorman):
        url = f"{scheme}://user:s%3Acret@127.0.0.1:{office.port}"
        carrier = SmtpCarrier(url=url, sender=SENDER)

        with pytest.raises(Unavailable):
            carry(carrier)
        wrong = carrier.check()

    assert "SSLCertVerificationError" in wrong
    assert doorman.tried == []


def test_a_password_is_never_sent_without_tls() -> None:
    doorman = Doorman()
    with post_office(authenticator=doorman, auth_require_tls=False) as office:
        url = f"smtp://user:s%3Acret@127.0.0.1:{office.port}"
        with pytest.raises(Unavailable):
            carry(SmtpCarrier(url=url, sender=SENDER))

    assert doorman.tried == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", ("mail.example", 25, False, "", "")),
        ("smtp://mail.example:587", ("mail.example", 587, False, "", "")),
        ("smtps://me%40x:p%3Aw@mail.example", ("mail.example", 465, True, "me@x", "p:w")),
    ],
)
def test_the_address_of_a_mail_server_says_all(url: str, expected: tuple[object, ...]) -> None:
    carrier = SmtpCarrier(url=url, sender=SENDER)

    found = (carrier.host, carrier.port, carrier.implicit_tls, carrier.user, carrier.password)

    assert found == expected


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://"])
def test_what_is_no_mail_server_is_refused_at_once(url: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        SmtpCarrier(url=url, sender=SENDER)


@pytest.mark.parametrize(
    "bounces", ["bounces", "@example.com", "a+b@example.com", "a b@example.com", "x" * 15 + "@a.b"]
)
def test_what_bounces_cannot_come_to_is_refused_at_once(bounces: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="address for bounces"):
        SmtpCarrier(url="smtp://mail.example", sender=SENDER, bounces=bounces)
