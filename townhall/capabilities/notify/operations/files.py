"""Files that go with an email: behind a link in the place of a value, or attached to it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import FileHasVirus, FilesNotSetUp, TooManyGuesses
from townhall.capabilities.notify.operations.programs import SENT_YOU, send_email_for_program
from townhall.capabilities.notify.records import Enclosures, Personalisation
from townhall.capabilities.notify.rendering.placeholders import key_of
from townhall.capabilities.notify.rules.addresses import SMOKE, clean_address
from townhall.capabilities.notify.rules.seals import is_address, make_key, make_proof
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid
from townhall.machinery.files import scan
from townhall.machinery.operations import errand, operation
from townhall.machinery.organisations import every_organisation
from townhall.machinery.tasks import every


@errand(permissions.SEND)
def look_at_files(actor: Actor, *, program: records.Program, enclosed: Enclosures) -> None:
    """Have the files scanned. Raises FilesNotSetUp, FileHasVirus, or Unavailable if none can be."""
    if enclosed.links:
        _require_contact(actor, program)
    files = [linked.file for linked in enclosed.links.values()]
    for file in (*files, *enclosed.attachments):
        try:
            scan(file.content)
        except Invalid as found:
            raise FileHasVirus("File did not pass the virus scan") from found


def _require_contact(actor: Actor, program: records.Program) -> None:
    mine = models.Sender.visible_to(actor).filter(id=program.sender_id)
    if not mine.exclude(contact="").exists():
        raise FilesNotSetUp(
            "Send files by email has not been set up - add contact details for your service"
        )


@operation(permissions.SEND, told=SENT_YOU)
def send_email_with_files_for_program(
    actor: Actor,
    /,
    *,
    program: records.Program,
    enclosed: Enclosures,
    to: str,
    personalisation: Personalisation,
    sanitise_content_for: Sequence[str] = (),
    **email: Any,  # Any: what else send_email_for_program takes
) -> records.Message:
    """Send one email with files that `look_at_files` has let through.

    Raises what `send_email_for_program` does. As there, nothing is kept for a smoke address.
    """
    is_smoke = clean_address(to).lower() in SMOKE
    new = {} if is_smoke else {name: (uuid4(), make_key()) for name in enclosed.links}
    links = {name: f"{enclosed.root}/files/{at}/?key={key}" for name, (at, key) in new.items()}
    smoke = dict.fromkeys(enclosed.links, f"{enclosed.root}/files/test-document")
    ours = {key_of(name) for name in enclosed.links}  # links of ours are harmless
    message = send_email_for_program(
        actor,
        program=program,
        to=to,
        personalisation={**personalisation, **smoke, **links},
        sanitise_content_for=[each for each in sanitise_content_for if key_of(each) not in ours],
        **email,
    )
    if not is_smoke:
        _keep_links(actor, program, message, enclosed, new)
        _attach(message, enclosed)
    return message


def _keep_links(
    actor: Actor,
    program: records.Program,
    message: records.Message,
    enclosed: Enclosures,
    new: dict[str, tuple[UUID, str]],
) -> None:
    """Of a request that is repeated, the first one's are there already."""
    if not new or models.LinkedFile.objects.filter(message_id=message.id).exists():
        return
    for name, (file_id, key) in new.items():
        file = models.LinkedFile(
            id=file_id,
            organisation_id=actor.organisation_id,
            sender_id=program.sender_id,
            message_id=message.id,
            person_id=message.person_id,
        )
        file.put_in(enclosed.links[name], key=key, to=message.to)
        file.save(force_insert=True)


def _attach(message: records.Message, enclosed: Enclosures) -> None:
    if not enclosed.attachments:
        return
    kept = models.Message.objects.get(id=message.id)
    if not kept.attachments and kept.wiped_at is None:
        kept.attach(enclosed.attachments)
        kept.save(update_fields=["attachments"])


@operation(permissions.OPEN_FILES)
def guess_recipient(actor: Actor, file_id: UUID, *, key: str, address: str) -> records.Guess:
    """Whether the email with the file went to this address.

    Raises NoSuchFile, or TooManyGuesses after ten in an hour, right or wrong: an address cannot be
    found out by trying.
    """
    file = models.LinkedFile.behind(actor, file_id, key=key)
    if not file.take_guess():
        raise TooManyGuesses(
            _("Too many addresses were entered. Wait an hour, or contact whoever sent the file.")
        )
    is_right = is_address(key, address, bytes(file.address_digest))
    return records.Guess(proof=make_proof(file.id) if is_right else "")


@every("47 3 * * *")
def wipe_old_files() -> None:
    """Once a day, in each organisation."""
    may = frozenset({permissions.DELIVER})
    for organisation in every_organisation():
        wipe_files(Actor("capability:notify", may, organisation.id))


@operation(permissions.DELIVER)
def wipe_files(actor: Actor) -> int:
    """Take out what is in the files whose weeks are over; say of how many."""
    return models.LinkedFile.wipe(actor)
