"""Reading settlement reports, and what finance does about lines that do not match."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.errors import NoSuchLine, NoSuchProcessor
from townhall.capabilities.pay.events import SettlementUnmatched
from townhall.capabilities.pay.models.settlements import MISSING
from townhall.capabilities.pay.operations.ledger import Books
from townhall.capabilities.pay.operations.matching import Matcher
from townhall.capabilities.pay.operations.notices import system
from townhall.capabilities.pay.providers import TELEPHONE, everyone
from townhall.capabilities.pay.records import EntryKind, LineState, Mismatch, Purpose
from townhall.capabilities.pay.rules.statements import read_report
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid
from townhall.machinery.events import emit
from townhall.machinery.money import Money
from townhall.machinery.operations import operation
from townhall.machinery.organisations import every_organisation
from townhall.machinery.tasks import every, task

READ_AGAIN = timedelta(days=14)  # before the last payout: a processor may correct what it said
READ_FIRST = timedelta(days=100)
MISSING_AFTER = timedelta(days=10)
AT_ONCE = 500  # lines in one transaction
MISSING_AT_ONCE = 1_000


@every("30 3 * * *")
def read_settlements() -> None:
    """Read what every processor has paid out, and look for what none of them has."""
    for processor in everyone():
        read_settlements_of.later(processor=processor)
    for organisation in every_organisation():
        look_for_missing.later(organisation_id=organisation.id)


@task
def read_settlements_of(processor: str) -> None:
    """Read a processor's report, and record for each organisation what is its own.

    What nobody knows goes to the first organisation, which runs the installation.
    """
    chosen = everyone().get(processor)
    if chosen is None:
        return
    last = models.Settlement.last_of(processor)
    today = timezone.localdate()
    since = min(last, today) - READ_AGAIN if last else today - READ_FIRST
    lines = list(chosen.settlements(since))
    owners = models.SettlementLine.owners(processor, lines)
    operator = every_organisation()[0].id
    of_each: dict[UUID, list[records.SettlementLine]] = defaultdict(list)
    for line in lines:
        of_each[owners.get(line.id, operator)].append(line)
    for organisation_id, theirs in of_each.items():
        _record_by_payout(system(organisation_id), processor, theirs)


@task
def look_for_missing(organisation_id: UUID) -> None:
    note_missing(system(organisation_id))


@operation(permissions.RECORD)
def record_settlement(
    actor: Actor, *, processor: str, lines: Sequence[records.SettlementLine]
) -> records.Imported:
    """Take lines of one payout: the ledger has the payout, and what matches is settled.

    What does not match stays listed until someone explains it. Lines that were taken before, of
    whichever organisation, change nothing.
    """
    models.Settlement.one_reader(processor)
    fresh = models.SettlementLine.unread(processor, lines)
    matcher = Matcher(actor, processor, fresh)
    rows = [matcher.take(line) for line in fresh]
    _pay_out(actor, fresh, rows)
    models.SettlementLine.objects.bulk_create(rows)
    unmatched = sum(row.state == LineState.UNMATCHED for row in rows)
    _tell(actor, processor, unmatched)
    return records.Imported(
        new=len(fresh), known=len(lines) - len(fresh), of_others=0, unmatched=unmatched
    )


@operation(permissions.ACCOUNT)
def import_settlement(actor: Actor, content: bytes, *, processor: str) -> records.Imported:
    """Take a settlement report from a CSV file, all of it or nothing.

    Lines of other organisations are left alone. Raises NoSuchProcessor or Invalid.
    """
    if processor not in (*everyone(), TELEPHONE):
        raise NoSuchProcessor(_("No payment processor of that name is installed here."))
    lines = read_report(content)
    owners = models.SettlementLine.owners(processor, lines)
    own = actor.organisation_id
    mine = [line for line in lines if owners.get(line.id, own) == own]
    taken = _record_by_payout(system(actor.organisation_id), processor, mine)
    return records.Imported(
        new=sum(each.new for each in taken),
        known=sum(each.known for each in taken),
        of_others=len(lines) - len(mine),
        unmatched=sum(each.unmatched for each in taken),
    )


@operation(permissions.RECORD)
def note_missing(actor: Actor) -> int:
    """List what was taken or given back and has been in no report for days; how many are new."""
    processors = list(everyone())
    before = timezone.now() - MISSING_AFTER
    missing = models.SettlementLine
    payments = missing.missing(actor, before=before, processors=processors)[:MISSING_AT_ONCE]
    refunds = missing.missing_refunds(actor, before=before, processors=processors)
    rows = [_missing_payment(each) for each in payments]
    rows += [_missing_refund(each) for each in refunds[:MISSING_AT_ONCE]]
    models.SettlementLine.objects.bulk_create(rows, ignore_conflicts=True)
    for processor in sorted({row.processor for row in rows}):
        _tell(actor, processor, sum(row.processor == processor for row in rows))
    return len(rows)


@operation(permissions.ACCOUNT)
def explain_line(actor: Actor, line_id: UUID, *, reason: str) -> records.StoredLine:
    """Say why a line does not match. Raises NoSuchLine, NotInThatState or Invalid."""
    line = _locked(actor, line_id, reason)
    line.explain(reason, actor.person_id, written_off=False, at=timezone.now())
    return line.record()


@operation(permissions.ACCOUNT)
def write_off_line(actor: Actor, line_id: UUID, *, reason: str) -> records.StoredLine:
    """The same, and take the difference out of what the processor owes, as a cost or a gain."""
    line = _locked(actor, line_id, reason)
    line.leave_out_what_came_since()
    line.explain(reason, actor.person_id, written_off=True, at=timezone.now())
    books = Books(line.organisation_id, line.currency, is_live=line.is_live)
    owed, cost = (Purpose.PROCESSOR, line.processor), (Purpose.WRITTEN_OFF, "")
    too_much = line.difference_minor > 0
    books.move(
        EntryKind.WRITE_OFF,
        line.id,
        Money(abs(line.difference_minor), line.currency),
        debit=owed if too_much else cost,
        credit=cost if too_much else owed,
        note=reason,
    )
    return line.record()


def _record_by_payout(
    actor: Actor, processor: str, lines: Iterable[records.SettlementLine]
) -> list[records.Imported]:
    by_payout: dict[str, list[records.SettlementLine]] = defaultdict(list)
    for line in lines:
        by_payout[line.payout].append(line)
    return [
        record_settlement(actor, processor=processor, lines=some)
        for of_one in by_payout.values()
        for some in _in_parts(of_one)
    ]


def _in_parts(
    lines: Sequence[records.SettlementLine],
) -> Iterator[Sequence[records.SettlementLine]]:
    for first in range(0, len(lines), AT_ONCE):
        yield lines[first : first + AT_ONCE]


def _pay_out(
    actor: Actor,
    lines: Sequence[records.SettlementLine],
    rows: Sequence[models.SettlementLine],
) -> None:
    """An entry, and a settlement, for each of the organisation's books that the lines are of."""
    made: dict[tuple[bool, str], models.Settlement] = {}
    for line, row in zip(lines, rows, strict=True):
        key = (row.is_live, row.currency)
        if key not in made:
            made[key] = models.Settlement(
                organisation_id=actor.organisation_id,
                processor=row.processor,
                payout=line.payout,
                paid_out_on=line.paid_out_on,
                is_live=row.is_live,
                currency=row.currency,
                net_minor=0,
            )
        row.settlement = made[key]
        made[key].net_minor += line.net.minor
    models.Settlement.objects.bulk_create(made.values())
    for settlement in made.values():
        _enter_payout(settlement)


