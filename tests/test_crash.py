"""kill -9 of web, worker and PostgreSQL while people book and a program sends: all or nothing.

`make test` does a little of it; TOWNHALL_TEST_SIZE=200 (as `make bench` does) the full number: so
many bookings, and a quarter as many kills.
"""

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.journeys.town import MailServer, mail_server, text_of
from tests.payer import Payers
from tests.program import HOST, Program, address_of
from tests.resident import Resident
from tests.uptown import UpTown

SIZE = int(os.environ.get("TOWNHALL_TEST_SIZE", "16"))
IS_SMALL = SIZE <= 50
KILLS = 6 if IS_SMALL else SIZE // 4
AT_ONCE = 4
SENDERS = 2 if IS_SMALL else 4
PAYERS = 2 if IS_SMALL else 4
PAYMENTS = SIZE if IS_SMALL else 5 * SIZE
# What payers began and were cut off from would only end when its time is over.
RECEIPT = "Your payment for "
PAID = "SELECT count(*) FROM pay_payment WHERE state = 'captured' AND email <> ''"
NO_TIME_LEFT = "UPDATE pay_payment SET expires_at = now() WHERE settled_at IS NULL RETURNING 1"
QUIET_SECONDS = 150 if IS_SMALL else 900
PAUSE_SECONDS = 2 if IS_SMALL else 4  # from one kill to the next
BREATH_SECONDS = 0.2 if IS_SMALL else 0.1  # from one message of a sender to its next
TASKS_AT_ONCE = 4  # of the worker
KINDS = ("worker", "web", "postgres")


