"""Where the programs that we call may be: on the internet, and nowhere within."""

import ssl
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID
from django.utils import timezone
from pytest_django import Settings

from townhall.machinery.outside import (
    UnfitAddress,
    Unreached,
    check_public_url,
    is_public,
    post,
)

NOTHING: Any = {"content": b"{}", "headers": {}, "timeout": 5}  # Any: its words are of every type


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "https://localhost/",
        "https://x.localhost./",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://10.1.2.3/",
        "https://192.168.0.1:8443/",
        "https://169.254.169.254/latest/meta-data",  # a cloud's own
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[2002:a00:1::]/",  # 10.0.0.1 by 6to4
        "https://[64:ff9b::a00:1]/",  # 10.0.0.1 by NAT64
        "https://user:password@example.com/",
        "https://example.com/#here",
        "https:///nowhere",
        "https://example.com:port/",
        "https://exämple.com/",
        "https://example.com/\r\nHost: other",
        "ftp://example.com/",
        "example.com",
        "https://example.com/" + "x" * 2000,
    ],
)
def test_an_address_within_or_not_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(UnfitAddress):
        check_public_url(url)


@pytest.mark.parametrize(
    "url", ["https://example.com/", "https://1.1.1.1:8443/a?b=c", "https://[2606:4700::1]/"]
)
def test_an_address_on_the_internet_is_taken(url: str) -> None:
    check_public_url(url)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("1.1.1.1", True),
        ("2606:4700:4700::1111", True),
        ("64:ff9b::101:101", True),
        ("64:ff9b::7f00:1", False),
        ("0.0.0.0", False),  # refused
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("64:ff9b:1::7f00:1", False),  # NAT64 within a network, RFC 8215
        ("fec0::1", False),
        ("::127.0.0.1", False),
        ("::a9fe:a9fe", False),
        ("::ffff:0:127.0.0.1", False),
        ("168.63.129.16", False),  # Azure's own
        ("64:ff9b::a83f:8110", False),
    ],
)
def test_which_numbers_are_on_the_internet(address: str, expected: bool) -> None:
    assert is_public(address) == expected


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "[::1]"])
def test_what_leads_within_is_not_called(settings: Settings, host: str) -> None:
    """However it is spelt, and whatever a name has come to mean since it was given."""
    settings.DEMO = False

    with pytest.raises(UnfitAddress, match="not a public address"):
        post(f"https://{host}/", **NOTHING)


@pytest.mark.parametrize("url", ["https://a..b/", f"https://{'a' * 64}.example/"])
def test_a_name_that_can_be_nobodys_is_not_tried_again(url: str) -> None:
    with pytest.raises(UnfitAddress):
        post(url, **NOTHING)


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[tuple[int, list[str]]]:
    """The port of a server whose certificate nobody vouches for; and the names it is asked."""
    asked: list[str] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_make_certificate(tmp_path))
    context.sni_callback = lambda _socket, name, _context: asked.append(name or "")
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server.server_port, asked
    server.shutdown()
    thread.join()
    server.server_close()


def _make_certificate(folder: Path) -> Path:
    key, now = ec.generate_private_key(ec.SECP256R1()), timezone.now()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, SHA256())
    )
    pem = serialization.Encoding.PEM
    hidden = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "server.pem"
    path.write_bytes(hidden + certificate.public_bytes(pem))
    return path


def test_the_number_is_called_and_the_name_must_prove_itself(
    settings: Settings, secure: tuple[int, list[str]]
) -> None:
    settings.DEMO = True
    port, asked = secure

    with pytest.raises(Unreached, match="ConnectError"):
        post(f"https://localhost:{port}/", **NOTHING)

    assert asked == ["localhost"]