def _enter_payout(settlement: models.Settlement) -> None:
    """Less than nothing where more went back than came in: the processor takes that from us."""
    books = Books(settlement.organisation_id, settlement.currency, is_live=settlement.is_live)
    bank, owed = (Purpose.BANK, ""), (Purpose.PROCESSOR, settlement.processor)
    comes = settlement.net_minor > 0
    books.move(
        EntryKind.PAYOUT,
        settlement.id,
        Money(abs(settlement.net_minor), settlement.currency),
        debit=bank if comes else owed,
        credit=owed if comes else bank,
        note=settlement.payout,
    )


def _missing_payment(payment: models.Payment) -> models.SettlementLine:
    fee = payment.fee_minor or 0
    row = _missing(payment.organisation_id, payment.processor, payment.id)
    row.kind, row.reference, row.payment = "payment", payment.processor_reference, payment
    row.amount_minor, row.fee_minor = payment.amount_minor, fee
    row.difference_minor = fee - payment.amount_minor
    row.currency, row.is_live = payment.currency, payment.is_live
    return row


def _missing_refund(refund: models.Refund) -> models.SettlementLine:
    of = refund.of
    row = _missing(refund.organisation_id, of.processor, refund.id)
    row.kind, row.reference, row.refund = "refund", refund.processor_reference, refund
    row.amount_minor, row.fee_minor = -refund.amount_minor, 0
    row.difference_minor = refund.amount_minor
    row.currency, row.is_live = of.currency, of.is_live
    return row


def _missing(organisation_id: UUID, processor: str, about: UUID) -> models.SettlementLine:
    return models.SettlementLine(
        organisation_id=organisation_id,
        processor=processor,
        provider_id=f"{MISSING}{about}",
        state=LineState.UNMATCHED,
        cause=Mismatch.MISSING,
    )


def _tell(actor: Actor, processor: str, count: int) -> None:
    if count:
        emit(
            SettlementUnmatched(
                organisation_id=actor.organisation_id, processor=processor, count=count
            )
        )


def _locked(actor: Actor, line_id: UUID, reason: str) -> models.SettlementLine:
    if not reason.strip() or len(reason) > 500:
        raise Invalid(_("Enter a reason of up to 500 characters."))
    lines = models.SettlementLine.visible_to(actor).select_for_update(of=("self",))
    line = lines.select_related("settlement").filter(id=line_id).first()
    if line is None:
        raise NoSuchLine(_("There is no such line."))
    return line
