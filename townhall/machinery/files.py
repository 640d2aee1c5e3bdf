"""Files that people give us: their type sniffed, their size limited, scanned where clamd is."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID, uuid4

import filetype
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from townhall.machinery import scanner
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid, NotFound, Unavailable
from townhall.machinery.inspection import Finding, inspects
from townhall.machinery.models import StoredFile

PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    id: UUID
    name: str
    content_type: str
    size: int
    content: bytes


def keep(
    actor: Actor, content: bytes, *, name: str, types: frozenset[str], most_bytes: int
) -> UUID:
    """Store a file for the actor's organisation; call it inside an operation.

    The type is read from the content, whatever the name says. Raises Invalid for another type,
    too many bytes or a virus, and Unavailable if a configured scanner does not answer.
    """
    if len(content) > most_bytes:
        limit = most_bytes // MEGABYTE
        raise Invalid(_("The file must be smaller than %(limit)sMB.") % {"limit": limit})
    kind = filetype.guess(content)
    if kind is None or kind.mime not in types:
        endings = ", ".join(sorted(each.split("/")[1].upper() for each in types))
        raise Invalid(_("The file must be one of these: %(endings)s.") % {"endings": endings})
    scanned = scan(content)
    file_id = uuid4()
    path = default_storage.save(
        f"{actor.organisation_id}/{file_id}.{kind.extension}", ContentFile(content)
    )
    StoredFile.objects.create(
        id=file_id,
        organisation_id=actor.organisation_id,
        name=name[-100:],
        content_type=kind.mime,
        size=len(content),
        scanned=scanned,
        path=path,
    )
    return file_id


def read_file(organisation_id: UUID, file_id: UUID) -> File:
    """The file whole. Whoever calls has asked already whether the actor may see it."""
    found = StoredFile.of_organisation(organisation_id).filter(id=file_id).first()
    if found is None:
        raise NotFound(_("There is no such file."))
    with default_storage.open(found.path) as stored:
        return File(
            id=found.id,
            name=found.name,
            content_type=found.content_type,
            size=found.size,
            content=stored.read(),
        )


def forget_file(actor: Actor, file_id: UUID) -> None:
    """Delete a file of the actor's organisation; call it inside an operation. Twice is as once."""
    mine = StoredFile.visible_to(actor).filter(id=file_id)
    for path in mine.values_list("path", flat=True):
        transaction.on_commit(partial(default_storage.delete, path))
    mine.delete()


def scan(content: bytes) -> bool:
    """Whether clamd looked and found nothing. Raises Invalid for what it knows as a virus."""
    if not settings.CLAMD:
        return False
    try:
        virus = scanner.find_virus(settings.CLAMD, content)
    except scanner.ScannerFault as fault:
        raise Unavailable(_("The file could not be scanned just now. Try again soon.")) from fault
    if virus:
        raise Invalid(_("The file has a virus in it (%(name)s).") % {"name": virus})
    return True


@inspects
def _inspect_scanner() -> list[Finding]:
    if not settings.CLAMD:
        advice = (
            "Files are not scanned for viruses. Install clamav-daemon and set TOWNHALL_CLAMD to "
            "its socket (/var/run/clamav/clamd.ctl)."
        )
        return [Finding(subject="virus scanner", advice=advice)]
    try:
        scanner.ping(settings.CLAMD)
    except scanner.ScannerFault:
        advice = f"clamd does not answer at {settings.CLAMD}, so uploads are refused. Start it."
        return [Finding(subject="virus scanner", advice=advice, is_fault=True)]
    return [Finding(subject="virus scanner")]
