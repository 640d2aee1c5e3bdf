"""What mail servers and Amazon SES report of the emails that they took: receipts and complaints."""

from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import ForgedReceipt, NoSuchMessage, NoSuchSupplier
from townhall.capabilities.notify.operations.callbacks import tell_of_complaint
from townhall.capabilities.notify.operations.delivery import take_receipt
from townhall.capabilities.notify.providers import carriers
from townhall.capabilities.notify.providers.sns import SnsTopic
from townhall.capabilities.notify.rules.reports import read_report
from townhall.capabilities.notify.rules.return_paths import find_message_id
from townhall.capabilities.notify.rules.ses import read_notice
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid
from townhall.machinery.operations import errand, operation

LARGEST = 1_000_000  # bytes; the script that hands reports over leaves out what is beyond


@errand(permissions.DELIVER)
def take_mail_report(actor: Actor, *, to: str, mail: bytes) -> None:
    """A mail that came to the address for bounces; `to` is what stood on its envelope.

    The message is of any organisation, and named by a return path that we sealed: in `to`, or
    within the mail if it came to an address that complaints are sent to. Raises ForgedReceipt,
    NoSuchMessage, or Invalid for what cannot be read.
    """
    if len(mail) > LARGEST:
        raise Invalid(_("That mail is larger than a report can be."))
    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    message_id = find_message_id(to, keys=keys)
    if message_id is None:
        message_id = find_message_id(mail.decode("ascii", "replace"), keys=keys)
    if message_id is None:
        raise ForgedReceipt(_("Neither the address nor the mail names a message of ours."))
    _take(actor, message_id, read_report(mail), of="smtp")


@errand(permissions.DELIVER)
def take_ses_notice(actor: Actor, *, body: bytes) -> None:
    """What Amazon SES says of an email, as Amazon SNS posts it.

    A subscription of the topic that we were told of is confirmed. Raises NoSuchSupplier,
    ForgedReceipt, NoSuchMessage, Invalid, or Unavailable if Amazon cannot be asked.
    """
    published = _topic().open(body)
    if published:
        _take(actor, *read_notice(published), of="ses")


def _topic() -> SnsTopic:
    topic = next((each for it in carriers() if (each := getattr(it, "topic", None))), None)
    if not isinstance(topic, SnsTopic):
        raise NoSuchSupplier(_("No topic of Amazon SNS tells of emails here."))
    return topic


def _take(actor: Actor, message_id: UUID, report: records.EmailReport, *, of: str) -> None:
    """Nothing, if another supplier has the message: this one did not take it after all."""
    told_of = models.Message.told_of(message_id)
    if told_of is None:
        raise NoSuchMessage(str(message_id))
    organisation_id, supplier = told_of
    if "://" in supplier and not supplier.startswith(of):
        return
    owner = Actor(actor.name, actor.may, organisation_id)
    if report.receipt is not None:
        take_receipt(owner, message_id, receipt=report.receipt)
    if report.complaint is not None:
        take_complaint(owner, message_id, said=report.complaint)


@operation(permissions.DELIVER, told=gettext_lazy("Recorded a complaint of yours"))
def take_complaint(
    actor: Actor, message_id: UUID, *, said: records.Complained
) -> records.Complaint:
    """Keep a complaint of an email, and tell its sender's callbacks.

    The second time with one reference changes nothing. Raises NoSuchMessage.
    """
    mine = models.Message.visible_to(actor).select_related("sender")
    message = mine.filter(id=message_id).first()
    if message is None:
        raise NoSuchMessage(str(message_id))
    complaint, is_new = models.Complaint.keep(message, said)
    if is_new:
        tell_of_complaint(complaint)
    return complaint.record()
