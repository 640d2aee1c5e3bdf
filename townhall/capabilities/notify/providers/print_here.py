"""The council's own printer: letters wait on a page of staff, who print and post them."""

from uuid import UUID

from townhall.capabilities.notify.records import PRINT_HERE, PrintJob, Status


class HerePrinter:
    """Does nothing more: the letter and its PDF lie in our own tables."""

    name = PRINT_HERE

    def __init__(self, url: str = PRINT_HERE) -> None:
        pass

    def carry(self, job: PrintJob, *, organisation_id: UUID) -> Status:
        return Status.SENDING

    def check(self) -> str:
        return ""
