"""The contract that every supplier of texts keeps, and that every printer keeps."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from townhall.capabilities.notify import models
from townhall.capabilities.notify.errors import AnswerLost, RecipientRefused
from townhall.capabilities.notify.providers import Printer, Texter
from townhall.capabilities.notify.providers.firetext import FiretextTexter
from townhall.capabilities.notify.providers.folder import FolderPrinter
from townhall.capabilities.notify.providers.print_here import HerePrinter
from townhall.capabilities.notify.providers.sandbox import SandboxPrinter, SandboxTexter
from townhall.capabilities.notify.providers.sftp import SftpPrinter
from townhall.capabilities.notify.providers.twilio import TwilioTexter
from townhall.capabilities.notify.records import PrintJob, Status, Text
from townhall.capabilities.notify.tests.doubles import (
    REFUSED_NUMBER,
    TIMEOUT_SECONDS,
    Double,
    Firetext,
    Twilio,
    standing_in,
)
from townhall.capabilities.notify.tests.make import BARSET
from townhall.capabilities.notify.tests.printers import PrintShop, printing_at
from townhall.machinery.errors import Unavailable

pytestmark = pytest.mark.django_db

MESSAGE_ID = UUID(int=9)
HERE = "https://barset.example"
PDF = b"%PDF-1.7 a letter"
OUTSIDE: dict[str, tuple[type[TwilioTexter] | type[FiretextTexter], type[Double], str]] = {
    "twilio": (TwilioTexter, Twilio, Twilio.SETTING),
    "firetext": (FiretextTexter, Firetext, Firetext.SETTING),
}


@dataclass(slots=True)
class Trial:
    """A supplier of texts, and what stands behind it."""

    texter: Texter
    double: Double | None  # None for the sandbox, which cannot fail

    def carry(self, to: str = "447700900123", sender: str = "Barset") -> Status:
        text = Text(message_id=MESSAGE_ID, to=to, sender=sender, body="Helô & ŵ")
        return self.texter.carry(text, organisation_id=BARSET.id)

    def taken(self) -> list[str]:
        """The words of each text that it has."""
        if self.double is None:
            return [bytes(each.source).decode() for each in models.SandboxMessage.objects.all()]
        return [each.get("message") or each["Body"] for each in self.double.taken]


def trial_of(name: str, stack: ExitStack) -> Trial:
    if name == "sandbox":
        return Trial(SandboxTexter(), None)
    kind, stand_in, setting = OUTSIDE[name]
    double = stack.enter_context(standing_in(stand_in))
    return Trial(kind(setting, api=double.url, timeout_seconds=TIMEOUT_SECONDS), double)


@pytest.fixture(params=["twilio", "firetext", "sandbox"])
def any_texter(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Trial]:
    settings.DEMO, settings.BASE_URL = True, HERE
    with ExitStack() as stack:
        yield trial_of(request.param, stack)


@pytest.fixture(params=OUTSIDE)
def outside(request: pytest.FixtureRequest) -> Iterator[tuple[Trial, Double]]:
    with ExitStack() as stack:
        trial = trial_of(request.param, stack)
        assert trial.double is not None
        yield trial, trial.double


def test_every_texter_takes_a_text(any_texter: Trial) -> None:
    status = any_texter.carry()

    assert status in (Status.SENDING, Status.SENT, Status.DELIVERED)
    assert any_texter.taken() == ["Helô & ŵ"]
    assert any_texter.texter.check() == ""
    assert any_texter.texter.name


def test_every_texter_takes_a_text_twice_with_the_same_id(any_texter: Trial) -> None:
    any_texter.carry()
    any_texter.carry()

    assert any_texter.taken() == ["Helô & ŵ"] * 2
    if any_texter.double is not None:
        assert any_texter.double.taken[0] == any_texter.double.taken[1]
        assert str(MESSAGE_ID) in str(any_texter.double.taken[0])


def test_a_final_no_says_so_without_the_number(outside: tuple[Trial, Double]) -> None:
    trial, double = outside

    with pytest.raises(RecipientRefused) as refusal:
        trial.carry(to=REFUSED_NUMBER)

    assert double.taken == []
    assert REFUSED_NUMBER not in f"{refusal.value} {refusal.value.reply}"


def test_what_was_not_taken_may_go_elsewhere(outside: tuple[Trial, Double]) -> None:
    trial, double = outside
    double.is_ill = True

    with pytest.raises(Unavailable) as away:
        trial.carry()

    assert not isinstance(away.value, AnswerLost)
    assert double.taken == []


def test_what_may_have_been_taken_may_not(outside: tuple[Trial, Double]) -> None:
    trial, double = outside
    double.is_silent = True

    with pytest.raises(AnswerLost, match="ReadTimeout"):
        trial.carry()

    assert len(double.taken) == 1


@pytest.mark.parametrize("status", [500, 502, 504])
def test_an_answer_that_says_nothing_is_a_lost_one(
    outside: tuple[Trial, Double], status: int
) -> None:
    trial, double = outside
    double.peer.answers = [(status, {}, b"<html>")]

    with pytest.raises(AnswerLost, match=str(status)):
        trial.carry()


@pytest.mark.parametrize("name", OUTSIDE)
def test_one_that_is_away_took_nothing_and_says_so(name: str) -> None:
    kind, _stand_in, setting = OUTSIDE[name]
    trial = Trial(kind(setting, api=f"http://127.0.0.1:{closed_port()}"), None)

    with pytest.raises(Unavailable, match="ConnectError") as away:
        trial.carry()

    assert not isinstance(away.value, AnswerLost)
    assert "ConnectError" in trial.texter.check()


@pytest.mark.parametrize(
    ("name", "setting"),
    [("twilio", "twilio://AC1:x@+441632960000"), ("firetext", "firetext://x@Barset")],
)
def test_a_wrong_key_shows_in_the_check(name: str, setting: str) -> None:
    kind, stand_in, _setting = OUTSIDE[name]
    with standing_in(stand_in) as double:
        assert "refuses" in kind(setting, api=double.url).check()


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# Printers


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrintShop]:
    with printing_at(tmp_path_factory.mktemp("printers")) as shop:
        yield shop


@dataclass(slots=True)
class Press:
    """A printer, and where its letters arrive."""

    printer: Printer
    folder: Path | None

    def carry(self) -> Status:
        job = PrintJob(message_id=MESSAGE_ID, to="Ann", subject="Bins", postage="second", pdf=PDF)
        return self.printer.carry(job, organisation_id=BARSET.id)

    def arrived(self) -> list[str]:
        assert self.folder is not None
        return sorted(
            str(each.relative_to(self.folder)) for each in self.folder.rglob("*") if each.is_file()
        )


@pytest.fixture(params=["folder", "sftp", "print-here", "sandbox"])
def press(
    request: pytest.FixtureRequest, tmp_path: Path, settings: Settings, shop: PrintShop
) -> Press:
    settings.DEMO = True
    made: dict[str, Callable[[], Press]] = {
        "folder": lambda: Press(FolderPrinter(str(tmp_path)), tmp_path),
        "sftp": lambda: Press(SftpPrinter(shop.url()), shop.folder),
        "print-here": lambda: Press(HerePrinter(), None),
        "sandbox": lambda: Press(SandboxPrinter(), None),
    }
    return made[request.param]()


def test_every_printer_takes_a_letter_and_a_second_time_adds_none(press: Press) -> None:
    statuses = [press.carry(), press.carry()]

    assert statuses == [Status.SENDING] * 2
    assert press.printer.check() == ""
    assert press.printer.name
    if press.folder is not None:
        assert press.arrived() == [f"second/{MESSAGE_ID}.json", f"second/{MESSAGE_ID}.pdf"]
        assert (press.folder / f"second/{MESSAGE_ID}.pdf").read_bytes() == PDF
        ticket = (press.folder / f"second/{MESSAGE_ID}.json").read_text()
        assert str(MESSAGE_ID) in ticket
        assert '"postage": "second"' in ticket


@pytest.fixture(params=["folder is not there", "server is away", "key is not ours", "no such user"])
def absent(request: pytest.FixtureRequest, tmp_path: Path, shop: PrintShop) -> Printer:
    def another_key() -> Path:
        stranger = tmp_path / "known_hosts"
        key = "AAAAC3NzaC1lZDI1NTE5AAAAIGKVDZC0TqT5nUJpA9zAGWCmDzWJIYHQ9fNwCjDZzH5i"
        stranger.write_text(f"[127.0.0.1]:{shop.port} ssh-ed25519 {key}\n")
        return stranger

    made: dict[str, Callable[[], Printer]] = {
        "folder is not there": lambda: FolderPrinter("/proc/no/such/folder"),
        "server is away": lambda: SftpPrinter(
            shop.url().replace(str(shop.port), str(closed_port()))
        ),
        "key is not ours": lambda: SftpPrinter(shop.url(known_hosts=another_key())),
        "no such user": lambda: SftpPrinter(shop.url().replace("/in?", "/nowhere?")),
    }
    return made[request.param]()


def test_a_printer_that_is_not_there_took_nothing_and_says_so(absent: Printer) -> None:
    with pytest.raises(Unavailable) as away:
        Press(absent, None).carry()

    assert not isinstance(away.value, AnswerLost)
    assert absent.check() != ""


def test_a_letter_whose_answer_was_lost_is_not_for_another_printer(shop: PrintShop) -> None:
    press = Press(SftpPrinter(shop.url()), shop.folder)
    shop.falls_silent.set()

    try:
        with pytest.raises(AnswerLost):
            press.carry()
    finally:
        shop.falls_silent.clear()

    assert f"second/{MESSAGE_ID}.pdf" in press.arrived()


def test_a_host_that_nobody_vouches_for_gets_nothing(shop: PrintShop, tmp_path: Path) -> None:
    empty = tmp_path / "known_hosts"
    empty.write_text("")
    printer = SftpPrinter(shop.url(known_hosts=empty))

    assert "SSHException" in printer.check()


@pytest.mark.parametrize(
    "make",
    [
        lambda: FiretextTexter("firetext://Barset"),
        lambda: FiretextTexter("twilio://k@Barset"),
        lambda: SftpPrinter("sftp://user@host/folder"),
        lambda: SftpPrinter("sftp://host/folder?key=a&known_hosts=b"),
    ],
)
def test_half_an_address_is_refused_at_once(make: Callable[[], object]) -> None:
    with pytest.raises(ImproperlyConfigured):
        make()
