"""What staff see of payments."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from townhall.capabilities.pay import queries as pay
from townhall.machinery.actors import Actor
from townhall.machinery.operations import query
from townhall.machinery.paging import Page
from townhall.machinery.service import offered
from townhall.services.payments.records import UnfitNotice
from townhall.services.payments.service import PAYMENTS, READ


@query(READ, told=_("Saw a payment notice about you that does not fit"))
def get_unfit_notice(actor: Actor, notice_id: UUID) -> UnfitNotice:
    us = PAYMENTS.acting_for(actor)
    notice = pay.get_notice(us, notice_id)
    if notice.payment_id is None:
        returned = tuple(pay.list_refunds_of_notice(us, notice.id))
        return UnfitNotice(id=notice.id, notice=notice, payment=None, service="", refunds=returned)
    payment = pay.get_payment(us, notice.payment_id)
    titles = {service.slug: str(service.title) for service in offered()}
    return UnfitNotice(
        id=notice.id,
        notice=notice,
        payment=payment,
        service=titles.get(payment.service, payment.service),
        refunds=(
            *pay.list_refunds(us, payment_id=notice.payment_id),
            *pay.list_refunds_of_notice(us, notice.id),
        ),
    )


@query(READ, told=_("Saw payment notices about you that do not fit"))
def list_unfit_notices(actor: Actor, *, place: str | None = None) -> Page[UnfitNotice]:
    """Newest last, without their payments."""
    page = pay.list_unfit_notices(PAYMENTS.acting_for(actor), place=place)
    rows = [
        UnfitNotice(id=notice.id, notice=notice, payment=None, service="", refunds=())
        for notice in page.rows
    ]
    return Page(rows=rows, next_place=page.next_place)
