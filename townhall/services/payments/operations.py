"""Asking staff to look."""

from datetime import timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from townhall.capabilities.cases.operations import open_case
from townhall.capabilities.cases.records import Outcome
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation
from townhall.machinery.wording import Wording
from townhall.services.payments.queries import get_unfit_notice
from townhall.services.payments.service import PAYMENTS, RUN

KIND = "unfit-notice"
TO_BE_DONE_WITHIN = timedelta(days=2)
OUTCOMES = (
    Outcome(code="refunded", label=Wording("The money was given back", "Rhoddwyd yr arian yn ôl")),
    Outcome(code="kept", label=Wording("The money is ours", "Ni sydd piau'r arian")),
    Outcome(
        code="explained",
        label=Wording("Explained, nothing to do", "Eglurwyd, dim i'w wneud"),
    ),
)


@operation(RUN)
def ask_staff(actor: Actor, notice_id: UUID) -> None:
    """Open a case about a notice that does not fit; while one is open, that is it."""
    unfit = get_unfit_notice(actor, notice_id)
    open_case(
        actor,
        service=PAYMENTS.slug,
        kind=KIND,
        subject_id=notice_id,
        person_id=unfit.notice.person_id,
        title=_("A payment notice does not fit"),
        summary=unfit.explanation,
        link=reverse("payments:notice", args=[notice_id]),
        outcomes=OUTCOMES,
        due_at=unfit.notice.received_at + TO_BE_DONE_WITHIN,
    )
