"""A folder that printers take letters from: a PDF for each, and what is to be done with it."""

import json
import os
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext as _

from townhall.capabilities.notify.records import PrintJob, Status
from townhall.machinery.errors import Unavailable


class FolderPrinter:
    """`url`/postage/message-id.pdf, with a .json beside it that says the postage.

    A letter handed over twice has the same name, so it is printed once.
    """

    def __init__(self, url: str) -> None:
        self.name = url
        self.folder = Path(url)

    def carry(self, job: PrintJob, *, organisation_id: UUID) -> Status:
        try:
            into = self.folder / job.postage
            into.mkdir(parents=True, exist_ok=True)
            _put(into / f"{job.message_id}.json", ticket_of(job, organisation_id))
            _put(into / f"{job.message_id}.pdf", job.pdf)
        except OSError as error:
            why = {"why": type(error).__name__}
            raise Unavailable(
                _("The printers' folder cannot be written to (%(why)s).") % why
            ) from error
        return Status.SENDING

    def check(self) -> str:
        if os.access(self.folder, os.W_OK):
            return ""
        return _("The printers' folder %(folder)s is not there, or may not be written to.") % {
            "folder": self.folder
        }


def ticket_of(job: PrintJob, organisation_id: UUID) -> bytes:
    """What a printer should know of a letter beside its PDF."""
    ticket = {
        "id": str(job.message_id),
        "organisation": str(organisation_id),
        "postage": job.postage,
    }
    return json.dumps(ticket).encode()


def _put(path: Path, content: bytes) -> None:
    """Whole or not at all: who watches the folder never takes half a letter."""
    half = path.with_suffix(path.suffix + ".part")
    with half.open("wb") as file:
        file.write(content)
        os.fsync(file.fileno())
    half.rename(path)
