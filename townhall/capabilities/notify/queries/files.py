"""A file for whoever has its link, and knows to which address that was sent."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import NotConfirmed
from townhall.capabilities.notify.rules.seals import proves
from townhall.machinery.actors import Actor
from townhall.machinery.operations import query


@query(permissions.OPEN_FILES)
def get_linked_file(actor: Actor, file_id: UUID, *, key: str) -> records.LinkedFile:
    """What a file is, without what is in it. Raises NoSuchFile."""
    return models.LinkedFile.behind(actor, file_id, key=key).record()


@query(permissions.OPEN_FILES)
def get_confirmed_file(actor: Actor, file_id: UUID, *, key: str, proof: str) -> records.LinkedFile:
    """The same, for whoever may have what is in it. Raises NoSuchFile or NotConfirmed."""
    file = models.LinkedFile.behind(actor, file_id, key=key)
    _require_proof(file, proof)
    return file.record()


@query(permissions.OPEN_FILES, told=gettext_lazy("Downloaded a file that was sent to you"))
def open_file(actor: Actor, file_id: UUID, *, key: str, proof: str) -> records.OpenedFile:
    """What is in a file. Raises NoSuchFile or NotConfirmed."""
    file = models.LinkedFile.behind(actor, file_id, key=key)
    _require_proof(file, proof)
    return records.OpenedFile(id=file.id, person_id=file.person_id, file=file.take_out(key))


def _require_proof(file: models.LinkedFile, proof: str) -> None:
    if file.must_confirm and not proves(proof, file.id):
        raise NotConfirmed(_("Confirm your email address"))
