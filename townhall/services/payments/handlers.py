"""What this service does when something happens below it."""

from townhall.capabilities.pay.events import NoticeUnfit
from townhall.machinery.events import on
from townhall.services.payments.operations import ask_staff
from townhall.services.payments.service import PAYMENTS


@on(NoticeUnfit)
def notice_unfit(event: NoticeUnfit) -> None:
    ask_staff(PAYMENTS.acting_alone(event.organisation_id), event.notice_id)
