"""Letters on paper: the PDF of each, made by us or looked at when it came ready made."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import NotALetter
from townhall.capabilities.notify.operations.delivery import deliver, fail_message
from townhall.capabilities.notify.operations.lists import may_send_abroad
from townhall.capabilities.notify.records import Channel, Status
from townhall.capabilities.notify.rules.countries import UNITED_KINGDOM
from townhall.capabilities.notify.rules.precompiled import Precompiled, check_precompiled
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid
from townhall.machinery.files import scan
from townhall.machinery.operations import errand, operation
from townhall.machinery.tasks import task

CHECKED = _("Checked a letter to you before it was printed")


@task
def check_paper(message_id: UUID, organisation_id: UUID) -> None:
    """Scan and look at a letter that came ready made. May run twice: it is judged once."""
    may = frozenset({permissions.DELIVER})
    look_at_paper(Actor("capability:notify", may, organisation_id), message_id)


@errand(permissions.DELIVER)
def look_at_paper(actor: Actor, message_id: UUID) -> None:
    """Let a letter go to print, or give it up and say what is wrong with it."""
    paper = models.Paper.visible_to(actor).filter(message_id=message_id).first()
    if paper is None:
        return
    pdf = bytes(paper.pdf)
    try:
        scan(pdf)
    except Invalid:
        fail_message(actor, message_id, status=Status.VIRUS_SCAN_FAILED, cause="virus")
        return
    try:
        checked = check_precompiled(pdf, abroad=may_send_abroad(actor))
    except NotALetter as fault:
        cause = fault.fault
        fail_message(actor, message_id, status=Status.VALIDATION_FAILED, cause=cause)
    else:
        accept_paper(actor, message_id, checked=checked)


@operation(permissions.DELIVER, told=CHECKED)
def accept_paper(actor: Actor, message_id: UUID, *, checked: Precompiled) -> records.Message:
    """Send a letter that came ready made on to print. A second time changes nothing."""
    mine = models.Message.visible_to(actor).select_for_update()
    message = mine.get(id=message_id, channel=Channel.LETTER)
    if message.status == Status.PENDING_VIRUS_CHECK:
        message.status = Status.CREATED
        message.to, message.units = "\n".join(checked.address.lines), checked.pages
        if (zone := checked.address.zone) != UNITED_KINGDOM:
            message.postage = zone  # there is one class abroad
        message.save(update_fields=["status", "to", "units", "postage"])
        models.Paper.objects.filter(message=message).update(is_checked=True)
        deliver.later(message_id=message.id, organisation_id=actor.organisation_id)
    return message.record()
