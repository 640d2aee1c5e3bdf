"""Payments, refunds, agreements and disputes as staff look for them and at them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Collate, Lower
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.dials import Dials
from townhall.capabilities.pay.errors import (
    NoSuchAgreement,
    NoSuchDispute,
    NoSuchPayment,
    NoSuchRefund,
)
from townhall.capabilities.pay.records import (
    AgreementState,
    DisputeState,
    EntryKind,
    RefundState,
    Search,
    Stage,
    State,
)
from townhall.capabilities.pay.rules.identifiers import read_id
from townhall.capabilities.pay.rules.transitions import CANCELLABLE, WAITING
from townhall.machinery.actors import Actor
from townhall.machinery.dial_values import dials_of
from townhall.machinery.models import AuditEntry
from townhall.machinery.money import Money
from townhall.machinery.operations import query
from townhall.machinery.paging import Page, page_of
from townhall.machinery.service import offered

LAST = "\U0010ffff"  # after every letter, in the collation C
EXPORTED_AT_ONCE = 500  # payments; an export reads them so many at a time
STATES: dict[Stage, tuple[str, ...]] = {
    Stage.IN_PROGRESS: tuple(sorted(state.value for state in WAITING)),
    Stage.PAID: (State.CAPTURED.value,),
    Stage.DECLINED: (State.DECLINED.value,),
    Stage.EXPIRED: (State.EXPIRED.value,),
    Stage.ABANDONED: (State.ABANDONED.value,),
    Stage.CANCELLED: (State.CANCELLED.value,),
    Stage.ERRORED: (State.ERRORED.value,),
}
SAW = gettext_lazy("Saw your payment")


@query(permissions.SEE, narrowed=True, told=gettext_lazy("Saw your payment in a list"))
def search_payments(
    actor: Actor, search: Search, *, place: str | None = None
) -> Page[records.Payment]:
    """The payments that fit a search, newest first."""
    return _page(actor, search, place, 25)


@query(permissions.SEE, narrowed=True, told=gettext_lazy("Exported your payment"))
def export_payments(
    actor: Actor, search: Search, *, place: str | None = None
) -> Page[records.Payment]:
    """The same, many at a time: an export asks again and again, and each time is audited."""
    return _page(actor, search, place, EXPORTED_AT_ONCE)


def _page(actor: Actor, search: Search, place: str | None, size: int) -> Page[records.Payment]:
    found = _narrowed(models.Payment.visible_to(actor), search)
    order = ("-started_at", "-id")
    if search.reference or search.email or search.cardholder:
        found, order = _named(found, search), ("-found_at", "-id")
    return page_of(found, models.Payment.record, order=order, place=place, size=size)


def _narrowed(found: QuerySet[models.Payment], search: Search) -> QuerySet[models.Payment]:
    narrower: dict[str, object] = {
        "state__in": STATES.get(search.stage) if search.stage else None,
        "refunded_minor__gt": 0 if search.stage == Stage.REFUNDED else None,
        "last_digits": search.last_digits or None,
        "service": search.service or None,
        "is_live": search.is_live,
        "amount_minor": search.amount.minor if search.amount else None,
        "started_at__gte": _midnight(search.first_on) if search.first_on else None,
        "started_at__lt": _midnight(_after(search.last_on)) if search.last_on else None,
    }
    found = found.filter(**{name: each for name, each in narrower.items() if each is not None})
    return found.exclude(last_digits="") if search.last_digits else found


def _named(found: QuerySet[models.Payment], search: Search) -> QuerySet[models.Payment]:
    """Those of one reference, email address or name, by the index of it.

    They are put in order by `found_at`, the moment that they were started, which no index has: else
    PostgreSQL would walk through all payments by age, in the hope of finding 25 early.
    """
    started_at = ExpressionWrapper(F("started_at") + timedelta(), output_field=DateTimeField())
    ways = {search.reference, search.reference.upper(), search.reference.lower()}
    named = Q(reference__in=sorted(ways)) if search.reference else Q()
    if payment_id := read_id(search.reference.lower()):  # as programs know a payment
        named |= Q(id=payment_id)
    if search.email:
        named &= Q(lowered_email=search.email.lower()) & ~Q(email="")
    if search.cardholder:
        begins = search.cardholder.lower()
        named &= Q(lowered_name__gte=begins, lowered_name__lt=begins + LAST) & ~Q(cardholder="")
    lowered_name = Collate(Lower("cardholder"), "C")
    lowered = found.alias(lowered_email=Lower("email"), lowered_name=lowered_name)
    return lowered.annotate(found_at=started_at).filter(named)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _after(day: date) -> date:
    return day + timedelta(days=1)


@query(permissions.SEE, narrowed=True)
def list_service_names(actor: Actor) -> list[records.ServiceName]:
    """What payments can be for: the services that ask for money, and the tills, by name."""
    asking = [each for each in offered() if permissions.START in each.uses]
    services = [records.ServiceName(slug=each.slug, name=str(each.title)) for each in asking]
    tills = [till.record() for till in models.Till.visible_to(actor)]
    named = [records.ServiceName(slug=till.service, name=till.name) for till in tills]
    found = [each for each in (*services, *named) if _is_within(actor, each.slug)]
    return sorted(found, key=lambda each: (each.name.lower(), each.slug))


def _is_within(actor: Actor, service: str) -> bool:
    return actor.within is None or service in actor.within


@query(permissions.SEE, narrowed=True, told=SAW)
def get_transaction(actor: Actor, payment_id: UUID) -> records.Transaction:
    """A payment with everything that belongs to it. Raises NoSuchPayment."""
    payment = models.Payment.visible_to(actor).filter(id=payment_id).first()
    if payment is None:
        raise NoSuchPayment(_("There is no such payment."))
    refunds = models.Refund.visible_to(actor).filter(payment=payment).select_related("payment")
    disputes = models.Dispute.visible_to(actor).filter(payment=payment).select_related("payment")
    notices = models.Notice.visible_to(actor).filter(payment=payment).select_related("payment")
    its_refunds = list(refunds.order_by("requested_at", "id"))
    its_disputes = list(disputes.order_by("made_at", "id"))
    its_notices = list(notices.order_by("received_at", "id"))
    about = [each.pk for each in (payment, *its_refunds, *its_disputes, *its_notices)]
    steps = models.PaymentStep.visible_to(actor).filter(payment=payment).order_by("at", "id")
    return records.Transaction(
        id=payment.id,
        payment=payment.record(),
        available=payment.available,
        may_cancel=payment.state in CANCELLABLE,
        is_challenged=any(each.state != DisputeState.WON for each in its_disputes),
        steps=tuple(step.record() for step in steps),
        refunds=tuple(_with_hands(actor, its_refunds)),
        disputes=tuple(each.record() for each in its_disputes),
        notices=tuple(each.record() for each in its_notices),
        entries=tuple(_entries(actor, about)),
    )


def _entries(actor: Actor, about: Iterable[UUID]) -> Iterator[records.Entry]:
    """By the key that an entry has once: its kind, and what it is about."""
    found = models.Entry.visible_to(actor).filter(kind__in=list(EntryKind), about__in=list(about))
    in_order = found.order_by("made_at", "id").prefetch_related("postings__account")
    return (entry.record() for entry in in_order)


def _with_hands(actor: Actor, refunds: Iterable[models.Refund]) -> Iterator[records.StaffRefund]:
    """Refunds with who asked for them and who decided, as the audit has it."""
    listed = list(refunds)
    hands = _hands(actor, listed)
    for refund in listed:
        names = hands.get(str(refund.id), ())
        is_decided = refund.approved_by is not None
        yield records.StaffRefund(
            refund=refund.record(),
            asked_by=names[0] if names else "",
            decided_by=names[1] if is_decided and len(names) > 1 else "",
            is_mine=refund.asked_by is not None and refund.asked_by == actor.person_id,
        )


def _hands(actor: Actor, refunds: list[models.Refund]) -> Mapping[str, list[str]]:
    written = AuditEntry.visible_to(actor).filter(
        subject_id__in=[str(refund.id) for refund in refunds], kind=AuditEntry.WRITE
    )
    hands: dict[str, list[str]] = {}
    for subject_id, name in written.order_by("id").values_list("subject_id", "actor"):
        hands.setdefault(subject_id, []).append(name)
    return hands


@query(permissions.GIVE_BACK, narrowed=True)
def get_refund_limit(actor: Actor) -> Money:
    """Above it a refund needs a second person."""
    return dials_of(actor.organisation_id, "pay", Dials).refund_alone_up_to


@query(permissions.GIVE_BACK, narrowed=True)
def needs_second_person(actor: Actor, payment_id: UUID, *, amount: Money) -> bool:
    """Whether this refund would wait for one, with what the same person has refunded before."""
    payment = models.Payment.visible_to(actor).filter(id=payment_id).first()
    if payment is None:
        raise NoSuchPayment(_("There is no such payment."))
    limit = get_refund_limit(actor)
    return payment.needs_second(amount, limit=limit, person_id=actor.person_id)


@query(
    permissions.APPROVE,
    narrowed=True,
    told=gettext_lazy("Saw that a refund of yours waits to be approved"),
)
def list_proposed_refunds(
    actor: Actor, *, place: str | None = None
) -> Page[records.ProposedRefund]:
    """Refunds above the limit that nobody has decided yet, oldest first."""
    waiting = models.Refund.visible_to(actor).filter(state=RefundState.PROPOSED)
    page = page_of(
        waiting.select_related("payment"),
        lambda refund: refund,
        order=("requested_at", "id"),
        place=place,
    )
    return Page(rows=_proposed(actor, page.rows), next_place=page.next_place)


@query(
    permissions.APPROVE,
    narrowed=True,
    told=gettext_lazy("Saw a refund of yours that waits to be approved"),
)
def get_proposed_refund(actor: Actor, refund_id: UUID) -> records.ProposedRefund:
    """One that was proposed, whatever was decided since. Raises NoSuchRefund."""
    of_payments = models.Refund.visible_to(actor).filter(id=refund_id, payment__isnull=False)
    found = _proposed(actor, of_payments.select_related("payment"))
    if not found:
        raise NoSuchRefund(_("There is no such refund."))
    return found[0]


def _proposed(actor: Actor, refunds: Iterable[models.Refund]) -> list[records.ProposedRefund]:
    listed = list(refunds)
    shown = _with_hands(actor, listed)
    return [
        records.ProposedRefund(id=row.id, payment=row.payment.record(), refund=refund)
        for row, refund in zip(listed, shown, strict=True)
        if row.payment is not None
    ]


@query(permissions.SEE, told=gettext_lazy("Saw your agreement in a list"))
def search_agreements(
    actor: Actor, *, state: AgreementState | None = None, place: str | None = None
) -> Page[records.StaffAgreement]:
    """Agreements of every till, newest first."""
    found = models.Agreement.visible_to(actor).select_related("till")
    found = found.filter(state=state) if state else found
    return page_of(found, _agreement, order=("-created_at", "-id"), place=place)


@query(permissions.SEE, told=gettext_lazy("Saw your agreement"))
def get_staff_agreement(actor: Actor, agreement_id: UUID) -> records.StaffAgreement:
    found = models.Agreement.visible_to(actor).select_related("till").filter(id=agreement_id)
    agreement = found.first()
    if agreement is None:
        raise NoSuchAgreement(_("There is no such agreement."))
    return _agreement(agreement)


def _agreement(agreement: models.Agreement) -> records.StaffAgreement:
    return records.StaffAgreement(
        id=agreement.id,
        agreement=agreement.record(),
        till=agreement.till.name,
        is_live=agreement.till.is_live,
        may_cancel=agreement.state == AgreementState.ACTIVE,
    )


@query(permissions.SEE, told=gettext_lazy("Saw the payments of your agreement"))
def list_payments_of_agreement(
    actor: Actor, agreement_id: UUID, *, place: str | None = None
) -> Page[records.Payment]:
    """What was taken, or tried, with an agreement, newest first."""
    found = models.Payment.visible_to(actor).filter(agreement_id=agreement_id)
    return page_of(found, models.Payment.record, order=("-started_at", "-id"), place=place)


@query(permissions.SEE, narrowed=True, told=gettext_lazy("Saw your dispute in a list"))
def search_disputes(
    actor: Actor, *, state: DisputeState | None = None, place: str | None = None
) -> Page[records.DisputedPayment]:
    """Payments that were challenged, newest first."""
    found = models.Dispute.visible_to(actor).select_related("payment")
    found = found.filter(state=state) if state else found
    return page_of(found, _disputed, order=("-made_at", "-id"), place=place)


@query(permissions.SEE, narrowed=True, told=gettext_lazy("Saw your dispute"))
def get_dispute(actor: Actor, dispute_id: UUID) -> records.DisputedPayment:
    found = models.Dispute.visible_to(actor).select_related("payment").filter(id=dispute_id)
    dispute = found.first()
    if dispute is None:
        raise NoSuchDispute(_("There is no such dispute."))
    return _disputed(dispute)


def _disputed(dispute: models.Dispute) -> records.DisputedPayment:
    return records.DisputedPayment(
        id=dispute.id,
        dispute=dispute.record(),
        reference=dispute.payment.reference,
        description=dispute.payment.description,
    )
