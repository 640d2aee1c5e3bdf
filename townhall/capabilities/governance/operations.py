"""Sealing the audit, so that nobody alters it unseen."""

import logging
import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone

from townhall.capabilities.governance import permissions, rules
from townhall.capabilities.governance.queries import verify_chain
from townhall.machinery.actors import Actor
from townhall.machinery.inspection import Finding, inspects
from townhall.machinery.models import AuditEntry
from townhall.machinery.tasks import every

BATCH = 1000
PATIENCE_SECONDS = 30
INSPECTED = 10_000
# The chain runs through all organisations' entries, so whoever checks it is of none.
VERIFIER = Actor("capability:governance", frozenset({permissions.VERIFY_AUDIT}), UUID(int=0))

logger = logging.getLogger("townhall.governance")


@every("*/5 * * * *")
def seal_audit() -> None:
    """Give every entry that is final its seal, in order of id.

    Entries commit out of order, and a chain has no room for a late one. So whoever is writing
    entries as we begin is waited for; after that, no entry below the newest can still turn up.
    Two that seal at once write the same seals.
    """
    newest = AuditEntry.objects.order_by("-id").values_list("id", flat=True).first()
    if newest is None:
        return
    if not _writers_are_done():
        logger.warning("audit not sealed: a transaction that writes to it goes on and on")
        return
    last = AuditEntry.objects.filter(seal__isnull=False).order_by("-id").first()
    last_id, seal = (last.id, bytes(last.seal or b"")) if last else (0, rules.FIRST)
    before = last_id
    while batch := list(_unsealed(last_id, newest)):
        last_id, seal = _seal(batch, seal)
    if last_id != before:  # whoever keeps the logs elsewhere can tell if the end is cut off
        logger.info("audit sealed", extra={"last_id": last_id, "seal": seal.hex()})


def _writers_are_done() -> bool:
    """Wait for the transactions that now write to the audit to end; say whether they did."""
    writing = _writers()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while writing:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
        writing &= _writers()
    return True


def _writers() -> set[str]:
    """Who writes to the audit now: an INSERT locks the table before it takes its row's id."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT virtualtransaction FROM pg_locks "
            "WHERE relation = 'machinery_auditentry'::regclass AND mode = 'RowExclusiveLock' "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
            "AND pid IS DISTINCT FROM pg_backend_pid()"
        )
        return {transaction for (transaction,) in cursor.fetchall()}


def _unsealed(after: int, newest: int) -> Iterator[AuditEntry]:
    entries = AuditEntry.objects.filter(seal=None, id__gt=after, id__lte=newest)
    return iter(entries.order_by("id")[:BATCH])


def _seal(batch: list[AuditEntry], before: bytes) -> tuple[int, bytes]:
    """Write the seals of a batch; return the last entry's id and its seal."""
    seals = []
    for entry in batch:
        before = rules.seal_of(entry, before)
        seals.append(before)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE machinery_auditentry AS entry SET seal = made.seal "
            "FROM unnest(%s::bigint[], %s::bytea[]) AS made (id, seal) "
            "WHERE entry.id = made.id AND entry.seal IS NULL",
            [[entry.id for entry in batch], seals],
        )
    return batch[-1].id, before


@inspects
def _inspect_audit() -> list[Finding]:
    """Check the newest entries; `manage.py verify_audit` checks them all."""
    verdict = verify_chain(VERIFIER, newest=INSPECTED)
    if verdict.broken_at is not None:
        advice = f"The audit is not whole. {verdict.cause} Compare it with a backup."
        return [Finding(subject="audit", advice=advice, is_fault=True)]
    hour_ago = timezone.now() - timedelta(hours=1)
    waiting = AuditEntry.objects.filter(seal=None, id__gt=verdict.last_id or 0)
    if waiting.filter(done_at__lt=hour_ago).exists():
        advice = "Entries of the audit wait for their seal for an hour. Is a worker running?"
        return [Finding(subject="audit", advice=advice)]
    return [Finding(subject="audit")]
