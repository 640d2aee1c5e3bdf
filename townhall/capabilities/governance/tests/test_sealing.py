import threading
import time
from datetime import UTC, datetime
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from townhall.capabilities.governance import operations, rules
from townhall.capabilities.governance.operations import VERIFIER, seal_audit
from townhall.capabilities.governance.queries import verify_chain
from townhall.capabilities.governance.tests.make import AUDITOR, make_entry
from townhall.machinery.errors import NotAllowed
from townhall.machinery.inspection import inspect_all
from townhall.machinery.models import AuditEntry

pytestmark = pytest.mark.django_db


def make_chain(length: int) -> list[AuditEntry]:
    entries = [make_entry() for _ in range(length)]
    seal_audit()
    return entries


def test_every_entry_is_sealed_with_the_one_before_it() -> None:
    first, second = make_chain(2)

    first.refresh_from_db()
    second.refresh_from_db()
    assert bytes(first.seal or b"") == rules.seal_of(first, rules.FIRST)
    assert bytes(second.seal or b"") == rules.seal_of(second, bytes(first.seal or b""))


def test_an_entry_that_was_sealed_before_anybody_could_act_for_another_keeps_its_seal() -> None:
    entry = make_entry(
        id=7,
        organisation_id=UUID(int=1),
        person_id=UUID(int=2),
        subject_id="9",
        concerns=[UUID(int=3)],
        done_at=datetime(2026, 11, 1, 12, tzinfo=UTC),
    )

    assert rules.seal_of(entry, rules.FIRST).hex() == (
        "4155281e339cf631fa7cfc23012f9566c35e33dd12ec969c6722a0a9935bfcbc"
    )


def test_sealing_goes_on_where_it_ended_and_twice_is_harmless() -> None:
    make_chain(3)
    before = list(AuditEntry.objects.order_by("id").values_list("seal", flat=True))
    seal_audit()
    make_chain(2)

    after = list(AuditEntry.objects.order_by("id").values_list("seal", flat=True))

    assert [bytes(each or b"") for each in after[:3]] == [bytes(each or b"") for each in before]
    verdict = verify_chain(VERIFIER)
    assert (verdict.checked, verdict.broken_at) == (5, None)
    assert verdict.last_seal == bytes(after[-1] or b"").hex()


def test_more_entries_than_one_batch_make_one_chain() -> None:
    AuditEntry.objects.bulk_create(
        AuditEntry(organisation_id=AUDITOR.organisation_id, actor="x", concerns=[])
        for _ in range(operations.BATCH * 2 + 1)
    )

    seal_audit()

    assert verify_chain(VERIFIER).checked == operations.BATCH * 2 + 1
    assert verify_chain(VERIFIER, newest=10).checked == 10


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE machinery_auditentry SET actor = 'somebody else' WHERE id = %s",
        f"UPDATE machinery_auditentry SET delegate_id = '{UUID(int=5)}' WHERE id = %s",
        "UPDATE machinery_auditentry SET concerns = '{}' WHERE id = %s",
        "UPDATE machinery_auditentry SET done_at = done_at + interval '1 second' WHERE id = %s",
        "UPDATE machinery_auditentry SET seal = sha256('forged') WHERE id = %s",
        "UPDATE machinery_auditentry SET seal = NULL WHERE id = %s",
        "DELETE FROM machinery_auditentry WHERE id = %s",
    ],
)
def test_tampering_with_a_sealed_entry_is_found(tampering: str) -> None:
    entries = make_chain(5)
    with connection.cursor() as cursor:
        cursor.execute(tampering, [entries[2].id])
    seal_audit()

    for verdict in (verify_chain(VERIFIER), verify_chain(VERIFIER, newest=4)):
        assert verdict.broken_at in {entries[2].id, entries[3].id}
        assert verdict.cause


def test_an_entry_put_in_between_is_found() -> None:
    entries = make_chain(3)
    AuditEntry.objects.filter(id=entries[1].id).delete()
    make_entry(id=entries[1].id)
    seal_audit()

    assert verify_chain(VERIFIER).broken_at == entries[1].id


def test_the_first_entry_cannot_be_cut_off_unseen() -> None:
    entries = make_chain(3)
    AuditEntry.objects.filter(id=entries[0].id).delete()

    assert verify_chain(VERIFIER).broken_at == entries[1].id


def test_an_empty_audit_is_whole() -> None:
    seal_audit()

    assert verify_chain(VERIFIER).broken_at is None


def test_townhall_check_says_where_the_audit_breaks() -> None:
    entries = make_chain(3)
    AuditEntry.objects.filter(id=entries[1].id).update(actor="somebody else")

    (finding,) = [each for each in inspect_all() if each.subject == "audit"]

    assert finding.is_fault
    assert f"Entry {entries[1].id}" in finding.advice


def test_townhall_check_says_if_nobody_seals() -> None:
    make_entry(done_at="2026-01-01T00:00Z")

    (finding,) = [each for each in inspect_all() if each.subject == "audit"]

    assert "worker" in finding.advice


def test_the_command_checks_everything() -> None:
    entries = make_chain(3)
    said = StringIO()
    call_command("verify_audit", stdout=said)
    AuditEntry.objects.filter(id=entries[0].id).update(actor="somebody else")

    assert "All 3 sealed entries" in said.getvalue()
    with pytest.raises(CommandError, match=f"Entry {entries[0].id}"):
        call_command("verify_audit")


def test_not_everyone_may_verify() -> None:
    with pytest.raises(NotAllowed):
        verify_chain(AUDITOR)


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_commits_late_is_waited_for() -> None:
    inserted, sealing = threading.Event(), threading.Event()

    def write_late() -> None:
        try:
            with transaction.atomic():
                make_entry(action="late")
                inserted.set()
                sealing.wait(10)
                time.sleep(0.3)  # while the other waits for us
        finally:
            connections.close_all()

    late = threading.Thread(target=write_late)
    late.start()
    inserted.wait(10)
    make_entry(action="early")
    sealing.set()
    seal_audit()
    late.join()

    assert not AuditEntry.objects.filter(seal=None).exists()
    actions = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert actions == ["late", "early"]
    assert verify_chain(VERIFIER).broken_at is None