class Aftermath:
    """A town whose processes were killed at random while residents booked and a program sent."""

    def __init__(self, town: UpTown, mail: MailServer) -> None:
        self.town, self.mail = town, mail
        self.program = Program(town.url)
        self.program.find_key()
        self.payers = Payers(town.url, town.till_key())
        self.booked = 0
        self.killed: list[str] = []
        self.over = threading.Event()
        killer = threading.Thread(target=self._kill)
        killer.start()
        with ThreadPoolExecutor(AT_ONCE + SENDERS + PAYERS) as people:
            paying = [people.submit(self.payers.pay, f"payer{n}") for n in range(PAYMENTS)]
            sending = [people.submit(self._send, number) for number in range(SENDERS)]
            booking = [people.submit(self._book, number) for number in range(SIZE)]
            try:
                for each in (*booking, *paying):
                    each.result()
                killer.join()
            finally:
                self.over.set()
            for each in sending:
                each.result()
        town.wait_until_quiet(QUIET_SECONDS)
        town.rows(NO_TIME_LEFT)
        town.wait_for_no_rows("SELECT id, state FROM pay_payment WHERE settled_at IS NULL")
        town.wait_until_quiet(QUIET_SECONDS)

    def _book(self, number: int) -> None:
        resident = Resident(self.town.url, f"resident{number}@resident.example")
        resident.pay(resident.book())
        self.booked += 1

    def _send(self, number: int) -> None:
        """Every other sender asks again when no answer comes."""
        send = (self.program.send_once, self.program.send_until_answered)[number % 2]
        count = 0
        with httpx.Client() as client:
            while not self.over.is_set():
                send(client, f"sender{number}-{count}")
                count += 1
                time.sleep(BREATH_SECONDS)

    def _kill(self) -> None:
        """The first six while people book, each kind twice; then at random."""
        chance = random.Random(0)
        for step in range(KILLS):
            while self.booked < min(SIZE * (step + 1) // 8, SIZE * 3 // 4):
                time.sleep(0.05)
                if self.over.is_set():  # something has failed
                    return
            what = KINDS[step % 3] if step < 6 else chance.choice(KINDS)
            self.town.kill(what)
            self.killed.append(what)
            time.sleep(PAUSE_SECONDS * chance.uniform(1, 1.5))


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    with mail_server() as mail:
        town = UpTown(tmp_path_factory.mktemp("town") / "var", mail.url)
        try:
            yield Aftermath(town, mail)
        finally:
            town.stop()


def test_whatever_is_killed_each_is_booked_and_paid_or_neither(aftermath: Aftermath) -> None:
    town, mail = aftermath.town, aftermath.mail

    assert len(aftermath.killed) == KILLS
    _each_is_booked_and_paid_or_neither(town)
    _no_mail_is_lost(town, mail)


def test_whatever_is_killed_each_accepted_message_arrives_and_again_only_as_itself(
    aftermath: Aftermath,
) -> None:
    program, town = aftermath.program, aftermath.town
    arrived: dict[str, list[str]] = {}
    for letter in aftermath.mail.taken:
        arrived.setdefault(str(letter["To"]), []).append(str(letter["Message-ID"]))
    wanted = {address_of(reference): id_ for reference, id_ in program.accepted.items()}
    perhaps = {address_of(reference) for reference in program.unknown}
    ours = {to: ids for to, ids in arrived.items() if to.endswith(HOST)}
    again = sum(len(ids) - 1 for ids in ours.values())
    print(
        f"{len(aftermath.killed)} kills, {len(wanted)} accepted, {len(perhaps)} with no answer, "
        f"{len(program.repeated)} asked for again, {again} handed over again"
    )

    assert set(wanted) <= set(ours), "an accepted message was lost"
    assert set(ours) <= set(wanted) | perhaps, "a message came that nobody sent"
    assert all(len(set(ids)) == 1 for ids in ours.values()), "one request made two messages"
    assert all(id_ in ours[to][0] for to, id_ in wanted.items())
    assert again <= TASKS_AT_ONCE * KILLS
    made = "SELECT count(*), count(DISTINCT reference), count(sent_at) FROM notify_message"
    kept = town.rows(f"{made} WHERE reference LIKE 'sender%'")
    assert kept == [(len(ours), len(ours), len(ours))]
    assert program.accepted
    assert IS_SMALL or (program.unknown and program.repeated), "no answer was ever lost"


def test_whatever_is_killed_each_payment_ends_in_one_state_and_the_ledger_balances(
    aftermath: Aftermath,
) -> None:
    payers, town = aftermath.payers, aftermath.town
    began = "SELECT reference, state FROM pay_payment WHERE reference LIKE 'payer%'"
    ended = {str(reference): str(state) for reference, state in town.rows(began)}
    counted = Counter(ended.values())
    print(f"{len(aftermath.killed)} kills, {PAYMENTS} payments: {dict(counted)}")

    assert set(payers.ids) == set(ended), "a payment was lost, or made twice"
    assert len(ended) == PAYMENTS
    assert set(counted) <= {"captured", "expired"}
    assert all(ended[reference] == "captured" for reference in payers.told_paid)
    assert counted["captured"] >= PAYMENTS // 2
    assert ledger_faults(town) == []
    theirs = (
        "SELECT coalesce(sum(amount_minor), 0) FROM pay_sandboxcheckout WHERE word = 'captured'"
    )
    ours = "SELECT sum(minor) FROM pay_posting JOIN pay_account a ON a.id = account_id "
    assert town.rows(theirs) == town.rows(f"{ours} WHERE a.purpose = 'processor'")


def _each_is_booked_and_paid_or_neither(town: UpTown) -> None:
    states = Counter(
        town.rows(
            "SELECT c.state, p.state, b.state FROM bulky_waste_collection c "
            "JOIN pay_payment p ON p.id = c.payment_id "
            "JOIN bookings_booking b ON b.id = c.booking_id"
        )
    )
    whole = {("booked", "captured", "confirmed")}
    whole |= {(state, "expired", "held") for state in ("waiting", "lapsed")}
    assert set(states) <= whole, states
    assert states["booked", "captured", "confirmed"] >= SIZE * 3 // 4, states
    lost = town.rows(
        "SELECT count(*) FROM pay_sandboxcheckout s WHERE s.word = 'captured' AND NOT EXISTS "
        "(SELECT 1 FROM pay_payment p WHERE p.processor_reference = s.reference "
        "AND p.state = 'captured')"
    )
    assert lost == [(0,)], "money was taken for nothing"
    assert ledger_faults(town) == []
    wrong = town.rows(
        "SELECT count(*) FROM bookings_slot s WHERE taken <> (SELECT count(*) FROM "
        "bookings_booking b WHERE b.slot_id = s.id AND b.state IN ('held', 'confirmed'))"
    )
    assert wrong == [(0,)], "places are miscounted"


def ledger_faults(town: UpTown) -> list[object]:
    """What does not balance, or does not stand in the ledger just once."""
    return [
        *town.rows(
            "SELECT currency, sum(minor) FROM pay_posting GROUP BY 1 HAVING sum(minor) <> 0"
        ),
        *town.rows(
            "SELECT p.id, p.state, count(e.id) FROM pay_payment p LEFT JOIN pay_entry e "
            "ON e.kind = 'payment' AND e.about = p.id GROUP BY 1, 2 "
            "HAVING count(e.id) <> CASE p.state WHEN 'captured' THEN 1 ELSE 0 END"
        ),
        *town.rows(
            "SELECT id FROM pay_payment WHERE refunded_minor > amount_minor "
            "OR (refunded_minor > 0 AND state <> 'captured')"
        ),
    ]


def _no_mail_is_lost(town: UpTown, mail: MailServer) -> None:
    """Each booking's email came; one that came twice has the same Message-ID both times."""
    booked = {
        row[0]
        for row in town.rows("SELECT reference FROM bulky_waste_collection WHERE state = 'booked'")
    }
    ids: dict[str, set[str]] = {}
    receipts = [each for each in mail.taken if str(each["Subject"]).startswith(RECEIPT)]
    assert len({each["Message-ID"] for each in receipts}) == town.rows(PAID)[0][0]
    for letter in mail.taken:
        ours = letter in receipts or HOST in str(letter["To"])
        words = "" if ours else text_of(letter)
        for reference in booked:
            if str(reference) in words:
                ids.setdefault(str(reference), set()).add(str(letter["Message-ID"]))
    assert set(ids) == booked
    assert all(len(each) == 1 for each in ids.values()), ids
    unsent = town.rows("SELECT count(*) FROM notify_message WHERE sent_at IS NULL")
    assert unsent == [(0,)]
