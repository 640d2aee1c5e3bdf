"""How payments and what belongs to them read on the pages of staff."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.pay import queries, records
from townhall.capabilities.pay.records import (
    AgreementState,
    DisputeState,
    RefundState,
    State,
)
from townhall.capabilities.pay.records.words import (
    AGREEMENT_STATES,
    DISPUTE_STATES,
    ENTRY_KINDS,
    PURPOSES,
    REFUND_STATES,
    STATES,
)
from townhall.capabilities.pay.rules.cards import BRAND_NAMES
from townhall.machinery.actors import Actor

Tag = tuple[str, str]  # words and a colour

_COLOURS: dict[str, str] = {
    State.CAPTURED: "green",
    State.DECLINED: "red",
    State.ERRORED: "red",
    State.EXPIRED: "grey",
    State.ABANDONED: "grey",
    State.CANCELLED: "grey",
}
_REFUND_COLOURS: dict[str, str] = {
    RefundState.PROPOSED: "yellow",
    RefundState.REQUESTED: "blue",
    RefundState.SUCCEEDED: "green",
    RefundState.FAILED: "red",
    RefundState.REJECTED: "grey",
}
_AGREEMENT_COLOURS: dict[str, str] = {
    AgreementState.CREATED: "blue",
    AgreementState.ACTIVE: "green",
    AgreementState.INACTIVE: "red",
    AgreementState.CANCELLED: "grey",
}
_DISPUTE_COLOURS: dict[str, str] = {
    DisputeState.NEEDS_RESPONSE: "red",
    DisputeState.UNDER_REVIEW: "yellow",
    DisputeState.LOST: "grey",
    DisputeState.WON: "green",
}
_ACTORS = {
    "program": gettext_lazy("The program %(name)s"),
    "service": gettext_lazy("The service %(name)s"),
    "staff": gettext_lazy("Staff (%(name)s)"),
    "capability": gettext_lazy("By itself"),
}


def state_tag(payment: records.Payment) -> Tag:
    """With refunds in it: a payment whose money has gone back should not read as merely paid."""
    if payment.refunded.minor:
        whole = payment.refunded == payment.amount
        return (_("Refunded") if whole else _("Refunded in part")), "purple"
    return str(STATES[payment.state]), _COLOURS.get(payment.state, "blue")


def refund_tag(refund: records.Refund) -> Tag:
    return str(REFUND_STATES[refund.state]), _REFUND_COLOURS[refund.state]


def agreement_tag(agreement: records.Agreement) -> Tag:
    return str(AGREEMENT_STATES[agreement.state]), _AGREEMENT_COLOURS[agreement.state]


def dispute_tag(dispute: records.Dispute) -> Tag:
    return str(DISPUTE_STATES[dispute.state]), _DISPUTE_COLOURS[dispute.state]


def message_tag(message: records.WebhookMessage) -> Tag:
    if message.delivered_at:
        return _("Delivered"), "green"
    if message.given_up_at:
        return _("Given up"), "red"
    if message.attempts:
        return _("Will be tried again"), "yellow"
    return _("Waiting to be sent"), "blue"


def write_card(card: records.CardDetails | None) -> str:
    """Visa ending 4242."""
    if card is None or not card.last_digits:
        return ""
    brand = BRAND_NAMES.get(card.brand, _("Card"))
    return _("%(brand)s ending %(digits)s") % {"brand": brand, "digits": card.last_digits}


def write_actor(name: str) -> str:
    """Who did it: an actor in words, or its name as it stands."""
    kind, colon, rest = name.partition(":")
    known = _ACTORS.get(kind)
    return str(known) % {"name": rest} if colon and known else name


def service_names(actor: Actor) -> dict[str, str]:
    return {each.slug: each.name for each in queries.list_service_names(actor)}


def list_rows(
    payments: Iterable[records.Payment], names: dict[str, str]
) -> list[tuple[records.Payment, str, str, Tag]]:
    """Each payment with its service, its card and its state, in words."""
    return [
        (each, names.get(each.service, each.service), write_card(each.card), state_tag(each))
        for each in payments
    ]


def write_account(account: records.Account, names: dict[str, str] | None = None) -> str:
    """Takings: Library fines."""
    purpose = str(PURPOSES[account.purpose])
    detail = (names or {}).get(account.detail, account.detail)
    return f"{purpose}: {detail}" if detail else purpose


def write_entry(entry: records.Entry | records.AccountLine) -> str:
    return str(ENTRY_KINDS[entry.kind])
